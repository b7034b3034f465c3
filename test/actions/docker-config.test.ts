import { expect, test } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import type { Service } from '../../src/model/project.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { aFolder } from '../kit/folder.ts'
import { aProject } from '../kit/project.ts'
import { changesOf, upWith } from '../kit/run.ts'

const CONFIG = {
  proxies: { default: { httpProxy: 'http://proxy:3128', noProxy: 'localhost' } },
  auths: { 'registry.test': { auth: Buffer.from('me:very-private').toString('base64') } },
}

function configured(service: Service, config: object = CONFIG) {
  const home = aFolder({ 'config.json': JSON.stringify(config) })
  const environment = { DOCKER_CONFIG: home, HOME: home }
  return {
    project: aProject({ web: { image: 'app:1', ...service } }, { environment }),
    fake: fakeEngine({ images: ['app:1'] }),
  }
}

test('containers get the proxies of the docker configuration, and their own variables win', async () => {
  const { fake, project } = configured({ environment: { NO_PROXY: 'mine' } })
  await upWith(fake, project)
  expect(fake.containers()[0]!.spec.env).toEqual([
    'HTTP_PROXY=http://proxy:3128',
    'NO_PROXY=mine',
    'http_proxy=http://proxy:3128',
    'no_proxy=localhost',
  ])
})

test('a proxy that changes replaces nothing by itself, as with docker compose', async () => {
  const { fake, project } = configured({})
  await upWith(fake, project)
  expect(await changesOf(fake, { ...project, environment: { HOME: '/nowhere' } })).toBe('')
})

test('who uses the engine gets the credentials of the caller, and no label tells of them', async () => {
  const { fake, project } = configured({ use_api_socket: true })
  await upWith(fake, project)
  const [web] = fake.containers()
  const put = fake.calls.filter(c => c.name === 'putArchive')
  expect(put).toHaveLength(1)
  expect(web!.spec.env).toContain('DOCKER_CONFIG=/run/secrets/docker')
  expect(JSON.stringify(web!.spec)).not.toContain('#apisocket')
  const { auths: _, ...without } = CONFIG
  expect(await changesOf(fake, { ...project, environment: configured({}, without).project.environment })).toBe('')
})

test('who does not use it gets none', async () => {
  const { fake, project } = configured({})
  await upWith(fake, project)
  expect(fake.calls.filter(c => c.name === 'putArchive')).toEqual([])
})

test('one that cannot be read is told, and keeps from nothing but what needs credentials', async () => {
  const home = aFolder({ 'config.json': '{ "auths": ' })
  const environment = { DOCKER_CONFIG: home, HOME: home }
  const fake = fakeEngine({ images: ['app:1'] })
  const events: Event[] = []
  await upWith(fake, aProject({ web: { image: 'app:1' } }, { environment }), {}, events)
  expect(events.flatMap(e => (e.type === 'problem' ? [`${e.problem.severity}: ${e.problem.message}`] : []))).toEqual([
    `warning: ${home}/config.json is not JSON`,
  ])
  expect(fake.containers()).toHaveLength(1)
  const asking = aProject({ web: { image: 'app:1', use_api_socket: true } }, { environment })
  await expect(upWith(fake, asking)).rejects.toThrow('config.json is not JSON')
})

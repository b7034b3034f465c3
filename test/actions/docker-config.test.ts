import { expect, test } from 'vitest'
import { aProject } from '../kit/project.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { aFolder } from '../kit/folder.ts'
import { changesOf, upWith } from '../kit/run.ts'
import type { Service } from '../../src/model/project.ts'

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

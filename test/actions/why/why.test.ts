import { describe, expect, test } from 'vitest'
import { examineEngine } from '../../../src/actions/doctor/engine.ts'
import type { ProbeEngine } from '../../../src/actions/why/probe.ts'
import { findings, why } from '../../../src/actions/why/why.ts'
import { EngineError } from '../../../src/engine/errors.ts'
import { nowhere } from '../../../src/text/origin.ts'
import { type Behaviour, fakeEngine } from '../../kit/fake-engine.ts'
import { upWith } from '../../kit/run.ts'
import { shop } from '../../kit/shop.ts'
import { aSubject } from '../../kit/subject.ts'

/** A program that was not found inside: its cause is looked for in the files of the container. */
const behave: Readonly<Record<string, Behaviour>> = { crlf: { says: ['exec /run.sh: no such file or directory'] } }

/** A project of which one service fails, on an engine whose containers can be looked into. */
async function failing(probes: Partial<ProbeEngine> = {}) {
  const fake = fakeEngine({ images: ['app:1'], behave: (_, name) => behave[name.split('-')[1]!] ?? {} })
  const project = shop({ services: { crlf: {}, well: {} } })
  await upWith(fake, project)
  fake.exit('shop-crlf-1', 255)
  fake.calls.length = 0
  const engine = {
    ...fake.engine,
    statPath: async () => ({ kind: 'file', mode: 0o755, name: 'run.sh', size: 30, mtime: 0, link: '' }) as never,
    getArchive: () => Promise.reject(new EngineError('not-found', 'gone')),
    exec: () => Promise.reject(new EngineError('failed', 'no shell')),
    ...probes,
  }
  return { fake, project, engine }
}

const options = { origin: nowhere, signal: new AbortController().signal }

describe('asking why', () => {
  test('tells what is wrong with the services asked for, and nothing of those that are well', async () => {
    const { project, engine } = await failing()
    const codes = async (...services: string[]) =>
      (await why('shop', project, { ...options, engine, services })).map(({ service }) => service)
    expect(await codes()).toEqual(['crlf'])
    expect(await codes('crlf')).toEqual(['crlf'])
    expect(await codes('well')).toEqual([])
    await expect(codes('wel')).rejects.toThrow('no such service: wel')
  })

  test('lists containers once, and looks at those of the project only', async () => {
    const { fake, project, engine } = await failing()
    await fake.engine.createContainer('stranger', { image: 'app:1', labels: {} })
    fake.calls.length = 0
    await why('shop', project, { ...options, engine })
    expect(fake.calls.filter(({ name }) => name === 'listContainers')).toHaveLength(1)
    expect(fake.calls.filter(({ name }) => name === 'inspectContainer')).toHaveLength(2)
  })

  test('changes nothing, no more than doctor does', async () => {
    const { fake, project, engine } = await failing()
    const state = { time: Date.now(), warnings: [], pools: [], limits: {} }
    await why('shop', project, { ...options, engine })
    await examineEngine({ ...engine, state: async () => state as never }, { env: {}, files: [] } as never)
    expect(fake.calls.length).toBeGreaterThan(5)
    expect(fake.calls.filter(({ changes }) => changes)).toEqual([])
  })

  test('a container that hangs keeps no answer back', async () => {
    const { engine } = await failing({ statPath: () => new Promise(() => {}) })
    const log = ['exec /run.sh: no such file or directory']
    const subject = aSubject({
      container: { exitCode: 255, spec: { entrypoint: ['/run.sh'] } },
      events: ['start', 'die'],
      log,
    })
    const scene = {
      now: 0,
      engine: { ...engine.info, arch: await engine.arch() },
      subjects: [subject],
      neighbours: [],
      networks: [],
    }
    const told = await findings(scene, { ...options, engine, limit: 20 })
    expect(told.length).toBeLessThan(3)
  })
})

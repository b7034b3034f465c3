import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import { type RunOptions, run } from '../../src/actions/run.ts'
import { EngineError } from '../../src/engine/errors.ts'
import type { LiveEngine } from '../../src/engine/live.ts'
import { nowhere } from '../../src/text/origin.ts'
import { type Behaviour, type FakeEngine, fakeEngine } from '../kit/fake-engine.ts'
import { shop } from '../kit/shop.ts'

/** Runs a command in a container of "job", which the fake engine's containers behave as told. */
async function ran(behaviour: Behaviour, options: Partial<RunOptions> = {}, fake: FakeEngine = engineOf(behaviour)) {
  const heard: string[] = []
  const engine = { ...fake.engine, resizeTerminal: async () => {} } as unknown as LiveEngine
  const result = await run(shop({ services: { job: {} } }), 'job', {
    engine,
    emit: () => {},
    signal: new AbortController().signal,
    origin: nowhere,
    changes: {},
    name: 'shop-job-run-1',
    onOutput: ({ bytes }) => void heard.push(Buffer.from(bytes).toString()),
    ...options,
  })
  return { ...result, heard, fake }
}

const engineOf = (behaviour: Behaviour) => fakeEngine({ images: ['app:1'], behave: () => behaviour })

describe('run', () => {
  test('tells what the container prints and gives its exit code', async () => {
    const { code, heard } = await ran({ says: ['hello', 'bye'], exits: 5 })
    expect(code).toBe(5)
    expect(heard.join('')).toBe('hello\nbye\n')
  })

  test('returns at once with the id where nobody wants to stay', async () => {
    const { code, id, fake } = await ran({}, { detach: true })
    expect(code).toBe(0)
    expect(fake.containers().map(c => [c.id, c.state])).toEqual([[id, 'running']])
  })

  test('can be let go of, with code 0, and the container runs on', async () => {
    const letGo = new AbortController()
    const { code, fake } = await ran({}, { letGo: letGo.signal, onStart: () => letGo.abort() })
    expect(code).toBe(0)
    expect(fake.containers().map(c => c.state)).toEqual(['running'])
  })

  test('says why a container did not start, and leaves none behind with --rm', async () => {
    const fake = engineOf({})
    const why = new EngineError('failed', 'exec: "nosuch": executable file not found in $PATH', { status: 400 })
    fake.inject(call => (call.name === 'startContainer' ? { when: 'before', error: why } : undefined))
    await expect(ran({}, { rm: true }, fake)).rejects.toThrow('executable file not found')
    expect(fake.containers()).toEqual([])
  })

  test('tells the cause as up does, and then what the engine said without a second hint', async () => {
    const fake = engineOf({})
    const why = new EngineError('failed', 'exec: "nosuch": executable file not found in $PATH', {
      status: 400,
      hint: 'look at the command',
    })
    fake.inject(call => (call.name === 'startContainer' ? { when: 'before', error: why } : undefined))
    const events: Event[] = []
    const failed = ran({}, { rm: true, emit: event => events.push(event) }, fake)
    await expect(failed).rejects.toMatchObject({ message: why.message, hint: undefined })
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'container-failed',
        container: 'shop-job-run-1',
        findings: [expect.objectContaining({ code: 'exit-127-not-found' })],
      }),
    )
  })

  test('a code of the command’s own is told as nothing but the code', async () => {
    const events: Event[] = []
    const { code } = await ran({ says: ['no'], exits: 7 }, { emit: event => events.push(event) })
    expect(code).toBe(7)
    expect(events.filter(({ type }) => type === 'container-failed' || type === 'problem')).toEqual([])
  })

  test('says so as well where the engine has removed it already', async () => {
    const fake = engineOf({})
    const why = new EngineError('failed', 'exec: "nosuch": executable file not found in $PATH', { status: 400 })
    const gone = new EngineError('not-found', 'No such container', { status: 404 })
    fake.inject(call =>
      call.name === 'startContainer' || call.name === 'removeContainer'
        ? { when: 'before', error: call.name === 'startContainer' ? why : gone }
        : undefined,
    )
    await expect(ran({}, { rm: true }, fake)).rejects.toThrow('executable file not found')
  })
})

import { describe, expect, test } from 'vitest'
import { events } from '../../src/actions/events.ts'
import { exec } from '../../src/actions/exec.ts'
import { attach } from '../../src/actions/output/attach.ts'
import { processes } from '../../src/actions/processes.ts'
import { usage } from '../../src/actions/usage.ts'
import type { EngineEvent, LogChunk } from '../../src/engine/engine.ts'
import { EngineError } from '../../src/engine/errors.ts'
import type { LiveEngine, StatsSample } from '../../src/engine/live.ts'
import { LABEL } from '../../src/model/names.ts'
import { printingEngine } from './printing-engine.ts'

const signal = new AbortController().signal
const sample = (name: string, pids: number) => ({ name, pids }) as StatsSample

/** web runs, db has ended. */
function shop() {
  const world = printingEngine()
  world.add('web')
  world.add('db', { state: 'exited' })
  return world
}

describe('usage', () => {
  const told = async (options: { services?: string[]; all?: boolean; follow?: boolean }) => {
    const seen: string[] = []
    const engine = {
      ...shop().engine,
      async *stats(id: string, { follow }: { follow?: boolean } = {}) {
        if (id.includes('db')) return
        yield sample('web', 1)
        if (follow) yield sample('web', 2)
      },
    }
    await usage('shop', undefined, {
      engine,
      signal,
      ...options,
      told: all => seen.push(all.map(({ name, sample }) => `${name} ${sample?.pids ?? '-'}`).join(', ')),
    })
    return seen
  }

  test('is told once, of what runs', async () => {
    expect(await told({})).toEqual(['shop-web-1 1'])
  })

  test('is told of what does not run as well, where that is asked for', async () => {
    expect(await told({ all: true })).toEqual(['shop-db-1 -, shop-web-1 1'])
  })

  test('is told with every sample, and no more of what has ended', async () => {
    expect(await told({ follow: true })).toEqual(['shop-web-1 -', 'shop-web-1 1', 'shop-web-1 2', ''])
  })

  test('of a service that is not there is an error with a suggestion', async () => {
    await expect(told({ services: ['wbe'] })).rejects.toMatchObject({
      problems: [{ message: 'no such service: wbe', hint: 'did you mean "web"?' }],
    })
  })
})

test('processes are told by their columns, of what runs', async () => {
  const top = async () => ({ titles: ['PID', 'CMD'], processes: [['7', 'sleep'], ['8']] })
  expect(await processes('shop', undefined, { engine: { ...shop().engine, top } })).toEqual([
    { service: 'web', number: 1, fields: { PID: '7', CMD: 'sleep' } },
    { service: 'web', number: 1, fields: { PID: '8', CMD: '' } },
  ])
  const engine = { ...shop().engine, top }
  await expect(processes('shop', undefined, { engine, services: ['nosuch'] })).rejects.toThrow(
    'no such service: nosuch',
  )
})

describe('events', () => {
  const event = (more: Partial<EngineEvent>, labels: Record<string, string> = {}): EngineEvent => ({
    id: '1',
    name: 'shop-web-1',
    action: 'start',
    detail: '',
    time: 5,
    attributes: { [LABEL.service]: 'web', name: 'shop-web-1', image: 'app', ...labels },
    ...more,
  })
  const told = async (happened: readonly EngineEvent[], services: string[] = []) => {
    const engine = {
      ...shop().engine,
      events: async () =>
        (async function* () {
          yield* happened
        })(),
    }
    return Array.fromAsync(events('shop', undefined, { engine, signal, services, until: '5s' }))
  }

  test('are told with their attributes by name, without the labels of Compose', async () => {
    expect(await told([event({})])).toEqual([
      { time: 5, service: 'web', id: '1', action: 'start', attributes: { image: 'app', name: 'shop-web-1' } },
    ])
    expect((await told([event({ action: 'health_status', detail: 'healthy' })]))[0]!.action).toBe(
      'health_status: healthy',
    )
  })

  test('are those of the services that were named, and of no container of run', async () => {
    const other = event({}, { [LABEL.service]: 'db' })
    const oneoff = event({}, { [LABEL.oneoff]: 'True' })
    expect(await told([event({}), other, oneoff], ['db'])).toHaveLength(1)
    await expect(told([], ['nosuch'])).rejects.toThrow('no such service: nosuch')
  })
})

describe('a command in a container', () => {
  test('runs in the one of the lowest number, or of the one that is named, and gives its exit code', async () => {
    const world = shop()
    world.add('web', { number: 2 })
    const engine = { ...world.engine, exec: async (id: string) => (id.endsWith('web-2') ? 2 : 1) }
    expect(await exec('shop', 'web', { command: ['sh'] }, { engine })).toBe(1)
    expect(await exec('shop', 'web', { command: ['sh'] }, { engine, index: 2 })).toBe(2)
    await expect(exec('shop', 'web', { command: ['sh'] }, { engine, index: 3 })).rejects.toThrow(
      'service "web" is not running container #3',
    )
    await expect(exec('shop', 'db', { command: ['sh'] }, { engine })).rejects.toThrow('service "db" is not running')
    await expect(exec('shop', 'wbe', { command: ['sh'] }, { engine })).rejects.toMatchObject({
      problems: [{ message: 'service "wbe" is not running', hint: 'did you mean "web"?' }],
    })
  })

  test('is let go of with code 0, and an end for another reason is an error', async () => {
    const ends: LiveEngine['exec'] = (_, __, options) =>
      new Promise((_, reject) =>
        options?.signal?.addEventListener('abort', () => reject(new EngineError('cancelled', 'cancelled'))),
      )
    const engine = { ...shop().engine, exec: ends }
    const [letGo, interrupt] = [new AbortController(), new AbortController()]
    const options = { engine, letGo: letGo.signal, signal: interrupt.signal }
    const left = exec('shop', 'web', { command: ['sh'] }, options)
    setImmediate(() => letGo.abort())
    expect(await left).toBe(0)
    const interrupted = exec('shop', 'web', { command: ['sh'] }, { ...options, letGo: new AbortController().signal })
    setImmediate(() => interrupt.abort())
    await expect(interrupted).rejects.toThrow('cancelled')
  })
})

describe('attaching', () => {
  const attached = async (letGo?: AbortSignal) => {
    const heard: string[] = []
    const sizes: unknown[] = []
    const engine = {
      attach: async (_: string, { signal }: { signal?: AbortSignal } = {}) =>
        (async function* (): AsyncGenerator<LogChunk> {
          yield { stream: 'stdout', bytes: Buffer.from('hello') }
          if (!letGo) return
          await new Promise(resolve => signal!.addEventListener('abort', resolve))
          throw new EngineError('cancelled', 'cancelled')
        })(),
      attachWithInput: () => Promise.reject(new Error('nothing is typed')),
      waitContainer: async () => 7,
      resizeTerminal: async (_: string, size: unknown) => void sizes.push(size),
    }
    const code = await attach(
      { id: '1' },
      {
        engine,
        signal,
        ...(letGo && { letGo }),
        onOutput: ({ bytes }) => void heard.push(Buffer.from(bytes).toString()),
        onStart: resize => void resize({ rows: 2, columns: 3 }),
      },
    )
    return { code, heard, sizes }
  }

  test('stays to the end, and gives the exit code', async () => {
    expect(await attached()).toEqual({ code: 7, heard: ['hello'], sizes: [{ rows: 2, columns: 3 }] })
  })

  test('can be let go of, with code 0', async () => {
    const letGo = new AbortController()
    setImmediate(() => letGo.abort())
    expect((await attached(letGo.signal)).code).toBe(0)
  })
})

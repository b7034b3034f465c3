import { expect, test } from 'vitest'
import { type Dashboard, newDashboard, next } from '../../../src/actions/dashboard/dashboard.ts'
import { type FeedOptions, feed } from '../../../src/actions/dashboard/feed.ts'
import { LABEL } from '../../../src/model/names.ts'

const labels = { [LABEL.project]: 'shop', [LABEL.service]: 'db', [LABEL.number]: '1', [LABEL.config_hash]: 'x' }
const ports = [{ ip: '0.0.0.0', target: 80, published: 8080, protocol: 'tcp' }]

/** An engine with one container, whose machine has 1000 bytes; it says what it is told to, until it is aborted. */
function engineWith({ state = 'running', limit = 100 } = {}): FeedOptions['engine'] {
  const idle = (signal: AbortSignal) => new Promise<void>(done => signal.addEventListener('abort', () => done()))
  const engine = {
    listContainers: async () => [{ id: 'a', name: 'shop-db-1', labels, ports, state }],
    inspectContainer: async () => ({ id: 'a', state, exitCode: 3, restartCount: 2, finishedAt: 0 }),
    state: async () => ({ memory: 1000 }),
    events: async (_: unknown, { signal }: { signal: AbortSignal }) =>
      (async function* () {
        await idle(signal)
        yield* []
      })(),
    async *stats(_: string, { signal }: { signal: AbortSignal }) {
      yield { cpus: 0.5, memory: 50, memory_limit: limit }
      await idle(signal)
    },
    async *logs(_: string, { signal }: { signal: AbortSignal }) {
      yield { stream: 'stdout', bytes: new TextEncoder().encode('2026-11-21T10:00:00.000000000Z ready\n') }
      await idle(signal)
    },
  }
  return engine as unknown as FeedOptions['engine']
}

/** The dashboard once it is as wanted. */
async function until(engine: FeedOptions['engine'], wanted: (state: Dashboard) => boolean): Promise<Dashboard> {
  const end = new AbortController()
  let state = newDashboard('shop', undefined)
  await feed('shop', {
    engine,
    signal: end.signal,
    told(happening) {
      state = next(state, happening).state
      if (wanted(state)) end.abort()
    },
  })
  return state
}

test('containers, what they use and what they print are told, until it is ended', async () => {
  const state = await until(engineWith(), ({ usage, logs }) => usage.size > 0 && logs.lines.length > 0)
  expect(state.containers).toEqual([
    { id: 'a', service: 'db', label: 'db-1', state: 'running', exitCode: 3, restarts: 2, ports },
  ])
  expect([...state.usage]).toEqual([['a', { cpus: 0.5, memory: 50, limit: 100 }]])
  expect(state.logs.lines).toEqual([{ container: 'db-1', service: 'db', text: 'ready' }])
})

test('the machine’s whole memory is no limit', async () => {
  const { usage } = await until(engineWith({ limit: 1000 }), state => state.usage.size > 0)
  expect(usage.get('a')?.limit).toBe(0)
})

test('what does not run publishes nothing', async () => {
  const { containers } = await until(engineWith({ state: 'exited' }), state => state.containers.length > 0)
  expect(containers[0]).toMatchObject({ state: 'exited', ports: [] })
})

test('an engine that breaks off is told to be away, until its events come again', async () => {
  const engine = engineWith()
  const seen: string[] = []
  const end = new AbortController()
  let calls = 0
  const breaking = {
    ...engine,
    events: async (...args: Parameters<typeof engine.events>) => {
      calls++
      return calls === 1 ? (async function* () {})() : engine.events(...args)
    },
  }
  await feed('shop', {
    engine: breaking,
    signal: end.signal,
    told(happening) {
      if (happening.type === 'engine') seen.push(happening.away ? 'away' : 'here')
      if (seen.length === 3) end.abort()
    },
  })
  expect(seen).toEqual(['here', 'away', 'here'])
})

import { describe, expect, test } from 'vitest'
import type { ContainerDetail } from '../../../src/engine/engine.ts'
import { look, type Wait } from '../../../src/local/perform/look.ts'
import { type WaiterOptions, waiter } from '../../../src/local/perform/wait.ts'
import { type FakeEngine, fakeEngine } from '../../kit/fake-engine.ts'

const never = new AbortController().signal

/** An engine with one container of service db that runs. */
async function withDb(more: { health?: ('healthy' | 'unhealthy')[]; check?: boolean } = {}): Promise<FakeEngine> {
  const { health = [], check = true } = more
  const fake = fakeEngine({ images: ['app:1'], behave: () => ({ health }) })
  const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'db' }
  const healthcheck = check ? { healthcheck: { test: ['CMD', 'true'] } } : {}
  await fake.engine.createContainer('shop-db-1', { image: 'app:1', labels, ...healthcheck })
  await fake.engine.startContainer('shop-db-1')
  return fake
}

const step = (condition: Wait['condition'], more: Partial<Wait> = {}): Wait => ({
  op: 'wait',
  containers: ['shop-db-1'],
  service: 'db',
  condition,
  required: true,
  timeout: 0,
  ...more,
})

function waitFor(
  fake: FakeEngine,
  wait: Wait,
  options: WaiterOptions = {},
  signal: AbortSignal = never,
): Promise<void> {
  const waits = waiter(fake.engine, 'shop', { again: 60_000, ...options })
  return waits.until(wait, signal).finally(() => waits.close())
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

describe('waiting', () => {
  test('ends at the first look, for what is healthy already', async () => {
    const fake = await withDb()
    fake.probe('shop-db-1', 'healthy')
    fake.calls.length = 0
    await waitFor(fake, step('service_healthy'))
    expect(fake.calls.map(c => c.name)).toEqual(['events', 'inspectContainer'])
  })

  test('ends with the event that says so', async () => {
    const fake = await withDb()
    const waited = waitFor(fake, step('service_healthy'))
    await turn()
    fake.probe('shop-db-1', 'healthy')
    await waited
  })

  test('shares one event stream among all who wait', async () => {
    const fake = await withDb()
    const waits = waiter(fake.engine, 'shop')
    const all = Promise.all([
      waits.until(step('service_healthy'), never),
      waits.until(step('running_or_healthy'), never),
    ])
    await turn()
    fake.probe('shop-db-1', 'healthy')
    await all
    waits.close()
    expect(fake.calls.filter(c => c.name === 'events')).toHaveLength(1)
  })

  test('goes on when the stream of events breaks off', async () => {
    const fake = await withDb()
    const waited = waitFor(fake, step('service_healthy'))
    await turn()
    fake.cutEvents()
    await turn()
    fake.probe('shop-db-1', 'healthy')
    await waited
  })

  test('asks again after a while, since an event can be lost', async () => {
    const fake = await withDb()
    const deaf = { ...fake.engine, events: async () => (async function* () {})() }
    const waits = waiter(deaf, 'shop', { again: 1 })
    const waited = waits.until(step('service_healthy'), never)
    fake.probe('shop-db-1', 'healthy')
    await waited
    waits.close()
  })

  test('outlasts an engine that was away and starts again what it always restarts', async () => {
    const fake = await withDb()
    await fake.engine.updateContainer('shop-db-1', { restart: { name: 'always' } })
    const waiting = waitFor(fake, step('service_healthy'))
    while (!fake.calls.some(c => c.name === 'inspectContainer')) await turn()
    fake.cutEvents()
    fake.exit('shop-db-1', 143)
    for (let i = 0; i < 5; i++) await turn()
    await fake.engine.startContainer('shop-db-1')
    fake.probe('shop-db-1', 'healthy')
    await waiting
  })

  test('ends where an engine that was away has ended what nobody restarts', async () => {
    const fake = await withDb()
    const waiting = waitFor(fake, step('service_healthy'))
    while (!fake.calls.some(c => c.name === 'inspectContainer')) await turn()
    fake.cutEvents()
    fake.exit('shop-db-1', 143)
    await expect(waiting).rejects.toThrow('container shop-db-1 exited (143')
  })

  test('can be cancelled', async () => {
    const fake = await withDb()
    const pressed = new AbortController()
    const waited = waitFor(fake, step('service_healthy'), {}, pressed.signal)
    await turn()
    pressed.abort(new Error('pressed'))
    await expect(waited).rejects.toThrow('pressed')
  })

  test('names what it waited for when its time is over', async () => {
    const fake = await withDb()
    await expect(waitFor(fake, step('running_or_healthy', { timeout: 20 }))).rejects.toThrow(
      'application not healthy after 0.02s: waited for container shop-db-1 of service "db", its health check is still "starting"',
    )
  })

  test('names what it waited for though that is up just then, between two restarts', async () => {
    const fake = await withDb({ check: false })
    fake.containers()[0]!.restarts = 4
    await expect(waitFor(fake, step('running_or_healthy', { timeout: 20 }), { settle: 60_000 })).rejects.toThrow(
      'waited for container shop-db-1 of service "db", which keeps restarting (4 so far)',
    )
  })

  test('fails as soon as one of several fails', async () => {
    const fake = await withDb()
    await fake.engine.createContainer('shop-db-2', {
      image: 'app:1',
      labels: {},
      healthcheck: { test: ['CMD', 'true'] },
    })
    await fake.engine.startContainer('shop-db-2')
    const waited = waitFor(fake, step('service_healthy', { containers: ['shop-db-1', 'shop-db-2'] }))
    await turn()
    fake.probe('shop-db-1', 'unhealthy')
    await expect(waited).rejects.toThrow('dependency failed to start: container shop-db-1 is unhealthy')
  })

  test('for a container without health check lasts until it has stayed up for a while', async () => {
    const fake = await withDb({ check: false })
    const began = performance.now()
    await waitFor(fake, step('running_or_healthy'), { settle: 30 })
    expect(performance.now() - began).toBeGreaterThan(20)
  })
})

describe('what a look finds', () => {
  const base = async (check = true): Promise<ContainerDetail> =>
    (await withDb({ check })).engine.inspectContainer('shop-db-1')
  const seen = (c: ContainerDetail, condition: Wait['condition']) => {
    const found = look(c, { condition, service: 'db' })
    return found.is === 'never' ? found.message : found.is
  }

  test('health from before the last start is not believed', async () => {
    const c = await base()
    const log = [{ start: c.startedAt - 20, end: c.startedAt - 10, exitCode: 0, output: '' }]
    expect(seen({ ...c, health: { status: 'healthy', failingStreak: 0, log } }, 'service_healthy')).toBe('not yet')
  })

  test('a container without health check can never be healthy', async () => {
    expect(seen(await base(false), 'service_healthy')).toBe(
      'dependency failed to start: container shop-db-1 has no healthcheck configured',
    )
  })

  test('one that ended is not healthy any more', async () => {
    const c = await base()
    expect(seen({ ...c, state: 'exited', exitCode: 3 }, 'service_healthy')).toBe(
      'dependency failed to start: container shop-db-1 exited (3)',
    )
  })

  test('a one-shot is done when it ended with 0, and failed when it did not', async () => {
    const c = await base(false)
    expect(seen(c, 'service_completed_successfully')).toBe('not yet')
    expect(seen({ ...c, state: 'exited', exitCode: 0 }, 'service_completed_successfully')).toBe('so')
    expect(seen({ ...c, state: 'exited', exitCode: 3 }, 'service_completed_successfully')).toBe(
      'service "db" didn\'t complete successfully: exit 3',
    )
  })

  test('under --wait, one that ended with 0 is done', async () => {
    const c = await base(false)
    expect(seen({ ...c, state: 'exited', exitCode: 0 }, 'running_or_healthy')).toBe('so')
    expect(seen({ ...c, state: 'exited', exitCode: 1 }, 'running_or_healthy')).toBe('container shop-db-1 exited (1)')
  })

  test('one that is restarted over and over is given up at last', async () => {
    const c = { ...(await base(false)), state: 'restarting', exitCode: 1 } as const
    expect(seen({ ...c, restartCount: 2 }, 'running_or_healthy')).toBe('not yet')
    expect(seen({ ...c, restartCount: 10 }, 'running_or_healthy')).toBe(
      'container shop-db-1 is restarting over and over: it exited (1) 10 times',
    )
  })

  test('a container that is being restarted does not run', async () => {
    const c = await base(false)
    expect(seen({ ...c, state: 'restarting' }, 'running')).toBe('container shop-db-1 is restarting')
    expect(seen(c, 'running')).toBe('so')
  })
})

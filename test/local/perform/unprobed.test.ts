import { describe, expect, test } from 'vitest'
import type { ContainerDetail } from '../../../src/engine/engine.ts'
import { unprobed } from '../../../src/local/perform/unprobed.ts'
import { waiter } from '../../../src/local/perform/wait.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { fakeEngine } from '../../kit/fake-engine.ts'

/** A container of service db whose health is still to be found out: every 3 s, in 2 s each. */
async function starting(more: { readonly interval?: number; readonly timeout?: number } = {}) {
  const fake = fakeEngine({ images: ['app:1'], behave: () => ({ health: [] }) })
  const healthcheck = { test: ['CMD', 'true'], interval: 3000, timeout: 2000, ...more }
  const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'db' }
  await fake.engine.createContainer('shop-db-1', { image: 'app:1', labels, healthcheck })
  await fake.engine.startContainer('shop-db-1')
  return { fake, db: await fake.engine.inspectContainer('shop-db-1') }
}

describe('a container whose health nobody finds out', () => {
  test('is told of once a probe could have ended twice over, and not before', async () => {
    const { db } = await starting()
    expect(unprobed(db, 19_999, 15_000)).toBeUndefined()
    expect(unprobed(db, 20_000, 15_000)).toMatchObject({
      code: 'health-unknown',
      severity: 'warning',
      message:
        'the engine runs no health check in container "shop-db-1", which is to have one every 3 s: nothing for 20 s',
    })
  })

  test('is given the usual half minutes where its health check names none', async () => {
    const { db } = await starting({ interval: 0, timeout: 0 })
    expect(unprobed(db, 59_999, 0)).toBeUndefined()
    expect(unprobed(db, 60_000, 0)?.message).toContain('every 30 s')
  })

  test.each<[string, Partial<ContainerDetail>]>([
    ['healthy', { health: { status: 'healthy', failingStreak: 0, log: [] } }],
    ['unhealthy', { health: { status: 'unhealthy', failingStreak: 3, log: [] } }],
    ['paused', { state: 'paused' }],
    ['ended', { state: 'exited' }],
  ])('is not meant where it is %s', async (_, so) => {
    const { db } = await starting()
    expect(unprobed({ ...db, ...so }, 3_600_000, 0)).toBeUndefined()
  })

  test('is told of once while it is waited for, and the wait goes on', async () => {
    const { fake } = await starting({ interval: 1, timeout: 1 })
    const warned: Problem[] = []
    const once = Promise.withResolvers<void>()
    const warn = (problem: Problem) => {
      warned.push(problem)
      once.resolve()
    }
    const waits = waiter(fake.engine, 'shop', { again: 1, slack: 0, warn })
    const step = { op: 'wait', containers: ['shop-db-1'], service: 'db', required: true, timeout: 0 } as const
    const { signal } = new AbortController()
    const both = Promise.all([
      waits.until({ ...step, condition: 'service_healthy' }, signal),
      waits.until({ ...step, condition: 'running_or_healthy' }, signal),
    ])
    await once.promise
    const looks = () => fake.calls.filter(c => c.name === 'inspectContainer').length
    const before = looks()
    while (looks() < before + 10) await new Promise<void>(resolve => setImmediate(resolve))
    fake.probe('shop-db-1', 'healthy')
    await both
    waits.close()
    expect(warned.map(w => w.code)).toEqual(['health-unknown'])
  })
})

import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import { type PatienceOptions, patience } from '../../src/actions/patience.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { upWith } from '../kit/run.ts'
import { shop } from '../kit/shop.ts'

const step = (state: 'started' | 'done', op = 'stop-container'): Event => ({
  type: 'step',
  id: 1,
  unit: { kind: 'container', name: 'shop-web-1', short: 'web-1' },
  op,
  state,
})

/** What is told while a stop takes that many seconds. */
async function told(seconds: number, { op, ...options }: Partial<PatienceOptions> & { readonly op?: string } = {}) {
  const fake = fakeEngine({ images: ['app:1'] })
  await upWith(fake, shop({ services: { web: {} } }))
  vi.useFakeTimers()
  const events: Event[] = []
  const patient = patience('shop', { engine: fake.engine, emit: event => events.push(event), ...options })
  patient.emit(step('started', op))
  await vi.advanceTimersByTimeAsync(seconds * 1000)
  patient.emit(step('done', op))
  await vi.advanceTimersByTimeAsync(60_000)
  patient.close()
  vi.useRealTimers()
  return events.flatMap(event => {
    if (event.type === 'progress') return [event.text]
    if (event.type !== 'status' || !event.slow) return []
    const { signal, ignored, left } = event.slow
    return [`${event.container} ${signal}${ignored ? ' ignored' : ''}, ${Math.round(left / 1000)}s left`]
  })
}

describe('a stop that takes long', () => {
  afterEach(() => vi.useRealTimers())

  test('is not told where it does not', async () => {
    expect(await told(1.9)).toEqual([])
  })

  test('is told after two seconds, with why where that is known, and counted down', async () => {
    expect(await told(4.5, { listens: async () => false })).toEqual([
      'web-1 SIGTERM ignored, 8s left',
      'Stopping, killed in 7s',
      'Stopping, killed in 6s',
    ])
    expect(await told(2.5, { listens: async () => undefined })).toEqual(['web-1 SIGTERM, 8s left'])
    expect(await told(2.5, { listens: () => Promise.reject(new Error('gone')) })).toEqual(['web-1 SIGTERM, 8s left'])
  })

  test('has the time that was asked for', async () => {
    expect(await told(2.5, { timeout: 30_000 })).toEqual(['web-1 SIGTERM, 28s left'])
  })

  test('is one of a restart as well, and of nothing else', async () => {
    expect(await told(3.5, { op: 'restart-container' })).toEqual(['web-1 SIGTERM, 8s left', 'Restarting, killed in 7s'])
    expect(await told(3.5, { op: 'remove-container' })).toEqual([])
  })
})

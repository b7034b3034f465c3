import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { batches, dueAt, quietPeriod } from '../../../src/actions/watch/batches.ts'

describe('the more has come, the more is waited for', () => {
  test('a single save is on its way within 60 ms', () => {
    expect(dueAt({ first: 1000, last: 1000, count: 1, costly: true, git: undefined })).toBeLessThanOrEqual(1060)
  })

  test('many files wait a little longer, a branch switch longer still', () => {
    const at = { first: 0, last: 0, costly: true, git: undefined }
    const periods = [1, 20, 500].map(count => quietPeriod({ ...at, count }))
    expect(periods).toEqual([...periods].sort((a, b) => a - b))
    expect(new Set(periods).size).toBe(3)
    expect(quietPeriod({ ...at, count: 1, last: 10, git: 0 })).toBeGreaterThan(periods[2]!)
  })

  test('what is only copied is hardly waited for', () => {
    const at = { first: 0, last: 0, count: 500, git: undefined }
    expect(quietPeriod({ ...at, costly: false })).toBeLessThan(quietPeriod({ ...at, costly: true }))
  })

  test('git that moved long ago does not count', () => {
    expect(quietPeriod({ first: 0, last: 5000, count: 1, costly: true, git: 0 })).toBe(
      quietPeriod({ first: 0, last: 0, count: 1, costly: true, git: undefined }),
    )
  })

  test('while git holds its lock nothing goes, but not for ever', () => {
    expect(dueAt({ first: 0, last: 1000, count: 9, costly: true, git: 'working' })).toBe(30_000)
  })

  test('who writes all the time is not waited for for ever', () => {
    expect(dueAt({ first: 0, last: 60_000, count: 9, costly: true, git: undefined })).toBe(2000)
    expect(dueAt({ first: 0, last: 60_000, count: 900, costly: false, git: undefined })).toBe(60)
    expect(dueAt({ first: 0, last: 60_000, count: 1, costly: false, git: undefined })).toBe(2000)
  })
})

describe('paths are gathered', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('into one batch while they come, and into the next while that one is at work', async () => {
    const seen: string[][] = []
    const work = Promise.withResolvers<void>()
    const { touch } = batches(paths => {
      seen.push([...paths].sort())
      return seen.length === 1 ? work.promise : Promise.resolve()
    })
    touch('b', true)
    touch('a', true)
    touch('b', true)
    await vi.advanceTimersByTimeAsync(100)
    expect(seen).toEqual([['a', 'b']])
    touch('c', true)
    await vi.advanceTimersByTimeAsync(5000)
    expect(seen).toHaveLength(1)
    work.resolve()
    await vi.advanceTimersByTimeAsync(100)
    expect(seen).toEqual([['a', 'b'], ['c']])
  })

  test('over a whole branch switch', async () => {
    const seen: number[] = []
    const { touch, git } = batches(async paths => void seen.push(paths.size))
    git(true)
    for (let i = 0; i < 10; i++) {
      touch(`f${i}`, true)
      await vi.advanceTimersByTimeAsync(700)
    }
    git(false)
    expect(seen).toEqual([])
    await vi.advanceTimersByTimeAsync(1000)
    expect(seen).toEqual([10])
  })

  test('and nothing is done any more once it is closed', async () => {
    const seen: unknown[] = []
    const { touch, close } = batches(async paths => void seen.push(paths))
    touch('a', true)
    void close()
    await vi.advanceTimersByTimeAsync(1000)
    expect(seen).toEqual([])
  })

  test('and who closes waits for the batch that is at work', async () => {
    const work = Promise.withResolvers<void>()
    const { touch, close } = batches(() => work.promise)
    touch('a', true)
    await vi.advanceTimersByTimeAsync(100)
    const told: string[] = []
    const closed = close().then(() => told.push('closed'))
    await vi.advanceTimersByTimeAsync(1000)
    told.push('done')
    work.resolve()
    await closed
    expect(told).toEqual(['done', 'closed'])
  })
})

import { expect, test } from 'vitest'
import { inLanes } from '../../src/base/lanes.ts'

test('results stand in the order of what they were made of, whatever ended first', async () => {
  const turns = async (n: number) => {
    for (let i = 0; i < n; i++) await Promise.resolve()
    return n
  }
  expect(await inLanes([9, 1, 5, 0], 2, turns)).toEqual([9, 1, 5, 0])
  expect(await inLanes([], 2, turns)).toEqual([])
})

test('no more are under way than there are lanes, and no fewer while there is something to do', async () => {
  let now = 0
  const seen: number[] = []
  await inLanes([1, 2, 3, 4, 5], 3, async () => {
    seen.push(++now)
    await Promise.resolve()
    now--
  })
  expect(Math.max(...seen)).toBe(3)
})

test('a failure is thrown', async () => {
  await expect(
    inLanes([1, 2, 3], 2, n => (n === 2 ? Promise.reject(new Error('two')) : Promise.resolve(n))),
  ).rejects.toThrow('two')
})

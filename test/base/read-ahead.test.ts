import { expect, test } from 'vitest'
import { readAhead } from '../../src/base/read-ahead.ts'

/** Pieces that are given as fast as they are asked for, and which of them have been. */
function pieces(all: readonly string[]) {
  const given: string[] = []
  const state = { given, returned: false }
  async function* give() {
    try {
      for (const one of all) {
        given.push(one)
        yield one
      }
    } finally {
      state.returned = true
    }
  }
  return Object.assign(state, { source: give() })
}

const size = (piece: string) => piece.length
const turn = () => new Promise(setImmediate)

test('gives the same pieces in their order, and ends', async () => {
  const { source } = pieces(['a', '', 'bc', 'd'])
  expect(await Array.fromAsync(readAhead(source, 1, size))).toEqual(['a', '', 'bc', 'd'])
})

test('fetches ahead until more wait than may, and goes on when they are taken', async () => {
  const { source, given } = pieces(['aa', 'bb', 'cc', 'dd', 'ee'])
  const reading = readAhead(source, 3, size)
  expect(await reading.next()).toEqual({ done: false, value: 'aa' })
  await turn()
  expect(given).toEqual(['aa', 'bb', 'cc'])
  await reading.next()
  await turn()
  expect(given).toEqual(['aa', 'bb', 'cc', 'dd'])
})

test('what came before a failure is given before it is thrown', async () => {
  async function* breaking() {
    yield 'a'
    yield 'b'
    throw new Error('gone')
  }
  const reading = readAhead(breaking(), 10, size)
  await turn()
  expect([(await reading.next()).value, (await reading.next()).value]).toEqual(['a', 'b'])
  await expect(reading.next()).rejects.toThrow('gone')
})

test('whoever stops reading ends the source', async () => {
  const world = pieces(['aa', 'bb', 'cc', 'dd'])
  for await (const piece of readAhead(world.source, 1, size)) if (piece === 'aa') break
  await turn()
  expect(world.returned).toBe(true)
  expect(world.given).not.toContain('dd')
})

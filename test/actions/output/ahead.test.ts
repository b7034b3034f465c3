import { expect, test } from 'vitest'
import { readingAhead } from '../../../src/actions/output/ahead.ts'

const turn = () => new Promise(setImmediate)
const chunk = (text: string) => ({ stream: 'stdout', bytes: Buffer.from(text) }) as const
const text = async (chunks: AsyncIterable<{ bytes: Uint8Array }>) =>
  (await Array.fromAsync(chunks)).map(({ bytes }) => Buffer.from(bytes).toString()).join('')

/** So many chunks of ten bytes, and how many of them were asked for. */
function tens(count: number) {
  const self = {
    asked: 0,
    async *chunks() {
      for (; self.asked < count; ) {
        self.asked++
        yield chunk('0123456789')
      }
    },
  }
  return self
}

test('all of it comes, in its order', async () => {
  async function* said() {
    for (const word of ['one ', 'two ', 'three']) yield chunk(word)
  }
  expect(await text(readingAhead(1000)(said()))).toBe('one two three')
})

test('it is read while nobody asks, until all together hold enough', async () => {
  const ahead = readingAhead(100)
  const [a, b] = [tens(100), tens(100)]
  ahead(a.chunks())
  ahead(b.chunks())
  await turn()
  expect(a.asked + b.asked).toBeLessThanOrEqual(11)
  expect(a.asked + b.asked).toBeGreaterThanOrEqual(10)
})

test('who is asked comes on, though others hold all that there is room for', async () => {
  const ahead = readingAhead(100)
  const [greedy, asked] = [tens(100), tens(100)]
  ahead(greedy.chunks())
  await turn()
  expect(greedy.asked).toBe(10)
  expect((await text(ahead(asked.chunks()))).length).toBe(1000)
})

test('what is taken makes room for the others', async () => {
  const ahead = readingAhead(100)
  const [first, second] = [tens(10), tens(100)]
  const taken = ahead(first.chunks())
  await turn()
  ahead(second.chunks())
  await turn()
  expect(second.asked).toBe(1)
  expect((await text(taken)).length).toBe(100)
  await turn()
  expect(second.asked).toBe(10)
})

test('a failure comes behind what was read before it', async () => {
  async function* fails() {
    yield chunk('last words')
    throw new Error('cut')
  }
  const reading = readingAhead(100)(fails())
  await turn()
  expect((await reading.next()).value).toEqual(chunk('last words'))
  await expect(reading.next()).rejects.toThrow('cut')
})

test('whoever stops asking ends the reading', async () => {
  const source = tens(1000)
  for await (const _ of readingAhead(100)(source.chunks())) break
  await turn()
  expect(source.asked).toBeLessThan(20)
})

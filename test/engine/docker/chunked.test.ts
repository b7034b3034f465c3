import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dechunked } from '../../../src/engine/docker/chunked.ts'

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const end = '0\r\n\r\n'

/** The bytes in pieces that end at these places. */
async function* cut(bytes: Buffer, places: readonly number[]) {
  let from = 0
  for (const place of [...places.toSorted((a, b) => a - b), bytes.length]) {
    const to = Math.max(from, Math.min(place, bytes.length))
    yield Buffer.from(bytes.subarray(from, to))
    from = to
  }
}

async function told(text: string | Buffer, at: readonly number[] = []): Promise<string[]> {
  return (await Array.fromAsync(dechunked(cut(Buffer.from(text), at)))).map(piece => Buffer.from(piece).toString())
}

test('chunks that come together are one piece', async () => {
  expect(await told(chunk('one\n') + chunk('two\n') + chunk('x'.repeat(300)) + end)).toEqual([
    `one\ntwo\n${'x'.repeat(300)}`,
  ])
})

test('wherever the network cuts, the bytes are the same', async () => {
  const chunks = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { maxLength: 10 })
  const places = fc.array(fc.nat(200), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(chunks, places, async (all, at) => {
      const pieces = await Array.fromAsync(dechunked(cut(Buffer.from(all.map(chunk).join('') + end), at)))
      expect(Buffer.concat(pieces).toString()).toBe(all.join(''))
    }),
  )
})

test('sizes may be written in capitals, and with extensions that say nothing to us', async () => {
  expect(await told('A;name=ff\r\n0123456789\r\n0\r\n\r\n')).toEqual(['0123456789'])
})

test('what stands behind the end is nobody’s', async () => {
  expect(await told(`${chunk('all')}0\r\nTrailer: 5\r\n\r\nmore`)).toEqual(['all'])
})

test('what breaks off within a chunk or before the end is given, then lost', async () => {
  for (const text of ['5\r\nab', chunk('ab'), '']) {
    const given: Buffer[] = []
    const reading = (async () => {
      for await (const piece of dechunked(cut(Buffer.from(text), []))) given.push(Buffer.from(piece))
    })()
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(Buffer.concat(given).toString()).toBe(text === '' ? '' : 'ab')
  }
})

test('what has no size is no chunk', async () => {
  await expect(told('<html>')).rejects.toMatchObject({ code: 'HPE_INVALID_CHUNK_SIZE' })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dechunker } from '../../../src/engine/docker/chunked.ts'

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const end = '0\r\n\r\n'

/** What comes of the bytes, cut at these places, and whether they are all. */
function told(text: string, at: readonly number[] = []) {
  const bytes = Buffer.from(text)
  const chunks = dechunker()
  const pieces: string[] = []
  let from = 0
  for (const place of [...at.toSorted((a, b) => a - b), bytes.length]) {
    const to = Math.max(from, Math.min(place, bytes.length))
    const piece = chunks.push(Buffer.from(bytes.subarray(from, to)))
    if (piece.length > 0) pieces.push(Buffer.from(piece).toString('latin1'))
    from = to
  }
  return { pieces, complete: chunks.complete }
}

test('chunks that come together are one piece', () => {
  expect(told(chunk('one\n') + chunk('two\n') + chunk('x'.repeat(300)) + end)).toEqual({
    pieces: [`one\ntwo\n${'x'.repeat(300)}`],
    complete: true,
  })
})

test('wherever the network cuts, the bytes are the same', () => {
  const chunks = fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }), { maxLength: 10 })
  const places = fc.array(fc.nat(200), { maxLength: 8 })
  fc.assert(
    fc.property(chunks, places, (all, at) => {
      const { pieces, complete } = told(all.map(chunk).join('') + end, at)
      expect([pieces.join(''), complete]).toEqual([all.join(''), true])
    }),
  )
})

test('sizes may be written in capitals, and with extensions that say nothing to us', () => {
  expect(told('A;name=ff\r\n0123456789\r\n0\r\n\r\n').pieces).toEqual(['0123456789'])
})

test('what stands behind the end is nobody’s', () => {
  expect(told(`${chunk('all')}0\r\nTrailer: 5\r\n\r\nmore`).pieces).toEqual(['all'])
})

test.each(['5\r\nab', chunk('ab')])('%j is not all', text => {
  expect(told(text)).toEqual({ pieces: ['ab'], complete: false })
})

test('what has no size is no chunk', () => {
  expect(() => told('<html>')).toThrow('no size')
})

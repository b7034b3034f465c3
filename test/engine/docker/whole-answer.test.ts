import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wholeAnswer } from '../../../src/engine/docker/whole-answer.ts'

const head = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`
const at = (text: string, from = 0) => wholeAnswer(Buffer.from(text), from)

test('an answer is as long as its head says, in bytes', () => {
  const text = `${head('HTTP/1.1 200 OK', 'Content-Length: 4')}"é"HTTP/1.1 404`
  expect(at(text)).toEqual({ status: 200, body: '"é"', goesOn: true, end: Buffer.from(text).indexOf('HTTP/1.1 404') })
})

test('an answer in chunks ends with the one of no size', () => {
  const text = `${head('HTTP/1.1 404 Not Found', 'transfer-encoding: CHUNKED')}3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\n\r\n`
  expect(at(text)).toEqual({ status: 404, body: 'abc0123456789', goesOn: true, end: text.length })
})

test('one that closes the connection is the last of it', () => {
  expect(at(head('HTTP/1.1 200 OK', 'Connection: close', 'Content-Length: 0'))?.goesOn).toBe(false)
})

test('what has come in part is no answer yet; wherever it is cut, it is the same in the end', () => {
  const body = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { maxLength: 5 })
  fc.assert(
    fc.property(body, fc.boolean(), fc.nat(), (chunks, inChunks, cut) => {
      const size = (text: string) => Buffer.byteLength(text)
      const whole = inChunks
        ? `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}${chunks.map(c => `${size(c).toString(16)}\r\n${c}\r\n`).join('')}0\r\n\r\n`
        : `${head('HTTP/1.1 200 OK', `Content-Length: ${size(chunks.join(''))}`)}${chunks.join('')}`
      const before = Buffer.from('rest of another')
      const bytes = Buffer.concat([before, Buffer.from(whole)])
      expect(wholeAnswer(bytes, before.length)).toMatchObject({ body: chunks.join(''), end: bytes.length })
      const part = bytes.subarray(0, before.length + (cut % (bytes.length - before.length)))
      expect(wholeAnswer(part, before.length)).toBeUndefined()
    }),
  )
})

test.each([
  ['another protocol', head('SSH-2.0-OpenSSH')],
  ['an answer that ends with its connection', head('HTTP/1.1 200 OK')],
  ['one before the answer', head('HTTP/1.1 100 Continue')],
  ['a chunk without a size', `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}xyz\r\n`],
])('%s is not waited for', (_, text) => {
  expect(() => at(text)).toThrow(/answer/)
})

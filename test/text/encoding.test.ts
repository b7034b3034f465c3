import { expect, test } from 'vitest'
import { decode } from '../../src/text/encoding.ts'

const text = 'a: é\n'
const utf16 = (bigEndian: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}
const told = (bytes: Uint8Array) => decode('compose.yaml', bytes).problem?.message

test.each<[string, Uint8Array]>([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16, little end first', utf16(false)],
  ['UTF-16, big end first', utf16(true)],
])('%s is read', (_name, bytes) => {
  expect(decode('compose.yaml', bytes)).toEqual({ source: { name: 'compose.yaml', text } })
})

test('what else there is, is refused by name', () => {
  const utf32 = Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0, 0x3a, 0, 0, 0])
  expect(told(utf32)).toBe('the file holds zero bytes: it is binary, UTF-32, or UTF-16 without its mark')
  expect(told(Buffer.from('a: x\n', 'utf16le'))).toBe(
    'the file holds zero bytes: it is binary, UTF-32, or UTF-16 without its mark',
  )
  expect(told(Buffer.from([0x61, 0x3a, 0x20, 0xe9]))).toBe('the file is not UTF-8 text')
  expect(told(Buffer.from('a: \u0080\n'))).toBe('the character U+0080 is not allowed in YAML')
  expect(told(Buffer.from('a: \u0085\n'))).toBeUndefined()
})

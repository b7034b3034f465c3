import { expect, test } from 'vitest'
import { entries, message, read } from '../../src/base/protobuf.ts'

test('a message is written as protobuf’s own documentation has it', () => {
  // https://protobuf.dev/programming-guides/encoding/: 150 in field 1; "testing" in field 2; 3 in field 3, within a message.
  expect(message([[1, 150]]).toString('hex')).toBe('089601')
  expect(message([[2, 'testing']]).toString('hex')).toBe('120774657374696e67')
  expect(message([[3, message([[1, 150]])]]).toString('hex')).toBe('1a03089601')
})

test('what was written is read again', () => {
  const written = message([
    [1, 'ä'],
    [2, 2 ** 31 + 0o755],
    [3, true],
    [4, new Uint8Array([0, 255])],
    [16, 1_700_000_000_000_000_000n],
  ])
  const told = read(written)
  expect(told.text(1)).toBe('ä')
  expect(told.number(2)).toBe(2 ** 31 + 0o755)
  expect(told.number(3)).toBe(1)
  expect([...told.bytes(4)]).toEqual([0, 255])
  expect(told.number(16)).toBe(1_700_000_000_000_000_000)
})

test('what is left out reads as empty, and the last of several counts', () => {
  const told = read(
    message([
      [1, undefined],
      [2, 'a'],
      [2, 'b'],
    ]),
  )
  expect([told.has(1), told.text(1), told.number(1), told.all(1)]).toEqual([false, '', 0, []])
  expect([told.text(2), told.all(2).map(String)]).toEqual(['b', ['a', 'b']])
})

test('a map is one message an entry', () => {
  const told = read(message(entries(7, { a: '1', b: '' })))
  const pairs = told.all(7).map(bytes => [read(bytes).text(1), read(bytes).text(2)])
  expect(pairs).toEqual([
    ['a', '1'],
    ['b', ''],
  ])
})

test('numbers of a fixed width are passed over', () => {
  expect(read(Buffer.from('0d01020304110102030405060708' + '1a0161', 'hex')).text(3)).toBe('a')
})

test.each(['08', '0880', '1205616263', '0b'])('what is no message is refused: %s', hex => {
  expect(() => read(Buffer.from(hex, 'hex'))).toThrow('a message')
})

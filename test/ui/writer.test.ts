import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { writer } from '../../src/ui/writer.ts'

/** A stream that takes what it is given at once, or later; `given` is what it was handed, as it lies in memory. */
function stream({ fd, late = false }: { readonly fd?: number; readonly late?: boolean }) {
  const given: Buffer[] = []
  const waiting: (() => void)[] = []
  const write = (bytes: Buffer, _: unknown, done: () => void) => {
    given.push(bytes)
    if (late) waiting.push(done)
    else done()
  }
  const made = Object.assign(new Writable({ write, highWaterMark: 1 << 20 }), fd !== undefined && { fd })
  return { stream: made as unknown as NodeJS.WriteStream & { readonly fd?: number }, given, waiting }
}

const told = (given: readonly Buffer[]) => given.map(String).join('|')

test('small pieces are one write, when it is asked for or the room is full', () => {
  const { stream: out, given } = stream({})
  const { write, flush } = writer(out)
  write('é')
  write(Buffer.from('b'))
  expect(given).toEqual([])
  flush()
  flush()
  expect(told(given)).toBe('éb')
  write('x'.repeat(60_000))
  write('y'.repeat(60_000))
  flush()
  expect(given.map(bytes => bytes.length)).toEqual([3, 60_000, 60_000])
})

test('a piece larger than the room is written as it is, after what came before it', () => {
  const { stream: out, given } = stream({})
  const { write } = writer(out)
  write('small')
  write('x'.repeat(100_000))
  expect(given.map(bytes => bytes.length)).toEqual([5, 100_000])
})

test('what goes to a descriptor that takes it at once is gathered in the same room again', () => {
  const { stream: out, given } = stream({ fd: 1 })
  const { write, flush } = writer(out)
  for (const piece of ['first', 'other']) {
    write(piece)
    flush()
  }
  expect(given[0]?.buffer === given[1]?.buffer && given[0]?.byteOffset === given[1]?.byteOffset).toBe(true)
})

test.each([
  ['a descriptor that is late', { fd: 1, late: true }],
  ['another stream, which may keep what it is given', {}],
])('what goes to %s stays what it was', (_, kind) => {
  const { stream: out, given, waiting } = stream(kind)
  const { write, flush } = writer(out)
  for (const piece of ['first', 'other', 'third']) {
    write(piece)
    flush()
  }
  while (waiting.length > 0) waiting.shift()!()
  expect(told(given)).toBe('first|other|third')
})

import { expect, test } from 'vitest'
import { table } from '../../src/ui/table.ts'

test('an empty table is its headings, ten cells each', () => {
  expect(table(['NAME', 'IMAGE', 'PORTS'], [])).toBe('NAME      IMAGE     PORTS\n')
})

test('a column is three cells wider than its widest text, the last one is not padded', () => {
  expect(
    table(
      ['NAME', 'IMAGE', 'PORTS'],
      [
        ['shop-web-1', 'busybox', ''],
        ['shop-db-1', 'busybox', '80/tcp'],
      ],
    ),
  ).toBe(['NAME         IMAGE     PORTS', 'shop-web-1   busybox   ', 'shop-db-1    busybox   80/tcp', ''].join('\n'))
})

test('columns stay straight under wide characters', () => {
  expect(
    table(
      ['COMMAND', 'STATE'],
      [
        ['日本語', 'up'],
        ['sleep', 'up'],
      ],
      { least: 0 },
    ),
  ).toBe('COMMAND   STATE\n日本語    up\nsleep     up\n')
})

test('a cell has nothing that a terminal would obey, and no line of its own', () => {
  const cells = ['w\u001b]0;title\u0007e\u001b[2Jb', 'a\nb', '\u009b31m']
  expect(table(['SERVICE', 'FILE', 'X'], [cells])).toBe('SERVICE   FILE      X\nweb       a b       31m\n')
})

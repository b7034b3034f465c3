import { expect, test } from 'vitest'
import { unified } from '../../src/base/diff.ts'

const lines = (...all: string[]) => all.map(line => `${line}\n`).join('')

test('nothing changed is no diff', () => {
  expect(unified('a\n', 'a\n', 'f')).toBe('')
})

test('what has changed stands with three lines around it', () => {
  const before = lines('1', '2', '3', '4', '5', '6', '7', '8', '9')
  expect(unified(before, before.replace('5\n', 'five\nand more\n'), 'f')).toBe(
    lines('--- f', '+++ f', '@@ -2,7 +2,8 @@', ' 2', ' 3', ' 4', '-5', '+five', '+and more', ' 6', ' 7', ' 8'),
  )
})

test('changes far apart are hunks of their own', () => {
  const before = Array.from({ length: 20 }, (_, i) => `${i}\n`).join('')
  const after = `new\n${before.replace('19\n', 'last\n')}`
  expect(unified(before, after, 'f').match(/^@@.*$/gm)).toEqual(['@@ -1,3 +1,4 @@', '@@ -17,4 +18,4 @@'])
})

test('a file that is made, and one whose last line has no end', () => {
  expect(unified('', 'a\n', 'f')).toBe(lines('--- f', '+++ f', '@@ -0,0 +1 @@', '+a'))
  expect(unified('a', 'a\nb\n', 'f')).toBe(
    lines('--- f', '+++ f', '@@ -1 +1,2 @@', '-a', '\\ No newline at end of file', '+a', '+b'),
  )
})

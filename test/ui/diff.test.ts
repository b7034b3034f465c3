import { describe, expect, test } from 'vitest'
import { diff } from '../../src/ui/diff.ts'

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('')

describe('a diff', () => {
  test('of the same text is nothing', () => {
    expect(diff('a', 'x\n', 'x\n')).toBe('')
  })

  test('has three lines around what differs', () => {
    expect(diff('a', numbers(1, 20), numbers(1, 20).replace('10\n', 'ten\n'))).toBe(
      '--- a\n+++ a\n@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n',
    )
  })

  test('is in parts where much lies between', () => {
    const after = numbers(1, 20).replace('1\n', 'one\n').replace('\n18\n', '\n18\nmore\n')
    expect(diff('a', numbers(1, 20), after)).toBe(
      '--- a\n+++ a\n@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -16,6 +16,7 @@\n 16\n 17\n 18\n+more\n 19\n 20\n \n',
    )
  })
})

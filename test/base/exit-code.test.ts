import { expect, test } from 'vitest'
import { codeWords, exitMeaning, exitWords } from '../../src/base/exit-code.ts'

test('an exit code is told with what it stands for, a program’s own alone', () => {
  expect([0, 3, 127, 137, 143].map(code => codeWords(code))).toEqual([
    '0',
    '3',
    '127 (its command was not found)',
    '137 (killed, SIGKILL)',
    '143 (terminated, SIGTERM)',
  ])
})

test('lack of memory is told as such, with the limit where one is known', () => {
  expect(codeWords(137, true)).toBe('137 (out of memory)')
  expect(exitWords(137, { oomKilled: true, spec: { memory: 64 * 1024 ** 2 } })).toBe(
    'exited (137: out of memory, limit 64 MiB)',
  )
  expect(exitWords(137, { oomKilled: true, spec: { memory: 0 } })).toBe('exited (137: out of memory)')
})

test('codes between 128 and 192 are signals, those above are the program’s', () => {
  expect(exitMeaning(159)).toBe('ended by signal 31')
  expect([1, 124, 128, 192, 255].map(exitMeaning)).toEqual([undefined, undefined, undefined, undefined, undefined])
})

import { describe, expect, test } from 'vitest'
import { splitWords } from '../../src/spec/argv.ts'
import { problems, written } from './read.ts'

describe('a command line is split into words', () => {
  test.each([
    ['echo hi', ['echo', 'hi']],
    ['  a\tb\n c ', ['a', 'b', 'c']],
    [`sh -c "echo 'a b'; sleep 1"`, ['sh', '-c', "echo 'a b'; sleep 1"]],
    [`'a  b'`, ['a  b']],
    ['a\\ b c', ['a b', 'c']],
    ['"" x', ['', 'x']],
    [`"it's"`, ["it's"]],
    ['$(date) `id`', ['$(date)', '`id`']],
    ['# * ~ $HOME', ['#', '*', '~', '$HOME']],
    ['', []],
  ])('%j', (line, words) => expect(splitWords(line)).toEqual({ words }))
})

describe('an operator outside quotes ends it', () => {
  test.each([
    ['a | b', ['a'], 2],
    ['a && b; c > d', ['a'], 2],
    ['echo hi > out', ['echo', 'hi'], 8],
    ['cmd 2>&1', ['cmd'], 5],
    ["'a|b' c;d", ['a|b', 'c'], 7],
  ])('%j', (line, words, cutAt) => expect(splitWords(line)).toEqual({ words, cutAt }))
})

describe('what cannot be split is told', () => {
  test.each([
    ["echo it's", "the ' is not closed"],
    ['a "b', 'the " is not closed'],
    ['(a)', 'the "(" is outside quotes'],
    ['a)', 'a parenthesis is not closed'],
    ['a \\', 'it ends with a backslash'],
  ])('%j', (line, why) => expect(splitWords(line)).toBe(why))
})

test('a long command without blanks takes no time', () => {
  const line = 'x'.repeat(1_000_000)
  expect(splitWords(line)).toEqual({ words: [line] })
})

test('an empty command clears the image’s, null leaves it', () => {
  expect(written('command', '""')).toEqual([])
  expect(written('command', '[]')).toEqual([])
  expect(written('command', 'null')).toBeNull()
})

test('a later command replaces an earlier one whole, null too', () => {
  expect(written('command', 'a b', '[c]')).toEqual(['c'])
  expect(written('command', 'a b', 'null')).toBeNull()
  expect(written('entrypoint', '[a]', 'b c')).toEqual(['b', 'c'])
})

test('the user is told where an operator cut the command', () => {
  expect(problems('command: a | b')).toEqual([
    'warning 3:14 the command ends before "|", as in docker compose: no shell reads it; write ["sh", "-c", "a | b"]',
  ])
})

test('a list item must be text', () => {
  expect(problems('command: [sleep, 5]')).toEqual([
    'error 3:22 expected text, found the number 5; write it in quotes: "5"',
  ])
})

import { describe, expect, test } from 'vitest'
import { ignore } from '../../../src/local/build/ignore.ts'

const excluded = (lines: string, path: string) => ignore(lines).excludes(path)

describe('a path is left out', () => {
  test.each([
    ['node_modules', 'node_modules'],
    ['node_modules', 'node_modules/a/b.js'],
    ['/node_modules/', 'node_modules/a'],
    ['./a/../b', 'b'],
    ['*.log', 'x.log'],
    ['*/temp*', 'a/temporary.txt'],
    ['*/*/temp*', 'a/b/temp'],
    ['temp?', 'tempa'],
    ['**/*.go', 'main.go'],
    ['**/*.go', 'a/b/main.go'],
    ['**/.git', 'a/.git/config'],
    ['a/**', 'a/b/c'],
    ['a/**/z', 'a/z'],
    ['a/**/z', 'a/b/c/z'],
    ['**', 'anything/at/all'],
    ['*', 'a/b'],
    ['[a-c].txt', 'b.txt'],
    ['[^a].txt', 'b.txt'],
    ['a\\*b', 'a*b'],
    ['**foo', 'xfoo'],
    ['  spaced  ', 'spaced'],
    ['\uFEFFbom', 'bom'],
    ['crlf\r\nother', 'crlf'],
    ['a(b)+.txt', 'a(b)+.txt'],
    ['line\n# comment\nlast', 'last'],
  ])('%j: %s', (lines, path) => expect(excluded(lines, path)).toBe(true))
})

describe('a path is sent', () => {
  test.each([
    ['', 'a'],
    ['*.log', 'a/x.log'],
    ['temp?', 'temp'],
    ['temp?', 'temp/a'],
    ['*/temp*', 'temp'],
    ['a/**', 'a'],
    ['[a-c].txt', 'd.txt'],
    ['[^a].txt', 'a.txt'],
    ['#a', '#a'],
    ['.', 'a'],
    ['../a', 'a'],
    ['a.b', 'axb'],
    ['foo', 'xfoo'],
    ['**/foo', 'xfoo'],
  ])('%j: %s', (lines, path) => expect(excluded(lines, path)).toBe(false))
})

describe('the last line that matches decides', () => {
  test.each([
    ['*.md\n!README.md', 'README.md', false],
    ['*.md\n!README.md', 'CHANGES.md', true],
    ['!README.md\n*.md', 'README.md', true],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
    ['*\n!src', 'src/a/b.ts', false],
    ['*\n!src\nsrc/test', 'src/test/a.ts', true],
    ['*\n! src', 'src/a', false],
    ['*\n!/src', 'src/a', false],
    ['a\n!b', 'a/b', true],
    ['**/tmp\n!a', 'a/tmp', true],
    ['a\n**/tmp\n!a', 'a/tmp', false],
  ])('%j: %s', (lines, path, left) => expect(excluded(lines, path)).toBe(left))
})

test('an excluded directory is walked only where a line may bring something back', () => {
  const rules = ignore('*\n!src/app/*.ts\n!docs/**/keep')
  expect(rules.reaches('src')).toBe(true)
  expect(rules.reaches('src/app')).toBe(true)
  expect(rules.reaches('src/lib')).toBe(false)
  expect(rules.reaches('docs/a/b/c')).toBe(true)
  expect(rules.reaches('node_modules')).toBe(false)
  expect(ignore('*').reaches('a')).toBe(false)
})

test.each([
  ['[a', 'the ignore pattern "[a" has a "[" without its "]"'],
  ['[]', 'the ignore pattern "[]" has a "[" without its "]"'],
  ['!', 'the ignore pattern "!" has nothing after the "!"'],
])('%j is told', (line, message) => expect(() => ignore(line)).toThrow(message))

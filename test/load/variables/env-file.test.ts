import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEnvFile, parseRawEnvFile } from '../../../src/load/variables/env-file.ts'
import { scanEnvFile } from '../../../src/load/variables/env-scan.ts'
import { frame } from '../../../src/text/frame.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { placed } from '../../../src/text/source.ts'

const outside: Record<string, string> = { HOST: 'h', EMPTY: '' }
const lookup = (name: string) => outside[name]

function read(text: string, parse = parseEnvFile) {
  const problems: Problem[] = []
  const found = parse({ name: '.env', text }, lookup, problem => problems.push(problem))
  return { values: Object.fromEntries([...found].map(([name, { value }]) => [name, value])), problems, found }
}

const told = (text: string, parse = parseEnvFile) =>
  read(text, parse)
    .problems.map(({ message, hint, at }) => `${at && placed(at)}: ${message} (${hint})\n${at && frame(at, 0)}`)
    .join('\n')

describe('values', () => {
  test.each([
    ['A=1', { A: '1' }],
    ['A = 1 ', { A: '1' }],
    ['A: 1', { A: '1' }],
    ['A:1', { A: '1' }],
    ['  export A=1', { A: '1' }],
    ['exportA=1', { exportA: '1' }],
    ['A=', { A: '' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['A=1\nA=2', { A: '2' }],
    ['a.b-c[0]_é=1', { 'a.b-c[0]_é': '1' }],
    ['1A=1', { '1A': '1' }],
    ['=x', { '': 'x' }],
    ['\n\n# c\n  # d\nA=1', { A: '1' }],
    ['A=a\\nb', { A: 'a\\nb' }],
    ['A=a b', { A: 'a b' }],
    ['A=a=b', { A: 'a=b' }],
  ])('%j', (text, expected) => expect(read(text)).toMatchObject({ values: expected, problems: [] }))
})

describe('comments', () => {
  test.each([
    ['A=x #c', { A: 'x' }],
    ['A=x#c', { A: 'x#c' }],
    ['A=#c', { A: '#c' }],
    ['A= #c', { A: '#c' }],
    ['A=x\t#c', { A: 'x\t#c' }],
    ['A="x #c"', { A: 'x #c' }],
  ])('%j', (text, expected) => expect(read(text)).toMatchObject({ values: expected, problems: [] }))
})

describe('quotes', () => {
  test.each([
    ['A="a b"', { A: 'a b' }],
    ["A='a b'", { A: 'a b' }],
    ['A="a\nb"\nB=1', { A: 'a\nb', B: '1' }],
    ["A='a\nb'", { A: 'a\nb' }],
    ['A="a\\nb\\t\\"\\\\"', { A: 'a\nb\t"\\' }],
    ['A="\\x41\\u0041\\101"', { A: '\\x41\\u0041\\101' }],
    ['A="\\0101"', { A: 'A' }],
    ["A='a\\nb'", { A: 'a\\nb' }],
    ["A='it\\'s'", { A: "it's" }],
    ['A="$HOST \\$HOST $$HOST"', { A: 'h $HOST $HOST' }],
    ["A='$HOST'", { A: '$HOST' }],
    ['A="x"y\nB=1', { A: 'x', B: '1' }],
    ['A=x"y"', { A: 'x"y"' }],
  ])('%j', (text, expected) => expect(read(text)).toMatchObject({ values: expected, problems: [] }))
})

describe('variables', () => {
  test.each([
    ['A=1\nB=$A${A}', { A: '1', B: '11' }],
    ['HOST=x\nB=$HOST', { HOST: 'x', B: 'h' }],
    ['A=${NO:-d}', { A: 'd' }],
    ['A=${HOST:+y}', { A: 'y' }],
  ])('%j', (text, expected) => expect(read(text)).toMatchObject({ values: expected, problems: [] }))

  test('one that is not set is a warning', () => {
    expect(read('A=$NO')).toMatchObject({
      values: { A: '' },
      problems: [{ severity: 'warning', code: 'unset-variable' }],
    })
  })
})

describe('a name alone', () => {
  test('has the value that the environment has', () =>
    expect(read('HOST\nEMPTY\nNO\n').values).toEqual({ HOST: 'h', EMPTY: '' }))
  test('also where the file ends without a line feed', () => expect(read('HOST').values).toEqual({ HOST: 'h' }))
})

describe('mistakes are told with their place', () => {
  test.each(['A B=1', 'A=1\nB*=2', 'A=1\nB="x\nC=1', 'A="a" "b"', 'A=${', 'A=${NO:?set it}', 'A="${N:-"q"}"'])(
    '%j',
    text => {
      expect(told(text)).toMatchSnapshot()
    },
  )

  test('all of them', () => expect(read('A B=1\nC*=2\n').problems).toHaveLength(2))
})

describe('raw, as docker run reads it', () => {
  test.each([
    ['A="x" #c', { A: '"x" #c' }],
    ['A=$HOST', { A: '$HOST' }],
    ['A= x ', { A: ' x ' }],
    ['HOST\nNO', { HOST: 'h' }],
    ['# c\n\n  A=1', { A: '1' }],
  ])('%j', (text, expected) => expect(read(text, parseRawEnvFile)).toMatchObject({ values: expected, problems: [] }))

  test.each(['A B=1', '=x'])('%j is wrong', text => expect(told(text, parseRawEnvFile)).toMatchSnapshot())
})

test('what looks like a secret is not shown, whatever it spans', () => {
  const { problems } = read('DB_PASSWORD="hunter2\nsecond"\nTOKEN=abc\nA B=1\nAPI_KEY: "x\ny')
  expect(problems.map(({ at }) => at && frame(at, 9))).toMatchInlineSnapshot(`
    [
      "1 | DB_PASSWORD=********
    2 | *******
    3 | TOKEN=***
    4 | A B=1
      | ^^^
    5 | API_KEY: **
    6 | *",
      "1 | DB_PASSWORD=********
    2 | *******
    3 | TOKEN=***
    4 | A B=1
    5 | API_KEY: **
      |          ^
    6 | *",
    ]
  `)
})

test('the place of a variable is its name', () => {
  const at = read('# c\nexport LEVEL=x\n').found.get('LEVEL')?.at
  expect(at && `${placed(at)} ${at.source.text.slice(at.start, at.end)}`).toBe('.env:2 LEVEL')
})

test('files that dotenv may read say the same to it and to the scanner', () => {
  const word = fc.stringMatching(/^[ -~]{0,8}$/)
  const line = fc.oneof(
    fc.constantFrom('', '# c', '  ', 'export A=1', "B='x y'", 'C="x y" ', 'D=', ' E=e '),
    fc
      .tuple(fc.constantFrom('A', 'B_2', 'export C'), fc.constantFrom('', '"', "'"), word)
      .map(([name, quote, text]) => `${name}=${quote}${text}${quote}`),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), lines => {
      const text = lines.join('\n')
      const fast = read(text)
      const slow = read(text, scanEnvFile)
      expect(fast.values).toEqual(slow.values)
      expect([...fast.found].map(([name, { at }]) => [name, at.start, at.end])).toEqual(
        [...slow.found].map(([name, { at }]) => [name, at.start, at.end]),
      )
    }),
    { numRuns: 2000, seed: 1 },
  )
})

test('no text stops the scanner', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'A=:"\'\\$#{}\n\r\t é-?x😀') }), text => void read(text)),
    { numRuns: 3000, seed: 1 },
  )
})

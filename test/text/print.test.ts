import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node } from '../../src/text/node.ts'
import { parse } from '../../src/text/parse.ts'
import { type Printable, printYaml } from '../../src/text/print.ts'

const value = (node: Node): unknown =>
  node.kind === 'scalar'
    ? typeof node.value === 'object' && node.value !== null
      ? (node.value as { float: number }).float
      : node.value
    : node.kind === 'list'
      ? node.items.map(value)
      : Object.fromEntries([...node.entries].map(([key, entry]) => [key, value(entry.node)]))

/** What go-yaml prints of each, taken from `docker compose config`. */
describe('texts are quoted as go-yaml quotes them', () => {
  test.each([
    ['sh', 'sh'],
    ['echo hi; # x', `'echo hi; # x'`],
    ['', '""'],
    ['yes', '"yes"'],
    ['12', '"12"'],
    ['a: b', `'a: b'`],
    ['- x', `'- x'`],
    ["it's", "it's"],
    ['a\tb', '"a\\tb"'],
    ['é', 'é'],
    ['line1\nline2\n', '|\n  line1\n  line2'],
    ['  lead\nx', '|2-\n    lead\n  x'],
    ['trail \nx', '"trail \\nx"'],
    ['~', '"~"'],
    ["'q'", "'''q'''"],
    ['"q"', `'"q"'`],
    ['@x', `'@x'`],
    ['1:30', '"1:30"'],
    ['2020-01-01', '"2020-01-01"'],
    ['null', '"null"'],
    ['x:', `'x:'`],
    ['{a}', `'{a}'`],
    ['0x1', '"0x1"'],
    ['.5', '".5"'],
    ['😀', '"\\U0001F600"'],
    ['x\x07y', '"x\\ay"'],
  ])('%j', (text, expected) => {
    expect(printYaml({ a: text })).toBe(`a: ${expected}\n`)
  })
})

test('lists and mappings', () => {
  expect(printYaml({ a: [1, 1.5, null, true, [1, [2]], { c: { d: 1 }, e: 2 }, {}, []], n: null })).toBe(
    [
      'a:',
      '  - 1',
      '  - 1.5',
      '  - null',
      '  - true',
      '  - - 1',
      '    - - 2',
      '  - c:',
      '      d: 1',
      '    e: 2',
      '  - {}',
      '  - []',
      '"n": null',
      '',
    ].join('\n'),
  )
})

test('what is printed reads as what it was', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'ab \n\t:#-"\'{}[]&*!|>%@`?,0.:~é') }),
  )
  const { tree } = fc.letrec<{ tree: Printable }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(fc.dictionary(text, tree, { maxKeys: 4 }), original => {
      const problems: unknown[] = []
      const [document] = parse({ name: 'x', text: printYaml(original) }, problem => problems.push(problem))
      expect({ problems, read: document && value(document) }).toEqual({ problems: [], read: { ...original } })
    }),
    { numRuns: 1500, seed: 1 },
  )
})

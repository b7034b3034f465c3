import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/text/encoding.ts'
import { loosened } from '../../src/text/loosen.ts'
import type { Node } from '../../src/text/node.ts'
import { parse } from '../../src/text/parse.ts'
import type { Problem } from '../../src/text/problem.ts'
import { quick } from '../../src/text/quick.ts'
import { partsOf, within } from '../../src/text/ranges.ts'
import { position } from '../../src/text/source.ts'
import { thorough } from '../../src/text/thorough.ts'
import { tree } from '../../src/text/tree.ts'
import { generator, mutate, picker } from '../kit/mutate.ts'

function read(text: string) {
  const problems: Problem[] = []
  const documents = parse({ name: 'compose.yaml', text }, problem => problems.push(problem))
  return { values: documents.map(plain), problems: problems.map(told), documents }
}

const told = ({ message, at }: Problem) => (at ? `${position(at).line}:${position(at).column} ${message}` : message)

function plain(node: Node): unknown {
  if (node.kind === 'scalar') return typeof node.value === 'bigint' ? `${node.value}n` : node.value
  return node.kind === 'list'
    ? node.items.map(plain)
    : Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node)]))
}

describe('what docker compose reads without a blank', () => {
  test.each<[string, string, unknown]>([
    ['brackets closed below their key', 'a:\n  b: [\n    x,\n  ]\n', { a: { b: ['x'] } }],
    ['brackets closed where the line begins', 'a:\n  b: [\n    x # not y\n]\n', { a: { b: ['x'] } }],
    [
      'all that is in brackets, where lines begin',
      'a:\n  - b: {\nc: d,\n\n# e\nf: [\n1]\n}\n',
      { a: [{ b: { c: 'd', f: [1] } }] },
    ],
    ['tabs in brackets', 'a: {\tb:\tc,\n\td: e\t}\n', { a: { b: 'c', d: 'e' } }],
    ['a text in quotes, where lines begin', 'a:\n  b: "c\nd\n\n e\\\n f"\n', { a: { b: 'c d\nef' } }],
    ['a text in single quotes', "a:\n  - 'b''s\nc'\n", { a: ["b's c"] }],
    ['a comment behind a bracket', 'a: {b: c}# d\ne: [f]#\n', { a: { b: 'c' }, e: ['f'] }],
    ['a comment behind quotes', 'a: "b"# c\nd: \'e\'# f\n- g', undefined],
    ['a comment in brackets behind a comma', 'a: [1,# b\n2]\n', { a: [1, 2] }],
    [
      'a block of lines that looks like brackets',
      'a: |\n  {\n  "b": [\n  ]\n  }# c\nd: [\n]\n',
      { a: '{\n"b": [\n]\n}# c\n', d: [] },
    ],
    ['tabs behind the indentation of a block', 'a: |\n  b:\n  \tc\nd: [\n]\n', { a: 'b:\n\tc\n', d: [] }],
  ])('%s', (_name, text, value) => {
    const { values, problems } = read(text)
    if (value === undefined) expect(problems.length).toBe(1)
    else expect({ values, problems }).toEqual({ values: [value], problems: [] })
  })

  test('places are those of the file', () => {
    const text = 'a:\n  b: [\nc, "d"# e\n]\nf: g\n'
    const [document] = read(text).documents
    const shown: string[] = []
    const visit = ({ at, ...node }: Node): void => {
      shown.push(text.slice(at.start, at.end))
      if (node.kind === 'list') node.items.forEach(visit)
      else if (node.kind === 'dict')
        for (const { key, node: value } of node.entries.values()) {
          shown.push(text.slice(key.start, key.end))
          visit(value)
        }
    }
    visit(document!)
    expect(shown.slice(1)).toEqual(['a', 'b: [\nc, "d"# e\n]', 'b', '[\nc, "d"# e\n]', 'c', '"d"', 'f', 'g'])
  })

  test('what else is wrong is told, in its place, and nothing of the brackets', () => {
    expect(read('a:\n  b: [\nc,\n]\nd: @\ne: {f: g}# h\ni: "j" k\n').problems).toEqual([
      '5:4 a value cannot begin with @',
      '7:8 "k" follows a value that is already complete',
    ])
  })

  test('a bracket that is never closed is told of where it stands', () => {
    expect(read('a:\n  b: [\n]\n  c: [\n    1\n  d: e\n').problems).toEqual(['4:6 the [ is not closed'])
  })

  test.each(['"', "'"])('a line of fifteen megabytes between %s is too long for a key', quote => {
    const { problems } = read(`a: {b: c}# d\n${quote}${'x'.repeat(15_000_000)}${quote}\n`)
    expect(problems.map(it => it.slice(0, 3))).toEqual(['2:1'])
  })

  test('of a size that the thorough way would not do', () => {
    const services = Array.from({ length: 40_000 }, (_, i) => `  s${i}:\n    image: x\n    ports: [\n    80\n]\n`).join(
      '',
    )
    expect(read(`services:\n${services}`).problems).toEqual([])
  })
})

test('a tab where a line begins is refused outside brackets and texts, in a large file too', () => {
  expect(read('a: b\n\t# c\n').problems).toEqual(['2:1 a tab is used to indent'])
  expect(read(`a: b\n${'# c\n'.repeat(200_000)}\t\n`).problems).toEqual(['200002:1 a tab is used to indent'])
  expect(read(`a: |\n${'  \tc\n'.repeat(200_000)}`).problems).toEqual([])
})

/** More rounds than CI needs: GANTRY_FUZZ=100000 npx vitest run test/text/loosen.test.ts */
const rounds = Number(process.env['GANTRY_FUZZ'] ?? 4000)
const corpus = globSync('fixtures/corpus/*/*.yaml')
  .toSorted()
  .map(path => decode(path, readFileSync(path)).source.text)

test('where lines are broken within brackets changes nothing', () => {
  const random = generator(20_261_122)
  const pick = picker(random)
  let compared = 0
  for (const text of corpus) {
    const { values, problems } = read(text)
    const first = quick(text, 500)
    if (problems.length || !('documents' in first)) continue
    const { brackets, scalars } = partsOf(first.documents, text)
    const broken = text.replaceAll(/(?<=[,[{]) ?(?! *#|\s)/g, (blank, at: number) =>
      within(brackets, at) && !within(scalars, at) ? pick(['\n', ' ', '\n\t', ' # x\n', '\n\n ', '\t']) : blank,
    )
    if (broken === text) continue
    expect({ broken, ...read(broken), documents: 0 }).toEqual({ broken, values, problems, documents: 0 })
    compared++
  }
  expect(compared).toBeGreaterThan(100)
})

test('what is read with blanks put in is what is read without them, where both can be', { timeout: 600_000 }, () => {
  const random = generator(20_261_123)
  const pick = picker(random)
  let compared = 0
  for (let round = 0; round < rounds; round++) {
    const spread = pick(corpus).replaceAll(
      /, |(?=[\]}])/g,
      gap => `${gap}${pick(['', '', '\n', '\n      ', '# x\n '])}`,
    )
    const text = Buffer.from(mutate(spread, random)).toString()
    if (!loosened(text) || unusual.test(text)) continue
    const source = { name: 'compose.yaml', text }
    const { documents, problems } = thorough(source, 500)
    if (problems.length) continue
    const wrong: Problem[] = []
    const nodes = documents.map(({ root }) => tree(root, source, problem => wrong.push(problem)))
    if (wrong.length) continue
    expect({ text, documents: read(text).documents }).toEqual({ text, documents: nodes })
    compared++
  }
  expect(compared).toBeGreaterThan(20)
})

/** Directives, a "---" further in, and "...", of which `yaml` makes a document. */
const unusual = /^(?:\s*%|\.\.\.| +---)|\ufeff/m

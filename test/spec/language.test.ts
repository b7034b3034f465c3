import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { effects } from '../../build/effects.ts'
import { attributes, effectOf, schemaText, tableText } from '../../build/language.ts'
import { partEffects } from '../../build/part-effects.ts'
import { unsupportedRows } from '../../src/local/container/unsupported.ts'
import { compose } from '../../src/spec/file.ts'
import { tidy } from './tidy.ts'

describe('compose-spec/ is what the rows say', () => {
  test('the schema is current: `node build/compose-spec.ts` writes it', () => {
    expect(readFileSync('compose-spec/compose.schema.json', 'utf8')).toBe(schemaText())
  })

  test('the table is current: `node build/compose-spec.ts` writes it', () => {
    expect(readFileSync('compose-spec/attributes.md', 'utf8')).toBe(tableText())
  })
})

test('every attribute does something, or says that it does nothing', () => {
  expect(attributes(compose, '').filter(({ path }) => effectOf(path).does === '')).toEqual([])
})

test('every effect is one of an attribute', () => {
  const known = new Set(attributes(compose, '').map(({ path }) => path))
  expect(
    Object.keys({ ...effects, ...partEffects }).filter(
      path => !known.has(path) && !path.endsWith('pull_refresh_after'),
    ),
  ).toEqual([])
})

describe('the table says what an engine cannot do, and nothing else', () => {
  const plain = (path: string) => path.replaceAll('[]', '')
  const about = (path: string) => (other: string) => plain(other) === path || plain(other).startsWith(`${path}.`)
  const code = { refused: '`unsupported`', partly: '`no-effect`', none: '`no-effect`' } as const

  test.each(unsupportedRows)('$path: $effect', ({ path, effect }) => {
    const told = Object.entries(effects).filter(([other]) => about(path)(other))
    expect(told.filter(([, row]) => row.told?.includes(code[effect]))).not.toEqual([])
  })

  /** Told by other parts: a swarm's networks and files by name, what the language itself says has no use. */
  const elsewhere = /^(?:models|services\.\*\.pull_refresh_after|(?:networks|volumes|secrets|configs)\b.*)$/

  test.each(
    Object.entries(effects).flatMap(([path, { told }]) => (told && !elsewhere.test(path) ? [[path, told]] : [])),
  )('%s: %s', (path, told) => {
    const rows = unsupportedRows.filter(row => about(row.path)(path) || about(plain(path))(row.path))
    const codes = rows.map(({ effect }) => code[effect])
    const said = /^(?:error|warning) (`(?:unsupported|no-effect)`)/.exec(told)?.[1]
    if (said !== undefined) expect(codes).toContain(said)
  })
})

describe('an editor takes what the rows take', () => {
  const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schemaText()))

  test.each(tidy)('%j', (_text, file) => {
    expect(valid(file), JSON.stringify(valid.errors)).toBe(true)
  })

  test.each([
    { services: { a: { portz: [] } } },
    { services: { a: { image: 1 } } },
    { volumes: { 'a b': null } },
    { servics: {} },
  ])('and not %j', file => expect(valid(file)).toBe(false))
})

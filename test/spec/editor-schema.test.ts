import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/model/project.ts'
import { plain } from '../../src/spec/plain.ts'
import type { Context } from '../../src/spec/shape.ts'
import { decode } from '../../src/text/encoding.ts'
import { parse } from '../../src/text/parse.ts'

const corpus = 'fixtures/corpus'
const schema = JSON.parse(readFileSync('compose-spec/compose.schema.json', 'utf8')) as object
const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)

/** What is taken, and an editor underlines all the same: somebody should look at it. */
const underlined: Readonly<Record<string, string>> = {
  'extends-reset': 'empty by a tag, which is nothing that a schema sees',
  'extends-with-unknown-keys': 'keys without effect',
  'include-null': 'an empty section',
  'network-names-the-schema-passes': 'keys without effect',
  'reference-crash-include-with-empty-section': 'an empty section',
  'reference-crash-include-with-empty-services': 'an empty section',
  'reference-wrong-unknown-keys-of-links': 'keys without effect',
}

const taken = readdirSync(corpus).filter(name => {
  const expected = readFileSync(join(corpus, name, 'expected.txt'), 'utf8')
  return /^(?:name|services):/m.test(expected) && existsSync(join(corpus, name, 'compose.yaml'))
})

describe('an editor takes the files of the corpus that are taken', () => {
  test.each(taken.filter(name => !Object.hasOwn(underlined, name)))('%s', name => {
    for (const document of documentsOf(name)) expect(valid(document), JSON.stringify(valid.errors)).toBe(true)
  })
})

describe('an editor underlines what is taken and looks odd', () => {
  test.each(Object.entries(underlined))('%s: %s', name => {
    expect(documentsOf(name).every(document => valid(document))).toBe(false)
  })
})

function documentsOf(name: string): readonly Json[] {
  const report = () => undefined
  const { source } = decode('compose.yaml', readFileSync(join(corpus, name, 'compose.yaml')))
  return parse(source, report).map(node => plain(node, { report } as unknown as Context))
}

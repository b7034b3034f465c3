import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/text/encoding.ts'
import type { Node } from '../../src/text/node.ts'
import type { ParsedDocument } from '../../src/text/parsed.ts'
import type { Problem } from '../../src/text/problem.ts'
import { quick } from '../../src/text/quick.ts'
import { thorough } from '../../src/text/thorough.ts'
import { tree } from '../../src/text/tree.ts'
import { generator, mutate, picker } from '../kit/mutate.ts'

/** More rounds than CI needs: GANTRY_FUZZ=100000 npx vitest run test/text/quick.test.ts */
const rounds = Number(process.env['GANTRY_FUZZ'] ?? 3000)
const corpus = globSync('fixtures/corpus/*/*.yaml')
  .toSorted()
  .map(path => readFileSync(path, 'utf8'))

const both = (text: string) => {
  const read = quick(text, 500)
  const { documents, problems } = thorough({ name: 'compose.yaml', text }, 500)
  return {
    quickly: 'documents' in read ? read.documents.map(shown(text)) : undefined,
    thoroughly: problems.length ? undefined : documents.map(shown(text)),
  }
}

describe('what both ways of reading accept, they read alike, places included', () => {
  test('the corpus', () => {
    for (const text of corpus) {
      const { quickly, thoroughly } = both(text)
      if (quickly && thoroughly) expect(quickly, JSON.stringify(text)).toEqual(thoroughly)
    }
  })

  test(`${rounds} mutations of it`, { timeout: 600_000 }, () => {
    const random = generator(20_261_121)
    const pick = picker(random)
    let compared = 0
    for (let round = 0; round < rounds; round++) {
      const { source, problem } = decode('compose.yaml', Buffer.from(mutate(pick(corpus), random)))
      const { text } = source
      if (problem || unusual.test(text)) continue
      const { quickly, thoroughly } = both(text)
      if (!quickly || !thoroughly || JSON.stringify(quickly).includes('key-not-text')) continue
      expect(quickly, JSON.stringify(text)).toEqual(thoroughly)
      compared++
    }
    expect(compared).toBeGreaterThan(rounds / 4)
  })
})

test('most files need no second look', () => {
  const refused = corpus.filter(text => {
    const { quickly, thoroughly } = both(text)
    return !quickly && thoroughly
  })
  expect(refused.length).toBeLessThan(corpus.length / 50)
})

/** Byte order marks in the middle, directives, a "---" further in, and "...", of which `yaml` makes a document. */
const unusual = /^(?:\s*%|\.\.\.| +---)|\ufeff/m

function shown(text: string): (document: ParsedDocument) => unknown {
  return ({ root, version }) => {
    const problems: Problem[] = []
    const node = tree(root, { name: 'compose.yaml', text }, problem => problems.push(problem))
    return { version, node: node && plain(node), problems: problems.map(({ code, at }) => [code, at?.start, at?.end]) }
  }
}

function plain(node: Node): unknown {
  const { at, tag, written } = node
  const marks = [at.start, at.end, tag, written]
  if (node.kind === 'scalar') return [...marks, typeof node.value === 'bigint' ? `${node.value}n` : node.value]
  if (node.kind === 'list') return [...marks, node.items.map(plain)]
  return [...marks, [...node.entries].map(([name, { key, node }]) => [name, key.start, key.end, plain(node)])]
}

import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allCodes, messages } from '../../src/cli/codes/codes.ts'

const sources = globSync('src/**/*.{ts,tsx}')
  .filter(file => !file.startsWith('src/cli/codes/'))
  .map(file => ({ file, text: readFileSync(file, 'utf8') }))

/** What became of a line of the lock, of a plan, of a recipe's values, and of a file that an engine is given. */
const otherWords = [
  'new',
  'unused',
  'not-pulled',
  'policy',
  'copied',
  'random-secret',
  'driver',
  'environment',
  'external',
]

/** Reasons of plans are words for machines; `plan` has a sentence for each. */
const reasons = new Set([
  ...otherWords,
  ...[
    ...readFileSync('src/local/judge/reasons.ts', 'utf8')
      .split('export function')[0]!
      .matchAll(/\| '([a-z-]+)'/g),
  ].map(([, code]) => code!),
])

/** Codes as they are written where something is told: a property, or the first argument of what makes a problem. */
const written =
  /\b(?:code: (?:[\w. =!]+\? )?|(?:userError|bad|warn|warning|unknown|ok|complain|refuse|problem|wrong|tell)\(\s*)'([a-z][a-z0-9-]+)'/g
const alternatives = /\bcode: [^,\n]+\? '([a-z0-9-]+)' : '([a-z0-9-]+)'/g

const inSource = new Set(
  sources.flatMap(({ text }) =>
    [...text.matchAll(written), ...text.matchAll(alternatives)].flatMap(([, ...codes]) => codes.filter(Boolean)),
  ),
)

describe('every code', () => {
  test('that anything can tell is explained, in a table of src/cli/codes or of diagnose and lint', () => {
    const known = new Set(allCodes())
    expect([...inSource].filter(code => !known.has(code) && !reasons.has(code)).toSorted()).toEqual([])
    expect(inSource.size).toBeGreaterThan(300)
  })

  test('that is explained is told somewhere', () => {
    const all = sources.map(({ text }) => text).join('\n')
    const engine = /^engine-(?:unreachable|not-found|conflict|port-taken|denied|unsupported|invalid|cancelled|failed)$/
    const explained = Object.values(messages).flatMap(Object.keys)
    expect(explained.filter(code => !engine.test(code) && !all.includes(`'${code}'`))).toEqual([])
  })

  test('is explained once', () => {
    const explained = Object.values(messages).flatMap(Object.keys)
    expect(explained.filter((code, i) => explained.indexOf(code) !== i)).toEqual([])
  })

  test('has sentences', () => {
    for (const meanings of Object.values(messages))
      for (const sentence of Object.values(meanings).flat()) expect(sentence).toMatch(/^["A-Z~-].*[.]$|^[a-z"-].*[.]$/)
  })
})

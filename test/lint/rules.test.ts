import { describe, expect, test } from 'vitest'
import { mended } from '../../src/lint/edits.ts'
import { rules } from '../../src/lint/rules.ts'
import { linted, type Texts, underlined, unmarked } from '../kit/linted.ts'
import { dockerfileTexts } from './dockerfile-texts.ts'
import { lifetimeTexts } from './lifetime-texts.ts'
import { networkTexts } from './network-texts.ts'
import { probeTexts } from './probe-texts.ts'
import { rightsTexts } from './rights-texts.ts'
import { spellingTexts } from './spelling-texts.ts'
import { valueTexts } from './value-texts.ts'

/** Of each rule: what it keeps silent on, and what it remarks on, with the words that it underlines between « and ». */
export interface RuleTexts {
  readonly silent: readonly Texts[]
  readonly remarks: readonly Texts[]
}

const all: Readonly<Record<string, RuleTexts>> = {
  ...lifetimeTexts,
  ...probeTexts,
  ...valueTexts,
  ...spellingTexts,
  ...networkTexts,
  ...rightsTexts,
  ...dockerfileTexts,
}

test('each rule has texts of both kinds, and every code is one rule', () => {
  expect(Object.keys(all).toSorted()).toEqual(rules.map(({ code }) => code).toSorted())
  for (const [code, { silent, remarks }] of Object.entries(all)) {
    expect(silent.length, `${code}: silent`).toBeGreaterThan(1)
    expect(remarks.length, `${code}: remarks`).toBeGreaterThan(0)
  }
})

test('twenty rules are looked at without being asked for', () => {
  expect(rules.filter(({ star }) => star)).toHaveLength(20)
})

describe.each(rules.map(rule => [rule.code, rule] as const))('%s', (code, rule) => {
  const { silent, remarks } = all[code] ?? { silent: [], remarks: [] }

  test.each(silent)('keeps silent on %j', async texts => {
    expect((await linted(texts, [rule])).map(underlined)).toEqual([])
  })

  test.each(remarks)('remarks on %j', async marked => {
    const { texts, words } = unmarked(marked)
    const found = await linted(texts, [rule])
    expect(found.map(underlined).toSorted()).toEqual([...words].toSorted())
    for (const { problem } of found) {
      expect(problem.message).toMatch(/^[^A-Z\s].*[^.\s]$/)
      expect(problem.hint).toMatch(/^.*[^.\s]$/)
    }
  })

  test('says so of its own example, and not of the good one', async () => {
    expect((await linted(example(rule.bad), [rule])).length).toBeGreaterThan(0)
    expect((await linted(example(rule.good), [rule])).map(underlined)).toEqual([])
  })

  test('mends what it can, and has nothing to say of the result', async () => {
    let edited = 0
    for (const marked of remarks) {
      const { texts } = unmarked(marked)
      const given = typeof texts === 'string' ? { 'compose.yaml': texts } : texts
      const found = await linted(given, [rule])
      const mendable = found.filter(({ edits }) => edits.length > 0)
      edited += mendable.length
      const changed = [...mended(mendable.map(({ edits }) => edits))].map(([{ name }, text]) => [name, text])
      const left = await linted({ ...given, ...(Object.fromEntries(changed) as Record<string, string>) }, [rule])
      expect(left.filter(one => one.edits.length > 0).map(underlined)).toEqual([])
      expect(left.length).toBeLessThanOrEqual(found.length - mendable.length)
    }
    if (rule.fixes) expect(edited).toBeGreaterThan(0)
    else expect(edited).toBe(0)
  })
})

test('what mends a file keeps every comment, and all that stood beside it', async () => {
  for (const rule of rules.filter(({ fixes }) => fixes))
    for (const marked of all[rule.code]?.remarks ?? []) {
      const { texts } = unmarked(marked)
      const given = typeof texts === 'string' ? { 'compose.yaml': texts } : texts
      const noted = noteLines(given['compose.yaml'] ?? '')
      const found = await linted({ ...given, 'compose.yaml': noted }, [rule])
      for (const [{ name }, text] of mended(found.map(({ edits }) => edits))) {
        if (name !== 'compose.yaml') continue
        const notes = (from: string) => from.match(/# note \d+/g) ?? []
        expect(notes(text), rule.code).toEqual(notes(noted))
        expect(text.endsWith('\n')).toBe(noted.endsWith('\n'))
      }
    }
})

test('a Dockerfile in a compose file is mended where it stands, also before another entry', async () => {
  const text =
    'services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM app\n        CMD node $$x\n        ADD a /b\n    image: web\n'
  const found = await linted(
    text,
    rules.filter(({ code }) => code === 'add-for-copy'),
  )
  expect([...mended(found.map(({ edits }) => edits)).values()]).toEqual([text.replace('ADD', 'COPY')])
})

/** With a comment above each line that begins an entry. */
function noteLines(text: string): string {
  let count = 0
  return text.replaceAll(/^( *)(?=[\w-]+:|- )/gm, (_, indent: string) => `${indent}# note ${count++}\n${indent}`)
}

/** What examples leave out because everybody knows what it is. */
function example(text: string): Texts {
  const beside = { 'start.sh': '#!/bin/sh\r\nnpm start\r\n', '.env': 'A=1\n' }
  if (text.startsWith('FROM')) return { ...beside, 'compose.yaml': 'services: {web: {build: .}}\n', Dockerfile: text }
  const dockerfile = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n'
  return { 'compose.yaml': text, ...(text.includes('build: .') && { Dockerfile: dockerfile }) }
}

import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configText } from '../../src/actions/config.ts'
import { configHashes } from '../../src/actions/config-hashes.ts'
import { memory } from '../../src/load/files.ts'
import { load } from '../../src/load/load.ts'
import { select } from '../../src/model/select.ts'
import { frame } from '../../src/text/frame.ts'
import { UserError } from '../../src/text/problem.ts'

/** More rounds than CI needs: GANTRY_FUZZ=100000 npx vitest run test/load/fuzz.test.ts */
const rounds = Number(process.env['GANTRY_FUZZ'] ?? 3000)

const words = [
  'null',
  '~',
  '[]',
  '{}',
  '""',
  '1',
  '-1',
  '1.5',
  '1e3',
  'true',
  'yes',
  '.inf',
  '0x1F',
  '2001-01-01',
  '99999999999999999999',
  '$',
  '${',
  '${A',
  '${A:-',
  '}',
  '${A:?x}',
  '$$',
  '!reset',
  '!override',
  '!!int x',
  '&a',
  '*a',
  '<<: *a',
  '<<: 1',
  '? a',
  '- ',
  ': ',
  ', ',
  '	',
  '\n',
  '---\n',
  '...\n',
  'services:',
  'image: x',
  'build: .',
  'extends: a',
  'include: [compose.yaml]',
  'networks: [n]',
  'depends_on: [a]',
  'ports: [80]',
  'volumes: [v:/x]',
  'environment: [A]',
  'x-a: 1',
  'profiles: [p]',
  '"',
  "'",
  '#',
  '|',
  '>-',
  '{',
  '[',
  ']',
  'é',
  '😀',
  '\0',
  '﻿',
  '\ud800',
  '__proto__: 1',
  'constructor',
  'toString',
]

test(`${rounds} mutated projects end in a model or in errors with places`, { timeout: 600_000 }, async () => {
  const texts = globSync('fixtures/corpus/*/*.yaml')
    .toSorted()
    .map(path => readFileSync(path, 'utf8'))
  const random = generator(20_261_121)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  for (let round = 0; round < rounds; round++) {
    const files: Record<string, string> = { '/srv/p/compose.yaml': mutate(pick(texts), random, pick) }
    if (random() < 0.3) files['/srv/p/compose.override.yaml'] = mutate(pick(texts), random, pick)
    if (random() < 0.2) files['/srv/p/.env'] = mutate('A=1\nB="x y"\nC=${A}\n', random, pick)
    await tried(files, round)
  }
})

async function tried(files: Record<string, string>, round: number): Promise<void> {
  const began = performance.now()
  try {
    const { project } = await load({ cwd: '/srv/p', env: { HOME: '/home/me' }, filesystem: memory(files) })
    const part = select(project, {})
    configText(part, { format: 'yaml', escape: true })
    configText(part, { format: 'json', escape: true })
    configHashes(project, '*')
  } catch (error) {
    if (!(error instanceof UserError)) throw new Error(`round ${round}: ${JSON.stringify(files)}`, { cause: error })
    expect(error.problems.length, JSON.stringify(files)).toBeGreaterThan(0)
    for (const { message, at } of error.problems) {
      expect(message).not.toMatch(/undefined$|\[object|\bNaN\b/)
      if (at) frame(at)
    }
  }
  expect(performance.now() - began, JSON.stringify(files)).toBeLessThan(30_000)
}

function mutate(text: string, random: () => number, pick: <T>(from: readonly T[]) => T): string {
  let changed = text
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at = Math.floor(random() * changed.length)
    const end = Math.min(changed.length, at + 1 + Math.floor(random() * 20))
    const lines = changed.split('\n')
    const line = Math.floor(random() * lines.length)
    const change = Math.floor(random() * 7)
    if (change === 0) changed = changed.slice(0, at) + changed.slice(end)
    else if (change === 1) changed = changed.slice(0, at) + pick(words) + changed.slice(at)
    else if (change === 2) changed = changed.slice(0, at) + pick(words) + changed.slice(end)
    else if (change === 3) changed = lines.toSpliced(line, 1).join('\n')
    else if (change === 4) changed = lines.toSpliced(line, 0, lines[Math.floor(random() * lines.length)]!).join('\n')
    else if (change === 5)
      changed = lines.with(line, ' '.repeat(Math.floor(random() * 6)) + lines[line]!.trim()).join('\n')
    else changed = lines.with(line, lines[line]!.replace(/: ?.*$/, `: ${pick(words)}`)).join('\n')
  }
  return changed
}

/** The same numbers for the same seed on every machine (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

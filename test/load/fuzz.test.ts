import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configText } from '../../src/actions/config/config.ts'
import { configHashes } from '../../src/actions/config/hashes.ts'
import { rawConfig } from '../../src/actions/config/raw.ts'
import { variablesTable } from '../../src/actions/config/variables.ts'
import { memory } from '../../src/load/files.ts'
import { type LoadOptions, load } from '../../src/load/load.ts'
import { hidden } from '../../src/model/hidden.ts'
import { select } from '../../src/model/select.ts'
import { frame } from '../../src/text/frame.ts'
import { UserError, userError } from '../../src/text/problem.ts'
import { generator, mutate, picker } from '../kit/mutate.ts'

/** More rounds than CI needs: GANTRY_FUZZ=100000 npx vitest run test/load/fuzz.test.ts */
const rounds = Number(process.env['GANTRY_FUZZ'] ?? 3000)

test(`${rounds} mutated projects end in a model or in errors with places`, { timeout: 600_000 }, async () => {
  const texts = globSync('fixtures/corpus/*/*.yaml')
    .toSorted()
    .map(path => readFileSync(path, 'utf8'))
  const random = generator(20_261_121)
  const pick = picker(random)
  for (let round = 0; round < rounds; round++) {
    const files: Record<string, string> = { '/srv/p/compose.yaml': mutate(pick(texts), random) }
    if (random() < 0.3) files['/srv/p/compose.override.yaml'] = mutate(pick(texts), random)
    if (random() < 0.2) files['/srv/p/.env'] = mutate('A=1\nB="x y"\nC=${A}\n', random)
    await tried(files, round)
  }
})

async function tried(files: Record<string, string>, round: number): Promise<void> {
  const began = performance.now()
  const options: LoadOptions = {
    cwd: '/srv/p',
    env: { HOME: '/home/me' },
    filesystem: memory(files),
    fetch: reference => Promise.reject(userError('no-part', `there is no "${reference}"`)),
  }
  const ways = [
    async () => {
      const { project } = await load(options)
      const part = select(project, {})
      configText(part, { format: 'yaml', escape: true })
      configText(part, { format: 'json', escape: true })
      configHashes(project, '*')
    },
    () => rawConfig({ ...options, without: new Set(['interpolate']) }, 'yaml'),
    () => variablesTable(options, 'yaml'),
  ]
  for (const way of ways) await endsWell(way, files, round)
  expect(performance.now() - began, JSON.stringify(files)).toBeLessThan(30_000)
}

async function endsWell(way: () => Promise<unknown>, files: Record<string, string>, round: number): Promise<void> {
  try {
    await way()
  } catch (error) {
    if (!(error instanceof UserError)) throw new Error(`round ${round}: ${JSON.stringify(files)}`, { cause: error })
    expect(error.problems.length, JSON.stringify(files)).toBeGreaterThan(0)
    for (const { message, at } of error.problems) {
      expect(message).not.toMatch(/undefined$|\[object|\bNaN\b/)
      if (at) frame(at, 1, hidden)
    }
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diagnose, probeKey } from '../../src/diagnose/diagnose.ts'
import type { Finding } from '../../src/diagnose/finding.ts'
import type { Facts, Probe, Scene } from '../../src/diagnose/scene.ts'
import { nowhere } from '../../src/text/origin.ts'

/** What a real engine answered, as build/record-scene.ts keeps it in fixtures/scenes/CODE.json; CODE.more.json is one more of it. */
interface Recorded {
  readonly origin: { readonly engine: string; readonly date: string; readonly how: string }
  readonly scene: Scene
  readonly facts: readonly (readonly [Probe, Facts[Probe['what']] | 'unknown'])[]
  readonly told: Finding
}

const folder = 'fixtures/scenes'

for (const file of readdirSync(folder)) {
  const { origin, scene, facts, told } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Recorded

  test(`${told.code}: ${origin.how}, on ${origin.engine}`, () => {
    const known = new Map(facts.map(([probe, fact]) => [probeKey(probe), fact]))
    expect(diagnose(scene, known, nowhere).findings[0]).toEqual(told)
    expect(told.code).toBe(file.split('.', 1)[0])
  })
}

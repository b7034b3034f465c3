import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { causes, diagnoses } from '../../src/diagnose/diagnoses.ts'

/** Words of what a real engine was made to do: services of scenarios are called as their causes, or tests name them. */
const brought = new Set(
  [...globSync('fixtures/scenario/why*/*.yaml'), ...globSync('test/scenario/why*.test.ts')].flatMap(
    file => readFileSync(file, 'utf8').match(/(?<=^ {2}|['"])[a-z0-9]+(?:-[a-z0-9]+)+(?=:|['"])/gm) ?? [],
  ),
)
const recorded = new Set(globSync('fixtures/scenes/*.json').map(file => basename(file).split('.', 1)[0]))

test('each cause was brought about on a real engine: in a scenario, or in a scene that was recorded', () => {
  const codes = diagnoses.map(({ code }) => code)
  expect(codes.filter(code => !brought.has(code) && !recorded.has(code))).toEqual([])
})

test('each cause is explained under one code, and no message goes by the code of another', () => {
  const codes = causes.flatMap(({ code, told = [] }) => [code, ...told])
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([])
})

import { globSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { check } from '../../src/actions/check.ts'
import { UserError } from '../../src/text/problem.ts'

/** Those that are to be wrong, or that need a registry. */
const wrong = ['check', 'mistakes', 'remote-part'].map(name => `fixtures/scenario/${name}`)

const files = globSync('{examples,templates,fixtures/scenario}/**/{compose,compose.*,docker-compose}.{yaml,yml}')
  .filter(file => !wrong.includes(dirname(file)) && !basename(file).includes('.override.'))
  .toSorted()

test('there are files that people use', () => {
  expect(files.length).toBeGreaterThan(20)
})

test.each(files)('%s has nothing that a starred rule would remark on', async file => {
  const folder = resolve(dirname(file))
  const { findings, errors } = await check({
    load: { cwd: folder, env: {}, files: [resolve(file)] },
    operands: [],
    packs: [],
    all: false,
  })
  const told = findings.filter(({ problem }) => problem.code !== 'unset-variable')
  // What a fragment of a project lacks, the project has.
  const broken = errors.filter(({ code }) => !['missing-variable', 'undeclared', 'no-image-or-build'].includes(code))
  expect([
    ...told.map(({ problem: { code, message } }) => `${code}: ${message}`),
    ...broken.map(({ message }) => message),
  ]).toEqual([])
})

/** Odd on purpose: whatever loads can be looked at. */
const odd = globSync('fixtures/corpus/*/compose.yaml').map(file => dirname(resolve(file)))

test('no rule stumbles over anything that can be loaded', async () => {
  let looked = 0
  for (const folder of odd) {
    const options = { cwd: folder, env: {}, files: [`${folder}/compose.yaml`], fetch: nowhere }
    const { errors } = await check({ load: options, operands: [], packs: [], all: true })
    if (errors.length === 0) looked++
  }
  expect(looked).toBeGreaterThan(300)
})

test('whatever lies in the repository can be looked at, Dockerfiles as well', async () => {
  const others = globSync('{examples,templates,fixtures/scenario}/**/*.{yaml,yml}').filter(
    file => !files.includes(file),
  )
  const dockerfiles = globSync('{examples,templates,fixtures}/**/Dockerfile*')
  expect(others.length).toBeGreaterThan(20)
  expect(dockerfiles.length).toBeGreaterThan(10)
  const looked = { load: { cwd: resolve('.'), env: {}, fetch: nowhere }, packs: [], all: true }
  const { findings, errors } = await check({ ...looked, operands: [...others, ...dockerfiles] })
  expect(findings.length).toBeGreaterThan(50)
  // What cannot be read says where.
  for (const { at, message } of errors) expect(at?.source.name ?? message).not.toBe('')
  const told = findings.filter(
    ({ problem: { code, at } }) => code === 'script-crlf' || at?.source.name.includes('Dockerfile'),
  )
  expect(told.every(({ severity }) => severity !== 'error')).toBe(true)
})

const nowhere = () => Promise.reject(new UserError([]))

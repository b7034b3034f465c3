import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { add } from '../../../src/actions/add/add.ts'
import { recipes } from '../../../src/actions/add/recipe.ts'
import { check } from '../../../src/actions/check.ts'
import { load } from '../../../src/load/load.ts'
import { aFolder } from '../../kit/folder.ts'

const shop = `# the shop
services:
  web:
    build: . # ours
`

async function added(folder: string, kinds: readonly string[], more: { name?: string; dryRun?: boolean } = {}) {
  const lines: string[] = []
  const result = await add(kinds, {
    load: { cwd: folder, env: {} },
    emit: event => {
      if (event.type === 'problem') lines.push(event.problem.message)
      if (event.type === 'plan')
        for (const { unit, verdict } of event.stages[0]!.outline.changes) lines.push(`${verdict} ${unit.short}`)
    },
    ...more,
  })
  return { ...result, lines }
}

const text = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8')

const kinds = (await recipes()).map(({ name }) => name)

test.each(kinds)('%s goes into a file and comes out clean: with check, limits and a pinned image', async kind => {
  const folder = aFolder({ 'compose.yaml': shop })
  const { uses } = await added(folder, [kind], { name: 'other' })
  const { project, problems } = await load({ cwd: folder, env: {} })
  expect(problems).toEqual([])
  const service = project.services['other']!
  expect(service.healthcheck?.test?.length).toBeGreaterThan(0)
  expect(Object.keys(service.deploy?.resources?.limits ?? {}).toSorted()).toEqual(['cpus', 'memory', 'pids'])
  expect(service.image).toMatch(/:(?:v?\d+\.\d+|RELEASE)/)
  expect(service.restart).toBe('unless-stopped')
  for (const port of service.ports ?? []) expect(port.host_ip).toBe('127.0.0.1')
  for (const { source } of service.volumes ?? []) expect(source).toMatch(/^other-/)
  for (const { source } of service.secrets ?? []) expect(source).toBe('other_password')
  expect(uses).toEqual([expect.stringMatching(/^other: /)])
  expect(text(folder, 'compose.yaml').startsWith(shop)).toBe(true)
  expect(text(folder, 'compose.yaml')).not.toMatch(/\bNAME\b/)
})

test.each(kinds)('check has no remark on %s, nor on what it brings along', async kind => {
  const before = 'services:\n  web:\n    image: busybox:1.36\n'
  const folder = aFolder({ 'compose.yaml': before })
  const remarks = async () => {
    const asked = { load: { cwd: folder, env: {} }, operands: [], packs: [], all: false }
    const { findings, errors } = await check(asked)
    expect(errors).toEqual([])
    return findings.map(({ problem }) => problem.code)
  }
  const own = await remarks()
  await added(folder, [kind])
  expect(await remarks()).toEqual(own)
})

describe('beside the Compose file', () => {
  test('a secret is made, kept out of the repository and out of images; all of it is told', async () => {
    const folder = aFolder({ 'compose.yaml': shop, '.dockerignore': 'node_modules' })
    expect((await added(folder, ['postgres'])).lines).toEqual([
      'replace compose.yaml',
      'create service postgres',
      'create volume postgres-data',
      'create secret postgres_password',
      'create secrets/postgres_password.txt',
      'create secrets/.gitignore',
      'replace .dockerignore',
    ])
    expect(text(folder, 'secrets/postgres_password.txt')).toMatch(/^[0-9a-f]{40}$/)
    expect(text(folder, 'secrets/.gitignore')).toBe('*\n')
    expect(text(folder, '.dockerignore')).toBe('node_modules\nsecrets\n')
  })

  test('a secret that is there is kept', async () => {
    const folder = aFolder({ 'compose.yaml': shop, 'secrets/postgres_password.txt': 'mine' })
    await added(folder, ['postgres'])
    expect(text(folder, 'secrets/postgres_password.txt')).toBe('mine')
  })
})

test('two at once are one change', async () => {
  const folder = aFolder({ 'compose.yaml': shop })
  await added(folder, ['postgres', 'redis'])
  const { project } = await load({ cwd: folder, env: {} })
  expect(Object.keys(project.services)).toEqual(['web', 'postgres', 'redis'])
})

test('where the other services are on networks of their own, it is told that they do not reach it', async () => {
  const text = 'services:\n  web: { image: a, networks: [front] }\nnetworks:\n  front:\n'
  expect((await added(aFolder({ 'compose.yaml': text }), ['redis'])).lines).toContain(
    'no other service is on the default network, where "redis" will be',
  )
  expect((await added(aFolder({ 'compose.yaml': shop }), ['redis'])).lines.join()).not.toContain('network')
})

test('a dry run shows a diff and writes nothing', async () => {
  const folder = aFolder({ 'compose.yaml': shop })
  const { diff } = await added(folder, ['redis'], { dryRun: true })
  expect(diff).toContain('--- compose.yaml\n+++ compose.yaml\n@@ -2,3 +2,')
  expect(diff).toContain('\n+  redis:\n')
  expect(text(folder, 'compose.yaml')).toBe(shop)
  expect(existsSync(join(folder, 'secrets'))).toBe(false)
})

test('the file keeps its mode, and a link stays a link to it', async () => {
  const folder = aFolder({ 'real/compose.yaml': 'services:\n  a: { image: a }\n' })
  chmodSync(join(folder, 'real/compose.yaml'), 0o600)
  symlinkSync('real/compose.yaml', join(folder, 'compose.yaml'))
  await added(folder, ['redis'])
  expect(statSync(join(folder, 'real/compose.yaml')).mode & 0o777).toBe(0o600)
  expect(text(folder, 'real/compose.yaml')).toContain('redis:')
  expect(readFileSync(join(folder, 'compose.yaml'), 'utf8')).toBe(text(folder, 'real/compose.yaml'))
})

describe('refused, and the file is as it was', () => {
  test.each([
    [
      'a name that is there',
      { 'compose.yaml': 'services:\n  redis: { image: a }\n' },
      'there is a service "redis" already',
    ],
    [
      'a name that another file has',
      { 'compose.yaml': shop, 'compose.override.yaml': 'services:\n  redis: { image: a }\n' },
      'another file of the project has a service "redis" already',
    ],
    ['a file with mistakes', { 'compose.yaml': 'services:\n  web: { imag: a }\n' }, 'unknown key "imag"'],
    [
      'a text whose blank lines at the end count',
      { 'compose.yaml': 'services:\n  a:\n    image: a\n    labels:\n      a: |+\n        x\n\n\n' },
      'is written in a way that leaves no place for it',
    ],
  ])('%s', async (_, files, message) => {
    const folder = aFolder(files)
    await expect(added(folder, ['redis'])).rejects.toThrow(message)
    expect(text(folder, 'compose.yaml')).toBe(files['compose.yaml'])
  })

  test('something that nobody knows', async () => {
    await expect(added(aFolder({ 'compose.yaml': shop }), ['postgre'])).rejects.toThrow('there is no "postgre" to add')
  })
})

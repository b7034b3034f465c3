import { mkdirSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type LoadOptions, load } from '../../src/load/load.ts'
import { UserError } from '../../src/text/problem.ts'
import { artifactRegistry } from '../kit/artifact-registry.ts'
import { artifact, envFile, extended } from '../kit/compose-artifact.ts'
import { aFolder } from '../kit/folder.ts'

const shop = (level: string) =>
  artifact([
    'services:\n  web:\n    extends: {file: base.yaml, service: base}\n    env_file: web.env\n    depends_on: [db]\n',
    'services: {db: {image: postgres}}\n',
    extended('base.yaml', 'services: {base: {image: nginx}}\n'),
    envFile('web.env', `LEVEL=${level}\n`),
  ])

function place(files: Record<string, string>) {
  const cwd = aFolder(files)
  const cache = aFolder()
  const options = (more: Partial<LoadOptions> = {}): LoadOptions => ({
    cwd,
    env: { HOME: cwd, XDG_CACHE_HOME: cache },
    ...more,
  })
  return { cwd, cache: join(cache, 'gantry', 'oci'), options }
}

describe('a part in a registry', () => {
  test('is included, with all that it extends and reads', async () => {
    const registry = await artifactRegistry()
    registry.publish('1', shop('info'))
    const { options } = place({ 'compose.yaml': `include: ["oci://${registry.host}/shop:1"]\n` })
    const { project } = await load(options())
    expect(project.services).toMatchObject({
      web: { image: 'nginx', environment: { LEVEL: 'info' } },
      db: { image: 'postgres' },
    })
  })

  test('is kept by its digest: asked for again, but not fetched again until its tag moves', async () => {
    const registry = await artifactRegistry()
    const { options, cache } = place({ 'compose.yaml': `include: ["oci://${registry.host}/shop:1"]\n` })
    const level = async () => (await load(options())).project.services['web']?.environment
    registry.publish('1', shop('info'))
    expect(await level()).toEqual({ LEVEL: 'info' })
    registry.requests.length = 0
    expect(await level()).toEqual({ LEVEL: 'info' })
    expect(registry.requests).toEqual(['GET /v2/shop/manifests/1'])
    registry.publish('1', shop('debug'))
    expect(await level()).toEqual({ LEVEL: 'debug' })
    expect(readdirSync(cache).toSorted()).toEqual(
      ['info', 'debug'].map(text => shop(text).manifest.digest.replace(':', '-')).toSorted(),
    )
  })

  test('named by its digest needs no registry once it was fetched', async () => {
    const registry = await artifactRegistry()
    const content = shop('info')
    registry.publish('1', content)
    const { options } = place({
      'compose.yaml': `include: ["oci://${registry.host}/shop@${content.manifest.digest}"]\n`,
    })
    await load(options())
    registry.requests.length = 0
    await load(options())
    expect(registry.requests).toEqual([])
  })

  test('of which a layer is missing leaves nothing behind', async () => {
    const registry = await artifactRegistry()
    const content = shop('info')
    registry.publish('1', { ...content, blobs: content.blobs.slice(0, -1) })
    const { options, cache } = place({ 'compose.yaml': `include: ["oci://${registry.host}/shop:1"]\n` })
    await expect(load(options())).rejects.toThrow(UserError)
    expect(readdirSync(cache)).toEqual([])
    registry.publish('1', content)
    await load(options())
  })

  test('names no file outside its own folder, not by the name of a file in it either', async () => {
    const registry = await artifactRegistry()
    const { options, cwd } = place({
      'compose.yaml': `include: ["oci://${registry.host}/shop:1"]\n`,
      secret: 'A=hunter2\n',
    })
    const message = async () => {
      const error: unknown = await load(options()).then(
        () => undefined,
        thrown => thrown,
      )
      return error instanceof UserError ? error.problems.map(problem => problem.code) : error
    }
    registry.publish('1', artifact(['services: {a: {image: a}}', envFile('../../escaped', 'x')]))
    expect(await message()).toEqual(['outside-part'])
    registry.publish('1', artifact([`services: {a: {image: a, env_file: "${join(cwd, 'secret')}"}}`]))
    expect(await message()).toEqual(['outside-part'])
    registry.publish('1', artifact(['services: {a: {image: a, env_file: ../other/x.env}}']))
    expect(await message()).toEqual(['outside-part'])
  })
})

test('what a run that was killed left half done is swept away an hour later', async () => {
  const registry = await artifactRegistry()
  registry.publish('1', shop('info'))
  const { options, cache } = place({ 'compose.yaml': `include: ["oci://${registry.host}/shop:1"]\n` })
  for (const [name, age] of [
    ['.draft-old', 7200],
    ['.draft-new', 60],
  ] as const) {
    mkdirSync(join(cache, name, 'draft'), { recursive: true })
    const then = Date.now() / 1000 - age
    utimesSync(join(cache, name), then, then)
  }
  await load(options())
  expect(readdirSync(cache).toSorted()).toEqual(['.draft-new', expect.stringMatching(/^sha256-/)])
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { checkLock, lock, locked } from '../../../src/actions/images/lock.ts'
import { lockText, readLock } from '../../../src/load/lock-file.ts'
import type { Service } from '../../../src/model/project.ts'
import { nowhere } from '../../../src/text/origin.ts'
import { type ArtifactRegistry, artifactRegistry } from '../../kit/artifact-registry.ts'
import { artifact } from '../../kit/compose-artifact.ts'
import { aFolder } from '../../kit/folder.ts'
import { aProject } from '../../kit/project.ts'

const old = { digest: `sha256:${'a'.repeat(64)}`, date: '2026-01-01T00:00:00Z' }

/** A project in a folder of its own, with a lock of these images where there are any. */
function shop(services: Readonly<Record<string, Service>>, images: readonly string[] = []) {
  const text = lockText(images.map(image => ({ image, ...old })))
  const folder = aFolder(images.length > 0 ? { 'gantry.lock': text } : {})
  const project = aProject(services, { files: [join(folder, 'compose.yaml')], working_dir: folder })
  const place = { cwd: folder, env: {}, home: '/nowhere', origin: nowhere }
  return { project, place, folder, path: join(folder, 'gantry.lock') }
}

async function locking(made: ReturnType<typeof shop>, options: Partial<Parameters<typeof lock>[1]> = {}) {
  const events: Event[] = []
  const registry = { env: {}, home: '/nowhere' }
  const emit = (event: Event) => void events.push(event)
  const changes = await lock(made.project, { ...made.place, registry, emit, ...options })
  return changes.map(({ unit, verdict }) => `${verdict} ${unit.name.replace(/^.*\//, '')}`)
}

async function registry(): Promise<ArtifactRegistry & { readonly digest: string }> {
  const made = await artifactRegistry()
  const content = artifact(['a: 1'])
  for (const tag of ['1', '2']) made.publish(tag, content)
  return { ...made, digest: content.manifest.digest }
}

describe('a lock is written', () => {
  test('anew for what has changed, while a date stays as long as its digest', async () => {
    const { host, digest } = await registry()
    const made = shop({ a: { image: `${host}/web:1` } })
    expect(await locking(made)).toEqual(['create web:1'])
    const first = readFileSync(made.path, 'utf8')
    expect(await locking(made)).toEqual([])
    expect(readFileSync(made.path, 'utf8')).toBe(first)
    expect(readLock(made.path, '')!.get(`${host}/web:1`)!.digest).toBe(digest)
  })

  test('without what no service runs any more', async () => {
    const { host } = await registry()
    const made = shop({ a: { image: `${host}/web:1` } }, [`${host}/web:1`, `${host}/gone:1`])
    expect(await locking(made)).toEqual(['remove gone:1', 'change web:1'])
  })

  test('only for some services, or only for what is new, and then nobody is asked for the rest', async () => {
    const { host, requests } = await registry()
    const images = [`${host}/web:1`, `${host}/db:1`]
    const services = { a: { image: images[0]! }, b: { image: images[1]! } }
    expect(await locking(shop(services, images), { services: ['a'] })).toEqual(['change web:1'])
    expect(await locking(shop(services, images), { keep: true })).toEqual([])
    expect(requests.filter(line => line.includes('/db/'))).toEqual([])
  })

  test('not at all in a dry run, nor where an image has no digest', async () => {
    const { host } = await registry()
    const made = shop({ a: { image: `${host}/web:1` } })
    expect(await locking(made, { dryRun: true })).toEqual(['create web:1'])
    expect(readLock(made.path, '')).toBeUndefined()
    await expect(locking(shop({ a: { image: `${host}/web:3` } }))).rejects.toThrow(
      `image "${host}/web:3" of service "a" has no digest: "${host}/web" has no "3"`,
    )
  })
})

describe('a lock is kept', () => {
  const services = {
    a: { image: 'web:1' },
    b: { image: `db:1@sha256:${'b'.repeat(64)}` },
    c: { image: 'mine:1', build: { context: '.' } },
  }

  test('by the name with the digest; what says its digest itself and what is built here stay', () => {
    const { project, place } = shop(services, ['web:1'])
    const images = Object.values(locked(project, place).services).map(({ image }) => image)
    expect(images).toEqual([`web:1@${old.digest}`, services.b.image, 'mine:1'])
  })

  test('or the image that it does not know is named, as is a lock that is missing', () => {
    const unknown = shop(services, ['web:2'])
    expect(() => locked(unknown.project, unknown.place)).toThrow(
      '"gantry.lock" does not know image "web:1" of service "a"',
    )
    const none = shop(services)
    expect(() => locked(none.project, none.place)).toThrow('there is no "gantry.lock"')
  })

  test('and is held against the files without a registry', () => {
    const fits = shop(services, ['web:1'])
    expect(() => checkLock(fits.project, fits.place)).not.toThrow()
    const not = shop(services, ['web:2'])
    expect(() => checkLock(not.project, not.place)).toThrow(
      '"gantry.lock" does not know image "web:1" of service "a"; "gantry.lock" has image "web:2", which no service runs',
    )
  })

  test('by no project that lies elsewhere as a whole', () => {
    const { project, place } = shop(services)
    const kept = { ...project, files: ['/nowhere/.cache/gantry/oci/sha256-00/compose.yaml'] }
    expect(() => locked(kept, place)).toThrow('a project out of a registry or a repository has no lock file')
  })
})

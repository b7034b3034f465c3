import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { expect, test } from 'vitest'
import { passwdEntry } from '../../../src/actions/watch/owner.ts'
import { type Manifest, send, type SendingEngine } from '../../../src/actions/watch/sending.ts'
import { EngineError } from '../../../src/engine/errors.ts'
import { aFolder } from '../../kit/folder.ts'

/** A container that remembers what it was sent: path, and to whom it belongs there. */
function receiver({ rm = 0, refusesDirectories = false } = {}) {
  const archives: string[][] = []
  const removed: string[][] = []
  const engine: SendingEngine = {
    async putArchive(_, path, archive) {
      expect(path).toBe('/')
      const names: string[] = []
      const entries = Readable.from(archive as AsyncIterable<Uint8Array>, { objectMode: false }).pipe(extract())
      for await (const entry of entries) {
        const { name, uid, gid, type } = entry.header
        names.push(`${type} ${name} ${uid}:${gid}`)
        entry.resume()
      }
      if (refusesDirectories && names.some(name => name.startsWith('directory')))
        throw new EngineError('invalid', 'cannot overwrite non-directory "/app" with directory "/"')
      archives.push(names)
    },
    async exec(_, { command }) {
      removed.push([...command])
      return rm
    },
  }
  return { engine, archives, removed }
}

const container = { id: 'c', running: true, owner: { uid: 1000, gid: 1001 } }
const signal = new AbortController().signal

async function files() {
  const folder = aFolder()
  await mkdir(join(folder, 'lib'))
  await writeFile(join(folder, 'a.js'), 'a')
  await writeFile(join(folder, 'lib/b.js'), 'bb')
  await symlink('a.js', join(folder, 'link'))
  const placed = (...names: string[]) => names.map(name => ({ from: join(folder, name), to: `/app/${name}` }))
  return { folder, placed }
}

test('files, directories and links go in one stream and belong to the container’s user', async () => {
  const { placed } = await files()
  const { engine, archives } = receiver()
  const sent = await send(engine, container, placed('lib/b.js', 'link', 'lib', 'a.js'), new Map(), signal)
  expect(archives).toEqual([
    [
      'file app/a.js 1000:1001',
      'directory app/lib/ 1000:1001',
      'file app/lib/b.js 1000:1001',
      'symlink app/link 1000:1001',
    ],
  ])
  expect(sent).toEqual({ files: 3, deleted: 0, bytes: 3 })
})

test('what has not changed is not sent again', async () => {
  const { folder, placed } = await files()
  const { engine, archives } = receiver()
  const manifest: Manifest = new Map()
  await send(engine, container, placed('a.js', 'lib/b.js'), manifest, signal)
  expect(await send(engine, container, placed('a.js', 'lib/b.js'), manifest, signal)).toEqual({
    files: 0,
    deleted: 0,
    bytes: 0,
  })
  await writeFile(join(folder, 'a.js'), 'other')
  await send(engine, container, placed('a.js', 'lib/b.js'), manifest, signal)
  expect(archives).toEqual([['file app/a.js 1000:1001', 'file app/lib/b.js 1000:1001'], ['file app/a.js 1000:1001']])
})

test.each([
  ['a file larger than what is kept in memory', 1, 300_000],
  ['more files at a time than are kept in memory', 2001, 1],
])('%s arrives, and is not sent again while it stays as it is', async (_, count, size) => {
  const folder = aFolder()
  const names = Array.from({ length: count }, (_, i) => `f${i}`)
  const placed = names.map(name => ({ from: join(folder, name), to: `/app/${name}` }))
  await Promise.all(placed.map(({ from }) => writeFile(from, 'x'.repeat(size))))
  const { engine, archives } = receiver()
  const manifest: Manifest = new Map()
  expect(await send(engine, container, placed, manifest, signal)).toEqual({
    files: count,
    deleted: 0,
    bytes: count * size,
  })
  expect(await send(engine, container, placed, manifest, signal)).toMatchObject({ files: 0 })
  await writeFile(placed[0]!.from, 'y'.repeat(size))
  expect(await send(engine, container, placed, manifest, signal)).toMatchObject({ files: 1 })
  expect(archives.map(names => names.length)).toEqual([count, 1])
})

test('what is gone here is removed there, a folder with all that was in it at once', async () => {
  const { folder, placed } = await files()
  const { engine, removed } = receiver()
  const manifest: Manifest = new Map()
  await send(engine, container, placed('lib', 'lib/b.js', 'a.js'), manifest, signal)
  await rm(join(folder, 'lib'), { recursive: true })
  expect(await send(engine, container, placed('lib', 'lib/b.js', 'a.js'), manifest, signal)).toEqual({
    files: 0,
    deleted: 2,
    bytes: 0,
  })
  expect(removed).toEqual([['rm', '-rf', '--', '/app/lib']])
  await send(engine, container, placed('lib', 'lib/b.js'), manifest, signal)
  expect(removed).toHaveLength(1)
})

test('where the image has no rm, the rest is sent all the same, and that is told', async () => {
  const { placed } = await files()
  const { engine, archives } = receiver({ rm: 127 })
  const sent = await send(engine, container, placed('gone', 'a.js'), new Map(), signal)
  expect(sent).toEqual({ files: 1, deleted: 0, bytes: 1, undeleted: 'its image has no "rm"' })
  expect(archives).toHaveLength(1)
})

test('a container that does not run is asked for deletions once it does', async () => {
  const { placed } = await files()
  const { engine, removed } = receiver()
  const manifest: Manifest = new Map()
  await send(engine, { ...container, running: false }, placed('gone'), manifest, signal)
  expect(removed).toEqual([])
  await send(engine, container, placed('gone'), manifest, signal)
  expect(removed).toHaveLength(1)
})

test('where a directory is a link in the container, the files in it are sent without it', async () => {
  const { placed } = await files()
  const { engine, archives } = receiver({ refusesDirectories: true })
  await send(engine, container, placed('lib', 'lib/b.js'), new Map(), signal)
  expect(archives).toEqual([['file app/lib/b.js 1000:1001']])
})

test('a user is looked up by name or number', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n'
  expect(passwdEntry(passwd, 'node')).toEqual({ uid: 1000, gid: 1001 })
  expect(passwdEntry(passwd, '1000')).toEqual({ uid: 1000, gid: 1001 })
  expect(passwdEntry(passwd, 'nobody')).toBeUndefined()
})

import { once } from 'node:events'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { passwdEntry } from '../../../src/actions/watch/owner.ts'
import { type Manifest, type Receiver, type SendingEngine, send } from '../../../src/actions/watch/sending.ts'
import { EngineError } from '../../../src/engine/errors.ts'
import type { PathStat } from '../../../src/engine/live.ts'
import { aFolder } from '../../kit/folder.ts'

interface Behaviour {
  readonly rm?: number
  readonly removes?: boolean
  readonly refuses?: (names: readonly string[]) => string | undefined
  readonly has?: Readonly<Record<string, PathStat['kind']>>
}

/** A container that remembers what it was sent: path, and to whom it belongs there. */
function receiver({ rm = 0, removes = false, refuses = () => undefined, has = {} }: Behaviour = {}) {
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
      const refusal = refuses(names)
      if (refusal !== undefined) throw new EngineError('invalid', refusal)
      archives.push(names)
    },
    async removePath(_, path) {
      if (path.endsWith('absent')) return 'absent'
      if (removes) removed.push(['engine', path])
      return removes ? 'removed' : 'refused'
    },
    async statPath(_, path) {
      const kind = has[path]
      return kind && { name: path, size: 0, kind, mode: 0o644, modified: 0, target: '' }
    },
    async exec(_, { command }) {
      removed.push([...command])
      return rm
    },
  }
  return { engine, archives, removed }
}

const container: Receiver = { id: 'c', running: true, owner: { uid: 1000, gid: 1001 }, mounts: [] }
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
    deleted: 1,
    bytes: 0,
    byRm: true,
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
  const { engine, archives } = receiver({
    has: { '/app/lib': 'link' },
    refuses: names =>
      names.some(name => name.startsWith('directory'))
        ? 'cannot overwrite non-directory "/app/lib" with directory "/"'
        : undefined,
  })
  await send(engine, container, placed('lib', 'lib/b.js'), new Map(), signal)
  expect(archives).toEqual([['file app/lib/b.js 1000:1001']])
})

test('a file that the image has where a folder is to be makes way for it', async () => {
  const { placed } = await files()
  const { engine, archives, removed } = receiver({
    has: { '/app/lib': 'file' },
    removes: true,
    refuses: () => (removed.length === 0 ? 'cannot overwrite non-directory "/app/lib" with directory "/"' : undefined),
  })
  await send(engine, container, placed('lib', 'lib/b.js'), new Map(), signal)
  expect(removed).toEqual([['engine', '/app/lib']])
  expect(archives).toEqual([['directory app/lib/ 1000:1001', 'file app/lib/b.js 1000:1001']])
})

test('what was a folder and is a file now makes way, and the other way round', async () => {
  const { folder, placed } = await files()
  const { engine, removed } = receiver({ removes: true })
  const manifest: Manifest = new Map()
  await send(engine, container, placed('lib', 'lib/b.js', 'a.js'), manifest, signal)
  await rm(join(folder, 'lib'), { recursive: true })
  await rm(join(folder, 'a.js'))
  await writeFile(join(folder, 'lib'), 'lib')
  await mkdir(join(folder, 'a.js'))
  const sent = await send(engine, container, placed('lib', 'lib/b.js', 'a.js'), manifest, signal)
  expect(removed).toEqual([
    ['engine', '/app/lib'],
    ['engine', '/app/a.js'],
  ])
  expect(sent.files).toBe(1)
})

test('a folder that was moved away and back again has all its files again', async () => {
  const { folder, placed } = await files()
  const { engine, archives } = receiver({ removes: true })
  const manifest: Manifest = new Map()
  await send(engine, container, placed('lib', 'lib/b.js'), manifest, signal)
  await rename(join(folder, 'lib'), join(folder, 'away'))
  await send(engine, container, placed('lib'), manifest, signal)
  await rename(join(folder, 'away'), join(folder, 'lib'))
  await send(engine, container, placed('lib', 'lib/b.js'), manifest, signal)
  expect(archives[1]).toEqual(['directory app/lib/ 1000:1001', 'file app/lib/b.js 1000:1001'])
})

describe('what is gone is taken away', () => {
  test('through the engine where that has a way, also of a container that does not run', async () => {
    const { placed } = await files()
    const { engine, removed } = receiver({ removes: true })
    const sent = await send(engine, { ...container, running: false }, placed('x', 'y'), new Map(), signal)
    expect(removed).toEqual([
      ['engine', '/app/x'],
      ['engine', '/app/y'],
    ])
    expect(sent).toEqual({ files: 0, deleted: 2, bytes: 0 })
  })

  test('and what the container never had does not count', async () => {
    const { placed } = await files()
    const { engine } = receiver({ removes: true })
    const sent = await send(engine, container, placed('x', 'absent'), new Map(), signal)
    expect(sent).toEqual({ files: 0, deleted: 1, bytes: 0 })
  })

  test('by one rm where it is much, or where the engine has no way, and that is said', async () => {
    const { placed } = await files()
    const much = receiver({ removes: true })
    const names = ['1', '2', '3', '4', '5']
    const sent = await send(much.engine, container, placed(...names), new Map(), signal)
    expect(much.removed).toEqual([['rm', '-rf', '--', ...names.map(name => `/app/${name}`)]])
    expect(sent).toEqual({ files: 0, deleted: 5, bytes: 0, byRm: true })
    const none = receiver()
    expect(await send(none.engine, container, placed('1'), new Map(), signal)).toMatchObject({ byRm: true })
  })

  test('through the engine one by one, where it is much and the image has no rm', async () => {
    const { placed } = await files()
    const { engine, removed } = receiver({ removes: true, rm: 127 })
    const sent = await send(engine, container, placed('1', '2', '3', '4', '5'), new Map(), signal)
    expect(removed.filter(([by]) => by === 'engine')).toHaveLength(5)
    expect(sent).toEqual({ files: 0, deleted: 5, bytes: 0 })
  })

  test('but never what is mounted into the container, nor what holds a mount', async () => {
    const { placed } = await files()
    const { engine, removed } = receiver({ removes: true })
    const mounts = ['/app/data/db']
    const sent = await send(engine, { ...container, mounts }, placed('data', 'data/db', 'x'), new Map(), signal)
    expect(removed).toEqual([['engine', '/app/x']])
    expect(sent.undeleted).toBe('"/app/data/db" is mounted there')
  })
})

test('the folder that a rule names stays in the container when it is gone here: it holds more than was sent', async () => {
  const folder = aFolder()
  const root = { from: join(folder, 'src'), to: '/app', isRoot: true }
  const { engine, removed } = receiver({ removes: true, has: { '/app': 'directory' } })
  await send(engine, container, [root, { from: join(folder, 'src/a'), to: '/app/a' }], new Map(), signal)
  expect(removed).toEqual([['engine', '/app/a']])
  const file = receiver({ removes: true, has: { '/app': 'file' } })
  await send(file.engine, container, [root], new Map(), signal)
  expect(file.removed).toEqual([['engine', '/app']])
})

test('a file that cannot be read is told, and stays in the container as it is', async () => {
  const folder = aFolder()
  await symlink('loop', join(folder, 'loop'))
  const { engine, removed, archives } = receiver({ removes: true })
  const from = join(folder, 'loop/inner')
  const sent = await send(engine, container, [{ from, to: '/app/inner' }], new Map(), signal)
  expect(sent).toEqual({ files: 0, deleted: 0, bytes: 0, unread: [{ path: from, why: 'ELOOP' }] })
  expect([...removed, ...archives]).toEqual([])
})

test('a socket is not sent, and nothing is deleted in its place', async () => {
  const folder = aFolder()
  const path = join(folder, 's')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const { engine, removed, archives } = receiver({ removes: true })
  await send(engine, container, [{ from: path, to: '/app/s' }], new Map(), signal)
  server.close()
  expect([...removed, ...archives]).toEqual([])
})

test('a rule that names a link sends what it leads to', async () => {
  const { folder } = await files()
  const { engine, archives } = receiver()
  await send(engine, container, [{ from: join(folder, 'link'), to: '/a', isRoot: true }], new Map(), signal)
  expect(archives).toEqual([['file a 1000:1001']])
})

test('a user is looked up by name or number', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n'
  expect(passwdEntry(passwd, 'node')).toEqual({ uid: 1000, gid: 1001 })
  expect(passwdEntry(passwd, '1000')).toEqual({ uid: 1000, gid: 1001 })
  expect(passwdEntry(passwd, 'nobody')).toBeUndefined()
})

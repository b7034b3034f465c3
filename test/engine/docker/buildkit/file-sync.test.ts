import { expect, test } from 'vitest'
import { message, read } from '../../../../src/base/protobuf.ts'
import type { BuildFolder, FolderEntry, WantedEntries } from '../../../../src/engine/build.ts'
import { sendFolder } from '../../../../src/engine/docker/buildkit/file-sync.ts'
import { serve } from '../../../../src/engine/docker/buildkit/grpc.ts'
import { aConnection, buildkitSide } from './buildkit-side.ts'

const [ENTRY, REQUEST, DATA, END] = [0, 1, 2, 3]

/** A folder in memory that notes what was wanted of it. */
function folderOf(files: Readonly<Record<string, string>>, more: readonly Partial<FolderEntry>[] = []) {
  const wanted: WantedEntries[] = []
  const folder: BuildFolder = {
    key: 'k',
    async *entries(asked) {
      wanted.push(asked)
      const meta = { mode: 0o644, mtime: 1500, size: 0 }
      for (const [path, text] of Object.entries(files)) yield { ...meta, path, kind: 'file', size: text.length }
      for (const entry of more) yield { ...meta, path: 'other', kind: 'file', ...entry }
    },
    async *read(path) {
      const text = files[path]
      if (text === undefined) throw new Error(`${path} is gone`)
      yield Buffer.from(text)
    },
  }
  return { folder, wanted }
}

async function synced(
  folder: BuildFolder,
  headers: Record<string, string | string[]> = {},
  ask: readonly number[] = [],
) {
  const [ours, theirs] = await aConnection()
  serve(ours, asked => sendFolder(asked, folder))
  const call = buildkitSide(theirs)('/moby.filesync.v1.FileSync/DiffCopy', headers)
  const entries: { path: string; mode: number; size: number; mtime: number; target: string }[] = []
  const contents = new Map<number, string>()
  const open = new Set(ask)
  for await (const bytes of call.messages) {
    const packet = read(bytes)
    const [kind, index] = [packet.number(1), packet.number(3)]
    if (kind === ENTRY && packet.has(2)) {
      const stat = read(packet.bytes(2))
      entries.push({
        path: stat.text(1),
        mode: stat.number(2),
        size: stat.number(5),
        mtime: stat.number(6),
        target: stat.text(7),
      })
    } else if (kind === ENTRY)
      for (const one of ask)
        call.send(
          message([
            [1, REQUEST],
            [3, one],
          ]),
        )
    else if (kind === DATA && packet.has(4))
      contents.set(index, (contents.get(index) ?? '') + packet.bytes(4).toString())
    else if (kind === DATA) open.delete(index)
    if (kind !== END && open.size === 0 && (kind === DATA || ask.length === 0) && !(kind === ENTRY && packet.has(2)))
      call.send(message([[1, END]]))
    if (kind === END) call.end()
  }
  return { entries, contents: Object.fromEntries(contents), ended: await call.ended }
}

test('what there is comes first, in Go’s own modes, and nothing of a content that is not asked for', async () => {
  const { folder } = folderOf({ a: 'one' }, [
    { path: 'd', kind: 'directory', mode: 0o1755 },
    { path: 'l', kind: 'symlink', mode: 0o777, target: 'a' },
    { path: 'p', kind: 'fifo', mode: 0o4600 },
  ])
  const { entries, contents, ended } = await synced(folder)
  expect(entries).toEqual([
    { path: 'a', mode: 0o644, size: 3, mtime: 1.5e9, target: '' },
    { path: 'd', mode: 2 ** 31 + 2 ** 20 + 0o755, size: 0, mtime: 1.5e9, target: '' },
    { path: 'l', mode: 2 ** 27 + 0o777, size: 0, mtime: 1.5e9, target: 'a' },
    { path: 'p', mode: 2 ** 25 + 2 ** 23 + 0o600, size: 0, mtime: 1.5e9, target: '' },
  ])
  expect(contents).toEqual({})
  expect(ended).toEqual(['0', ''])
})

test('what is asked for by its index is sent whole, in pieces, however many at once', async () => {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, String(i).repeat(100_000)]))
  const { contents } = await synced(folderOf(files).folder, {}, [0, 3, 7, 11, 12, 13, 19])
  expect(Object.keys(contents)).toEqual(['0', '3', '7', '11', '12', '13', '19'])
  for (const [index, text] of Object.entries(contents)) expect(text).toBe(files[`f${index}`])
})

test('what is wanted is handed on as it was said: patterns with commas in them, and those written as in a URL', async () => {
  const { folder, wanted } = folderOf({})
  await synced(folder, { 'exclude-patterns': ['a, b', '!c'], followpaths: ['x'] })
  await synced(folder, { 'include-patterns': ['%C3%BC+x'], 'include-patterns-encoded': '1' })
  expect(wanted).toEqual([{ exclude: ['a, b', '!c'], follow: ['x'] }, { include: ['ü x'] }])
})

test('a file that cannot be read ends the call with the reason', async () => {
  const { folder } = folderOf({}, [{ path: 'gone' }])
  const { ended } = await synced(folder, {}, [0])
  expect(ended).toEqual(['2', 'gone is gone'])
})

import { chmodSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { WantedEntries } from '../../../src/engine/build.ts'
import { buildFolder, folderOf } from '../../../src/local/build/folder.ts'
import { aFolder } from '../../kit/folder.ts'

async function paths(root: string, wanted: WantedEntries = {}): Promise<string[]> {
  const found: string[] = []
  for await (const { path } of buildFolder(root).entries(wanted)) found.push(path)
  return found
}

test('all is told in the order of the names’ bytes, a directory before what it holds', async () => {
  const root = aFolder({ 'a/z': '', 'a.b': '', 'a-b': '', Z: '', ü: '', '\u{1f600}': '', '\uffee': '' })
  expect(await paths(root)).toEqual(['Z', 'a', 'a/z', 'a-b', 'a.b', 'ü', '\uffee', '\u{1f600}'].toSorted(byParts))
})

/** As fsutil compares: part by part, each by its bytes. */
function byParts(a: string, b: string): number {
  const [as, bs] = [a.split('/'), b.split('/')]
  for (const [i, part] of as.entries()) {
    if (bs[i] === undefined) return 1
    const order = Buffer.compare(Buffer.from(part), Buffer.from(bs[i]))
    if (order !== 0) return order
  }
  return -1
}

test('kind, mode, size and where links lead are told', async () => {
  const root = aFolder({ 'd/file': 'four' })
  chmodSync(join(root, 'd/file'), 0o754)
  symlinkSync('file', join(root, 'd/link'))
  const found = []
  for await (const { path, kind, mode, size, target } of buildFolder(root).entries({}))
    found.push([path, kind, ...(kind === 'file' ? [mode, size] : []), ...(target ? [target] : [])])
  expect(found).toEqual([
    ['d', 'directory'],
    ['d/file', 'file', 0o754, 4],
    ['d/link', 'symlink', 'file'],
  ])
})

test('what is excluded is left out, and directories of what is not are told before it', async () => {
  const root = aFolder({ 'a/b/keep': '', 'a/b/drop': '', 'a/c': '', d: '' })
  expect(await paths(root, { exclude: ['a', '!a/b/keep'] })).toEqual(['a', 'a/b', 'a/b/keep', 'd'])
  expect(await paths(root, { exclude: ['a', '!a/nowhere'] })).toEqual(['d'])
})

test('only what is included is told, whole where it is a directory', async () => {
  const root = aFolder({ 'a/b/c': '', 'a/d': '', e: '', 'f.txt': '' })
  expect(await paths(root, { include: ['a/b', '*.txt'] })).toEqual(['a', 'a/b', 'a/b/c', 'f.txt'])
  expect(await paths(root, { include: ['a'], exclude: ['a/b'] })).toEqual(['a', 'a/d'])
})

test('what is followed is told with what its links lead to', async () => {
  const root = aFolder({ 'real/sub/file': '', 'real/other': '', x1: '', x2: '', y: '' })
  symlinkSync('real/sub', join(root, 'link'))
  symlinkSync('/y', join(root, 'x3'))
  expect(await paths(root, { follow: ['link/file'] })).toEqual(['link', 'real', 'real/sub', 'real/sub/file'])
  expect(await paths(root, { follow: ['x*'] })).toEqual(['x1', 'x2', 'x3', 'y'])
  expect(await paths(root, { follow: ['nowhere', 'y'] })).toEqual(['y'])
  expect(await paths(root, { follow: ['.'] })).toHaveLength(9)
})

test('links that lead in a circle are followed once', async () => {
  const root = aFolder({ a: '' })
  symlinkSync('two', join(root, 'one'))
  symlinkSync('one', join(root, 'two'))
  expect(await paths(root, { follow: ['one'] })).toEqual(['one', 'two'])
})

test('a file is read in pieces that share memory', async () => {
  const root = aFolder({ large: 'abcdefgh' })
  const pieces: string[] = []
  for await (const piece of buildFolder(root).read('large', new Uint8Array(3)))
    pieces.push(Buffer.from(piece).toString())
  expect(pieces).toEqual(['abc', 'def', 'gh'])
})

test('a file that is gone when it is asked for is the user’s to mend', async () => {
  const root = aFolder({ a: '' })
  unlinkSync(join(root, 'a'))
  const read = async () => {
    for await (const _ of buildFolder(root).read('a', new Uint8Array(3))) throw new Error('nothing is there')
  }
  await expect(read()).rejects.toThrow('the build context cannot be read: ENOENT')
})

test('a text is a folder of one file, of the same age as long as it is the same', async () => {
  const age = async (text: string) => {
    for await (const { path, mtime } of folderOf('Dockerfile', text).entries({})) return [path, mtime]
  }
  expect(await age('FROM a')).toEqual(await age('FROM a'))
  expect(await age('FROM a')).not.toEqual(await age('FROM b'))
})

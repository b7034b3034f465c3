import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { type TarEntry, tar } from '../../src/base/tar.ts'
import { aFolder } from '../kit/folder.ts'

/** The archive as the system's own tar unpacks it. */
async function unpacked(entries: readonly TarEntry[]): Promise<string> {
  const directory = aFolder()
  writeFileSync(join(directory, 'archive'), await buffer(tar(entries)))
  execFileSync('tar', ['-xpf', 'archive'], { cwd: directory })
  return directory
}

const file = (path: string, text: string): TarEntry => ({
  type: 'file',
  path,
  mode: 0o644,
  content: Buffer.from(text),
})

test('files, directories and links come out as they went in', async () => {
  const directory = await unpacked([
    { type: 'directory', path: 'd', mode: 0o750 },
    file('d/a', 'hello'),
    file('empty', ''),
    { type: 'symlink', path: 'l', mode: 0o777, target: 'd/a' },
    { type: 'file', path: 'run', mode: 0o4755, mtime: 1_700_000_000_000, content: Buffer.from('#!') },
  ])
  expect(readFileSync(join(directory, 'd/a'), 'utf8')).toBe('hello')
  expect(lstatSync(join(directory, 'd')).mode & 0o7777).toBe(0o750)
  expect(lstatSync(join(directory, 'empty')).size).toBe(0)
  expect(readlinkSync(join(directory, 'l'))).toBe('d/a')
  expect(lstatSync(join(directory, 'run')).mode & 0o7777).toBe(0o4755)
  expect(lstatSync(join(directory, 'run')).mtimeMs).toBe(1_700_000_000_000)
})

test.each([
  ['100 characters', 'n'.repeat(100)],
  ['101 characters in one part', 'n'.repeat(101)],
  ['a long directory and a short name', `${'d'.repeat(150)}/n`],
  ['a directory longer than the prefix field', `${'d'.repeat(160)}/${'n'.repeat(90)}`],
  ['many parts', `${'abcdefghi/'.repeat(30)}end`],
  ['letters outside ASCII', 'grüße/日本.txt'],
])('a path of %s is kept', async (_, path) => {
  const directory = await unpacked([file(path, 'x')])
  expect(readFileSync(join(directory, path), 'utf8')).toBe('x')
})

test('a link’s target of more than 100 characters is kept', async () => {
  const target = 'x/'.repeat(80)
  const directory = await unpacked([{ type: 'symlink', path: 'l', mode: 0o777, target }])
  expect(readlinkSync(join(directory, 'l'))).toBe(target)
})

test('a file of a whole block gets no padding, one byte more gets a block', async () => {
  expect((await buffer(tar([file('a', 'x'.repeat(512))]))).length).toBe(512 + 512 + 1024)
  expect((await buffer(tar([file('a', 'x'.repeat(513))]))).length).toBe(512 + 1024 + 1024)
})

test('a large file is read piece by piece', async () => {
  async function* megabytes() {
    for (let i = 0; i < 50; i++) yield new Uint8Array(1 << 20)
  }
  let largest = 0
  let total = 0
  for await (const piece of tar([{ type: 'file', path: 'big', mode: 0o644, size: 50 << 20, content: megabytes() }])) {
    largest = Math.max(largest, piece.length)
    total += piece.length
  }
  expect(largest).toBeLessThan(2 << 20)
  expect(total).toBe((50 << 20) + 512 + 1024)
})

test.each([
  ['grew', 3],
  ['shrank', 9],
])('a file that %s while it was read ends the archive', async (_, size) => {
  async function* content() {
    yield Buffer.from('12345')
  }
  const entry: TarEntry = { type: 'file', path: 'log', mode: 0o644, size, content: content() }
  await expect(buffer(tar([entry]))).rejects.toThrow('"log" changed while it was read')
})

import { execFileSync } from 'node:child_process'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pack } from '../../../src/actions/copy/pack.ts'
import { unpack } from '../../../src/actions/copy/unpack.ts'
import { type TarEntry, tar } from '../../../src/base/tar.ts'
import { aFolder } from '../../kit/folder.ts'

const file = (path: string, text = 'evil', mode = 0o644): TarEntry => ({
  type: 'file',
  path,
  mode,
  mtime: 1_700_000_000_000,
  content: Buffer.from(text),
})
const directory = (path: string, mode = 0o755): TarEntry => ({
  type: 'directory',
  path,
  mode,
  mtime: 1_600_000_000_000,
})
const symlink = (path: string, target: string): TarEntry => ({ type: 'symlink', path, mode: 0o777, target })

/** A folder to unpack into, beside something that is none of the archive's business. */
function place() {
  const outside = aFolder()
  const into = join(outside, 'into')
  mkdirSync(into)
  writeFileSync(join(outside, 'secret'), 'mine')
  return { outside, into, untouched: () => readFileSync(join(outside, 'secret'), 'utf8') }
}

async function unpacked(into: string, entries: readonly TarEntry[] | AsyncIterable<TarEntry>) {
  const warnings: string[] = []
  const archive = tar(entries)
  await unpack(archive, into, { rename: path => path, owners: false, warn: (_, message) => warnings.push(message) })
  return warnings
}

describe('an archive is unpacked as it was packed', () => {
  test('files, directories, links and their times', async () => {
    const { into } = place()
    await unpacked(into, [
      directory('d', 0o500),
      file('d/a', 'hello', 0o640),
      file('d/deep/er', 'made on the way'),
      symlink('d/l', '../nowhere/at/all'),
      { type: 'link', path: 'd/b', mode: 0o640, target: 'd/a' },
      file('empty', ''),
    ])
    expect(readFileSync(join(into, 'd/a'), 'utf8')).toBe('hello')
    expect(lstatSync(join(into, 'd/a'))).toMatchObject({ mtimeMs: 1_700_000_000_000, nlink: 2 })
    expect(lstatSync(join(into, 'd')).mode & 0o777).toBe(0o500)
    expect(lstatSync(join(into, 'd')).mtimeMs).toBe(1_600_000_000_000)
    expect(readlinkSync(join(into, 'd/l'))).toBe('../nowhere/at/all')
    expect(lstatSync(join(into, 'd/b')).ino).toBe(lstatSync(join(into, 'd/a')).ino)
    expect(readFileSync(join(into, 'd/deep/er'), 'utf8')).toBe('made on the way')
    expect(readdirSync(into).toSorted()).toEqual(['d', 'empty'])
  })

  test('and so is what we pack ourselves, two names of one file included', async () => {
    const [from, { into }] = [aFolder(), place()]
    mkdirSync(join(from, 'd'))
    writeFileSync(join(from, 'd/a'), 'x'.repeat(300_000))
    linkSync(join(from, 'd/a'), join(from, 'd/b'))
    symlinkSync('a', join(from, 'd/l'))
    await unpack(pack(join(from, 'd'), { name: 'new', warn: () => {} }), into, {
      rename: path => path,
      owners: false,
      warn: () => {},
    })
    expect(readFileSync(join(into, 'new/a'), 'utf8')).toBe('x'.repeat(300_000))
    expect(lstatSync(join(into, 'new/b')).ino).toBe(lstatSync(join(into, 'new/a')).ino)
    expect(readlinkSync(join(into, 'new/l'))).toBe('a')
  })

  test('a file is replaced when it is whole, and not before', async () => {
    const { into } = place()
    writeFileSync(join(into, 'a'), 'old')
    const cut = async function* () {
      const whole = Buffer.concat(await Array.fromAsync(tar([file('a', 'n'.repeat(10_000))])))
      yield whole.subarray(0, 5000)
      throw new Error('the connection is gone')
    }
    const options = { rename: (path: string) => path, owners: false, warn: () => {} }
    await expect(unpack(cut(), into, options)).rejects.toThrow('the connection is gone')
    expect(readFileSync(join(into, 'a'), 'utf8')).toBe('old')
    expect(readdirSync(into)).toEqual(['a'])
    await unpacked(into, [file('a', 'new')])
    expect(readFileSync(join(into, 'a'), 'utf8')).toBe('new')
  })

  test('what is no file, directory or link is told and left out', async () => {
    const { into } = place()
    expect(await unpacked(into, [{ type: 'fifo', path: 'p', mode: 0o644 }, file('a')])).toEqual([
      '"p" is a fifo and was not copied',
    ])
    expect(readdirSync(into)).toEqual(['a'])
  })

  test('a program that would run as root in a container does not so here', async () => {
    const { into } = place()
    expect(await unpacked(into, [file('su', '#!', 0o6755)])).toHaveLength(1)
    expect(lstatSync(join(into, 'su')).mode & 0o7777).toBe(0o755)
  })
})

describe('nothing leads out of the folder', () => {
  test.each([
    ['a name that goes up', [file('../secret')], 'leads out'],
    ['one that goes down and up', [file('a/../../secret')], 'leads out'],
    ['a link to the outside, then a file through it', [symlink('l', '..'), file('l/secret')], 'no directory'],
    ['a link to a directory within', [directory('d'), symlink('l', 'd'), file('l/x')], 'no directory'],
    ['a link in a directory’s place', [symlink('d', '..'), directory('d')], 'cannot overwrite non-directory "d"'],
    ['a second name for what is outside', [{ type: 'link', path: 'a', mode: 0o644, target: '../secret' }], 'leads out'],
    [
      'a second name through a link',
      [symlink('l', '..'), { type: 'link', path: 'a', mode: 0o644, target: 'l/secret' }],
      'no directory',
    ],
    ['the folder itself as a file', [file('.')], 'the directory itself'],
    ['a file in a directory’s place', [directory('d'), file('d')], 'cannot overwrite directory "d"'],
  ] as readonly (readonly [string, readonly TarEntry[], string])[])('%s', async (_, entries, words) => {
    const { into, outside, untouched } = place()
    await expect(unpacked(into, entries)).rejects.toThrow(words)
    expect(untouched()).toBe('mine')
    expect(readdirSync(outside).toSorted()).toEqual(['into', 'secret'])
    expect(readdirSync(into).filter(name => name.startsWith('.gantry'))).toEqual([])
  })

  test('an absolute name is one from the folder on', async () => {
    const { into } = place()
    await unpacked(into, [file('/etc/hosts', 'here')])
    expect(readFileSync(join(into, 'etc/hosts'), 'utf8')).toBe('here')
  })

  test('a link to the outside is replaced by the file of its name, not written through', async () => {
    const { into, untouched } = place()
    symlinkSync('../secret', join(into, 'a'))
    await unpacked(into, [file('a', 'new')])
    expect(untouched()).toBe('mine')
    expect(readFileSync(join(into, 'a'), 'utf8')).toBe('new')
  })
})

test.skipIf(process.platform === 'win32')(
  'a file that there is no room for is told by its name, and leaves nothing behind',
  () => {
    const { into } = place()
    const at = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../../src', path)).href)
    const program = `import { refusedHere } from ${at('actions/copy/local-path.ts')}
    import { unpack } from ${at('actions/copy/unpack.ts')}
    import { tar } from ${at('base/tar.ts')}
    const big = { type: 'file', path: 'big', mode: 0o644, mtime: 0, content: Buffer.alloc(100_000) }
    const options = { rename: path => path, owners: false, warn: () => {} }
    await refusedHere(() => unpack(tar([big]), ${JSON.stringify(into)}, options)).catch(error => console.log(error.message))`
    // A process that may write files of 512 or 1024 bytes.
    const limited = ['-c', 'ulimit -f 1; exec "$0" --input-type=module --eval "$1"', process.execPath, program]
    expect(execFileSync('sh', limited, { encoding: 'utf8' })).toBe(`write ${join(into, 'big')}: file too large\n`)
    expect(readdirSync(into)).toEqual([])
  },
)

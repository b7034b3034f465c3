import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { writeWhole } from '../../src/base/whole-file.ts'
import { aFolder } from '../kit/folder.ts'

describe('a file that is written whole', () => {
  test('is there with what it says', () => {
    const folder = aFolder()
    writeWhole(join(folder, 'a'), 'new')
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new')
    expect(readdirSync(folder)).toEqual(['a'])
  })

  test('keeps its rights, and the link by which it is known', () => {
    const folder = aFolder()
    const [real, link] = [join(folder, 'real'), join(folder, 'link')]
    writeFileSync(real, 'old')
    chmodSync(real, 0o640)
    symlinkSync('real', link)
    writeWhole(link, 'new')
    expect(readFileSync(real, 'utf8')).toBe('new')
    expect(statSync(real).mode & 0o777).toBe(0o640)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  })

  test.skipIf(process.getuid?.() !== 0)('stays its owner’s when root writes it', () => {
    const file = join(aFolder(), 'a')
    writeFileSync(file, 'old')
    chownSync(file, 1234, 4321)
    writeWhole(file, 'new')
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 4321 })
  })

  test.skipIf(process.platform === 'win32')('is as it was where there is no room for the new one', () => {
    const folder = aFolder()
    const file = join(folder, 'a')
    writeFileSync(file, 'old')
    const at = JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src/base/whole-file.ts')).href)
    const program = `import { writeWhole } from ${at}
      try { writeWhole(${JSON.stringify(file)}, 'x'.repeat(100_000)) } catch (error) { console.log(error.code) }`
    // A process that may write files of 512 or 1024 bytes.
    const limited = ['-c', 'ulimit -f 1; exec "$0" --input-type=module --eval "$1"', process.execPath, program]
    expect(execFileSync('sh', limited, { encoding: 'utf8' })).toBe('EFBIG\n')
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a'])
  })
})

import { existsSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { beneath } from '../../src/base/beneath.ts'
import { aFolder } from '../kit/folder.ts'

test('folders on the way are made, and those that are there are used', () => {
  const root = aFolder({ 'a/here': '' })
  const folder = beneath(root)
  writeFileSync(folder.at('a/b/c/file'), '')
  writeFileSync(folder.at('/a/./other'), '')
  writeFileSync(join(folder.folder('d'), 'file'), '')
  folder.close()
  expect(new Set(readdirSync(root, { recursive: true, encoding: 'utf8' }))).toEqual(
    new Set(['a', 'a/b', 'a/b/c', 'a/b/c/file', 'a/here', 'a/other', 'd', 'd/file']),
  )
})

test.each(['..', '../x', 'a/../../x', 'a/..', '', '/', '.'])('"%s" is no path within', path => {
  const folder = beneath(aFolder())
  expect(() => folder.at(path)).toThrow(/leads out|the directory itself/)
  folder.close()
})

test('a link on the way is no folder, wherever it leads', () => {
  const root = aFolder({ 'd/file': '' })
  symlinkSync('d', join(root, 'inside'))
  symlinkSync('/tmp', join(root, 'outside'))
  const folder = beneath(root)
  for (const path of ['inside/x', 'outside/x', 'd/file/x', 'inside/x/y'])
    expect(() => folder.at(path), path).toThrow('which is no directory')
  folder.close()
})

test.runIf(process.platform === 'linux')('a folder that somebody replaces by a link meanwhile leads nowhere', () => {
  const [outside, root] = [aFolder(), aFolder()]
  const folder = beneath(root)
  writeFileSync(folder.at('d/first'), '')
  renameSync(join(root, 'd'), join(root, 'away'))
  symlinkSync(outside, join(root, 'd'))
  writeFileSync(folder.at('d/second'), '')
  folder.close()
  expect(readdirSync(outside)).toEqual([])
  expect(existsSync(join(root, 'away/second'))).toBe(true)
})

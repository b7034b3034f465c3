import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { workingDirectory } from '../../src/cli/here.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gantry-here-')))
const real = join(folder, 'real')
const link = join(folder, 'link')
mkdirSync(real)
symlinkSync(real, link)

test('a directory has the name that the shell came to it by', () => {
  expect(workingDirectory({ PWD: link }, real)).toBe(link)
})

test.each([undefined, '', 'link', folder, join(folder, 'nothing')])('its own where PWD is %j', PWD => {
  expect(workingDirectory({ PWD }, real)).toBe(real)
})

test('one that was removed under us is the user’s to leave, in one sentence', () => {
  const gone = mkdtempSync(join(folder, 'gone-'))
  const script = `
    import { rmdirSync } from 'node:fs'
    import { workingDirectory } from '${pathToFileURL(resolve('src/cli/here.ts')).href}'
    process.chdir('${gone}')
    rmdirSync('${gone}')
    try { workingDirectory({}) } catch (error) { console.log(error.name, error.message) }`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(stdout).toBe('UserError the current directory is gone, or may not be looked at\n')
})

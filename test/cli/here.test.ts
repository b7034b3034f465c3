import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

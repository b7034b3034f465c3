import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'

vi.stubGlobal('FLAGS', '--min-semi-space-size=8 --')
const settle = createRequire(import.meta.url)('../../build/first-line.cjs') as (file: string, platform: string) => void

function settled(platform: string, text: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'gantry-first-line-')), 'gantry.cjs')
  writeFileSync(file, text)
  settle(file, platform)
  return { text: readFileSync(file, 'utf8'), executable: (statSync(file).mode & 0o111) === 0o111 }
}

const packed = '#!/usr/bin/env node\n"use strict";run()\n'

test.each(['linux', 'darwin'])(
  'on %s a shell starts Node with what it needs, and JavaScript reads the same file',
  platform => {
    expect(settled(platform, packed)).toEqual({
      text: `#!/bin/sh\n':' //; exec node --min-semi-space-size=8 -- "$0" "$@"\n"use strict";run()\n`,
      executable: true,
    })
  },
)

test('on Windows npm finds the program and its flags in the first line, as cmd-shim reads it', () => {
  const { text } = settled('win32', packed)
  const read = /^#!\s*(?:\/usr\/bin\/env\s+(?:-S\s+)?((?:[^ \t=]+=[^ \t=]+\s+)*))?([^ \t]+)(.*)$/.exec(
    text.split('\n')[0]!,
  )
  expect(read?.slice(1)).toEqual(['', 'node', ' --min-semi-space-size=8 --'])
})

test('what begins in its own way stays as it is', () => {
  expect(settled('win32', '#!/bin/sh\necho\n').text).toBe('#!/bin/sh\necho\n')
})

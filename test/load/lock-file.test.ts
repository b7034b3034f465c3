import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lockText, readLock } from '../../src/load/lock-file.ts'
import type { UserError } from '../../src/text/problem.ts'
import { placed } from '../../src/text/source.ts'

const digest = `sha256:${'a'.repeat(64)}`
const web = { image: 'web:1', digest, date: '2026-11-21T14:00:00Z' }

function read(text: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'gantry-lock-')), 'gantry.lock')
  writeFileSync(path, text)
  return readLock(path, 'gantry.lock')
}

test('a lock says of each image its digest and when that was looked up, sorted', () => {
  expect(lockText([web, { ...web, image: 'db:2' }])).toBe(
    `# Made by "gantry lock". "gantry up --locked" runs these very images; keep this file with the compose file.
images:
  - image: db:2
    digest: ${digest}
    date: "2026-11-21T14:00:00Z"
  - image: web:1
    digest: ${digest}
    date: "2026-11-21T14:00:00Z"
`,
  )
})

test('a lock is read as it was written', () => {
  expect(read(lockText([web]))).toEqual(new Map([['web:1', web]]))
  expect(read(lockText([]))).toEqual(new Map())
})

test('there may be none', () => expect(readLock('/nowhere/gantry.lock', 'gantry.lock')).toBeUndefined())

describe('what is no lock is told with its place', () => {
  const entry = (text: string) => `images:\n  - ${text}\n`
  test.each([
    ['services: {}', 'gantry.lock:1 "gantry.lock" is no lock file: it has no list "images"'],
    ['', '"gantry.lock" is no lock file: it has no list "images"'],
    [entry('web:1'), 'gantry.lock:2 an image of a lock file is "image", "digest" and "date"'],
    [entry('{image: web:1, digest: sha256:00, date: now}'), 'gantry.lock:2 an image of a lock file is'],
    [`${lockText([web])}${lockText([web]).split('images:\n')[1]}`, 'gantry.lock:6 image "web:1" is locked twice'],
    ['images: [', 'gantry.lock:1'],
  ])('%j', (text, told) => {
    const error = (() => {
      try {
        return read(text)
      } catch (caught) {
        return caught
      }
    })()
    const [problem] = (error as UserError).problems
    expect(`${problem!.at ? `${placed(problem!.at)} ` : ''}${problem!.message}`).toContain(told)
  })
})

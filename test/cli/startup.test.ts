import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Tells every module that is loaded on standard error, as one JSON array at the end. */
const spy = `
import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context) } })
process.on('exit', () => process.stderr.write(JSON.stringify(loaded)))
`

async function modules(...argv: string[]): Promise<string[]> {
  const file = join(tmpdir(), `gantry-spy-${process.pid}.mjs`)
  writeFileSync(file, spy)
  const { stderr } = await promisify(execFile)(process.execPath, [
    '--import',
    file,
    resolve('src/cli/main.ts'),
    ...argv,
  ])
  return JSON.parse(stderr) as string[]
}

test.each([['--help'], ['version'], ['--version'], ['help'], ['up --help']])('%s loads no package', async line => {
  const loaded = await modules(...line.split(' '))
  expect(loaded.some(url => url.endsWith('src/cli/run.ts'))).toBe(true)
  expect(loaded.filter(url => url.includes('node_modules'))).toEqual([])
})

test('version opens no project, no engine and no screen that it does not need', async () => {
  const loaded = await modules('version')
  expect(loaded.filter(url => /src\/(load|spec|engine|local|plan)\//.test(url))).toEqual([])
})

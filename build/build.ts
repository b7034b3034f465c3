import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { makeCommand } from './command.ts'

/** Makes `dist/`, or the folder named: the command, and the library as ES modules with their types. */
const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, process.argv[2] ?? 'dist')

function library(): void {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const args = ['--project', 'build/tsconfig.json', '--outDir', join(dist, 'lib')]
  const { status } = spawnSync(tsc, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('tsc failed')
}

await rm(dist, { recursive: true, force: true })
await makeCommand(dist)
// What is packed is for every system; what is built here is for this one.
if (process.env['npm_lifecycle_event'] !== 'prepack') {
  const settle = createRequire(import.meta.url)(join(dist, 'first-line.cjs')) as (
    file: string,
    platform: string,
  ) => void
  settle(join(dist, 'gantry.cjs'), process.platform)
}
library()

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Formatter, linter, type checker and the search for what nothing uses; all of them, whatever the first says. */
const tools = [
  ['biome', 'format', '.'],
  ['oxlint', '--type-aware', '--deny-warnings', 'src', 'test', 'setup', 'build'],
  ['tsc', '--project', '.'],
  ['knip'],
]

const failed: string[] = []
for (const [tool, ...args] of tools) {
  const { status } = spawnSync(join('node_modules/.bin', tool!), args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) failed.push(tool!)
}
console.log(failed.length > 0 ? `check failed: ${failed.join(', ')}` : 'check passed')
process.exitCode = failed.length > 0 ? 1 : 0

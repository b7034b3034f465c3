import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { configText } from '../../src/actions/config/config.ts'
import { load } from '../../src/load/load.ts'
import { select } from '../../src/model/select.ts'
import { UserError } from '../../src/text/problem.ts'

/**
 * Compares `config` with another command's over every project in a folder:
 * node test/parity/compare.ts FOLDER docker compose
 */
const [folder = 'fixtures/corpus', ...command] = process.argv.slice(2)
const [program = 'docker', ...words] = command.length > 0 ? command : ['docker', 'compose']
const projects = globSync('**/{compose,docker-compose}.{yaml,yml}', { cwd: folder }).map(file =>
  resolve(folder, dirname(file)),
)

/** Milliseconds that the other command has for one project. */
const patience = 20_000

let agreed = 0
for (const project of new Set(projects)) {
  const differences = compared(await ours(project), theirs(project))
  if (differences.length === 0) agreed++
  else console.log(`${project}\n${differences.map(line => `  ${line}`).join('\n')}`)
}
console.log(`${agreed}/${new Set(projects).size} agree`)

/** The model, or the sentence of a refusal. */
async function ours(cwd: string): Promise<unknown> {
  try {
    const { project } = await load({ cwd, env: { ...process.env, ...variables(cwd) } })
    return JSON.parse(configText(select(project, {}), { format: 'json', escape: true }))
  } catch (error) {
    if (error instanceof UserError) return `refused: ${error.message}`
    throw error
  }
}

function theirs(cwd: string): unknown {
  const { status, stdout, stderr } = spawnSync(program, [...words, 'config', '--format', 'json'], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...variables(cwd) },
    // Some files keep docker compose busy for minutes, or for ever.
    timeout: patience,
    killSignal: 'SIGKILL',
  })
  if (status === null) return `no answer in ${patience / 1000} seconds`
  return status === 0 ? JSON.parse(stdout) : `refused: ${stderr.trim().split('\n').at(-1)}`
}

/** Variables of the process that a project of the corpus wants. */
function variables(cwd: string): Record<string, string> {
  const file = join(cwd, 'env')
  if (!existsSync(file)) return {}
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

function compared(a: unknown, b: unknown): string[] {
  if (typeof a === 'string' && typeof b === 'string' && a.startsWith('refused') && b.startsWith('refused')) return []
  return differences(a, b, '')
}

function differences(a: unknown, b: unknown, path: string): string[] {
  // docker compose before 5 prints it when it is true, later ones when it is false.
  if (isDeepStrictEqual(a, b) || path.endsWith('.create_host_path')) return []
  const inside =
    typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && Array.isArray(a) === Array.isArray(b)
  if (!inside) return [`${path || 'all'}: ours ${shown(a)}, theirs ${shown(b)}`]
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap(key =>
    differences(left[key], right[key], `${path}.${key}`),
  )
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text === undefined ? 'nothing' : text.length > 200 ? `${text.slice(0, 200)}…` : text
}

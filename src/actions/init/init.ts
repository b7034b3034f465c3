import { baseNames } from '../../load/locate.ts'
import type { Change } from '../../plan/plan.ts'
import { type Problem, UserError, userError } from '../../text/problem.ts'
import type { Emit } from '../event.ts'
import { placeFiles, standing, type Writing } from './place.ts'
import { randomSecret, secretFiles } from './secret-files.ts'
import { composeFileOf, type Template } from './template.ts'

export interface InitOptions {
  /** Where to, absolute; it is made where it is not there. */
  readonly directory: string
  readonly emit: Emit
  /** Replace files that are there and differ; never a secret. */
  readonly force?: boolean
  readonly dryRun?: boolean
}

/**
 * Writes a template's files, and random secrets for those that its Compose file reads and nobody has made yet. What is in the way is
 * told all at once before anything is written. Throws UserError. Gives what was written, or would be.
 */
export function init(template: Template, options: InitOptions): readonly Change[] {
  const { directory, emit, force = false, dryRun = false } = options
  const writings = written(template, directory, force)
  const changes = writings.map(({ path, replace, secret }) => ({
    unit: { kind: 'file', name: path, short: path },
    verdict: replace ? 'replace' : 'create',
    why: secret ? [{ code: 'random-secret' }] : [],
  }))
  emit({ type: 'plan', stages: [{ name: 'change', outline: { changes, steps: [] } }] })
  if (!dryRun) placeFiles(directory, writings)
  return changes
}

function written({ name, files }: Template, directory: string, force: boolean): readonly Writing[] {
  const compose = composeFileOf(files.keys())
  if (compose === undefined)
    throw userError(
      'no-compose-file',
      `"${name}" has no Compose file`,
      `a template has one of ${baseNames.join(', ')} in its own folder`,
    )
  const problems: Problem[] = []
  const writings: Writing[] = []
  for (const [path, { bytes, executable }] of files) {
    const there = standing(directory, path)
    if (there.kind === 'blocked') problems.push(blocked(path, there))
    else if (there.kind === 'nothing') writings.push({ path, bytes, ...(executable && { executable }) })
    else if (!there.bytes.every((byte, i) => byte === bytes[i]) || there.bytes.length !== bytes.length) {
      if (!force) problems.push(taken(`"${path}" is there, and not as the template has it`))
      writings.push({ path, bytes, replace: true, ...(executable && { executable }) })
    }
  }
  for (const other of baseNames.filter(other => !files.has(other) && standing(directory, other).kind !== 'nothing'))
    if (!force)
      problems.push(taken(`"${other}" is there, and would no longer be the file that is used beside "${compose}"`))
  const text = Buffer.from(files.get(compose)!.bytes).toString()
  for (const path of secretFiles(text).filter(path => !files.has(path))) {
    const there = standing(directory, path)
    if (there.kind === 'blocked') problems.push(blocked(path, there))
    // What a database was made with is not to be lost, whatever may be replaced.
    else if (there.kind === 'nothing') writings.push({ path, bytes: randomSecret(), secret: true })
  }
  if (problems.length > 0) throw new UserError(problems)
  return writings
}

const taken = (message: string): Problem => ({
  code: 'file-exists',
  severity: 'error',
  message,
  hint: '--force replaces it, --dry-run shows what would be written; or name another directory',
})

const blocked = (path: string, { by, what }: { readonly by: string; readonly what: string }): Problem => ({
  code: 'file-exists',
  severity: 'error',
  message: `"${path}" cannot be written: "${by}" is ${what}`,
  hint: 'move it away, or name another directory',
})

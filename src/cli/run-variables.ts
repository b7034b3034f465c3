import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseEnvFile } from '../load/variables/env-file.ts'
import type { Mapping, Project } from '../model/project.ts'
import { type Problem, UserError, userError } from '../text/problem.ts'

/**
 * The variables of `run --env-from-file`, in the language of every other env file; the last file wins, and `known` answers for a
 * name that stands alone. Throws UserError where a file cannot be read or is wrong: variables that are silently left out would be worse.
 */
export async function variablesFrom(
  files: readonly string[],
  cwd: string,
  known: Project['environment'],
): Promise<Mapping> {
  const sources = await Promise.all(files.map(async name => ({ name, text: await textOf(name, cwd) })))
  const problems: Problem[] = []
  const found: Record<string, string> = {}
  for (const source of sources) {
    const variables = parseEnvFile(
      source,
      name => known[name] ?? found[name],
      problem => problems.push(problem),
    )
    for (const [name, { value }] of variables) found[name] = value
  }
  if (problems.some(({ severity }) => severity === 'error')) throw new UserError(problems)
  return found
}

const textOf = (file: string, cwd: string) =>
  readFile(resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw userError('unreadable-file', `open ${file}: no such file or directory`, 'check what --env-from-file names')
    throw userError('unreadable-file', `"${file}" cannot be read: ${error.message}`)
  })

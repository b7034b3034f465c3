import { userError } from '../text/problem.ts'
import { disk } from './files.ts'
import { variablesOf } from './interpolate.ts'
import { locate } from './locate.ts'
import type { LoadOptions } from './options.ts'
import { collectProblems } from './problems.ts'
import { documentsOf } from './reading.ts'
import { filesHere, remoteParts } from './remote-parts.ts'

/** A variable that the files of a project speak of. */
export interface UsedVariable {
  readonly name: string
  readonly default: string
  readonly alternate: string
  readonly required: boolean
}

/** Every variable that the project's files use, by name; nothing else of the files is checked. Throws UserError. */
export async function usedVariables(options: LoadOptions): Promise<readonly UsedVariable[]> {
  const problems = collectProblems()
  const files = options.filesystem ?? disk
  const located = problems.catching(() => locate(options, files, problems.report))
  if (!located.files.length)
    throw userError(
      'no-file',
      'no configuration file provided: not found',
      'write a compose.yaml here, or name one with -f',
    )
  const stdin = located.files.includes('-') ? await options.stdin?.() : undefined
  const remote = remoteParts(options)
  const references = await remote.complete(() => {
    const reading = { cwd: options.cwd, files, report: problems.report, stdin, documents: new Map(), remote }
    return filesHere(located, reading, problems)
      .flatMap(path => documentsOf(path, reading))
      .flatMap(variablesOf)
  }, problems.mark())
  problems.check()
  const found = new Map<string, UsedVariable>()
  for (const { name, operator, wordText } of references) {
    const before = found.get(name)
    found.set(name, {
      name,
      default: operator === ':-' || operator === '-' ? wordText : (before?.default ?? ''),
      alternate: operator === ':+' || operator === '+' ? wordText : (before?.alternate ?? ''),
      required: operator === ':?' || operator === '?' || (before?.required ?? false),
    })
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

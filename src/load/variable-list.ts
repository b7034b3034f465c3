import { dirname, resolve } from 'node:path'
import type { Node } from '../text/node.ts'
import { userError } from '../text/problem.ts'
import { disk } from './files.ts'
import { variablesOf } from './interpolate.ts'
import { locate } from './locate.ts'
import type { LoadOptions } from './options.ts'
import { collectProblems } from './problems.ts'
import { documentsOf } from './reading.ts'
import { remoteKind } from './remote.ts'
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
    return withIncluded(filesHere(located, reading, problems), located.directory, reading).flatMap(variablesOf)
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

/**
 * The documents of files and of those that they include. Names of files are taken as they are written: what variables would make
 * of them is what is asked here.
 */
function withIncluded(files: readonly string[], directory: string, reading: Reads): readonly Node[] {
  const seen = new Set<string>()
  const all = (paths: readonly string[], base: string): readonly Node[] =>
    paths.flatMap(path => {
      if (seen.has(path)) return []
      seen.add(path)
      return documentsOf(path, reading).flatMap(document => [document, ...included(document, base)])
    })
  const included = (document: Node, base: string): readonly Node[] => {
    const node = document.kind === 'dict' ? document.entries.get('include')?.node : undefined
    return (node?.kind === 'list' ? node.items : []).flatMap(item => {
      const paths = textsOf(item.kind === 'dict' ? item.entries.get('path')?.node : item)
        .filter(text => !remoteKind(text))
        .map(text => resolve(base, text))
        .filter(path => reading.files.stat(path)?.kind === 'file')
      const own = item.kind === 'dict' ? textsOf(item.entries.get('project_directory')?.node)[0] : undefined
      return paths.length ? all(paths, own === undefined ? dirname(paths[0]!) : resolve(base, own)) : []
    })
  }
  return all(files, directory)
}

type Reads = Parameters<typeof documentsOf>[1]

function textsOf(node: Node | undefined): readonly string[] {
  const items = node?.kind === 'list' ? node.items : node ? [node] : []
  return items.flatMap(item => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []))
}

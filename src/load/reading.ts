import { decode, largest } from '../text/encoding.ts'
import type { Node } from '../text/node.ts'
import { parse } from '../text/parse.ts'
import { type Report, UserError } from '../text/problem.ts'
import type { Span } from '../text/source.ts'
import type { Files } from './files.ts'
import type { RemoteParts } from './remote-parts.ts'
import { shownPath } from './shown-path.ts'

/** Where documents come from, and those that were read already. */
export interface Shelf {
  readonly cwd: string
  readonly files: Files
  readonly report: Report
  /** What `-f -` gave. */
  readonly stdin: string | undefined
  readonly documents: Map<string, readonly Node[]>
  readonly remote: RemoteParts
}

/** What every step of loading one project shares. */
export interface Reading extends Shelf {
  readonly home: string
  readonly windows: boolean
  readonly interpolate: boolean
  readonly resolvePaths: boolean
  readonly includes: { count: number }
  /** Where services, networks … are written, in every file: what goes wrong inside them is a mistake in them. */
  readonly parts: { readonly path: string; readonly at: Span }[]
}

/** The documents of a file, read once however often it is named. `at` is where it was named. */
export function documentsOf(path: string, reading: Shelf, at?: Span): readonly Node[] {
  const before = reading.documents.get(path)
  if (before) return before
  const documents = read(path, reading, at)
  reading.documents.set(path, documents)
  return documents
}

function read(path: string, { files, cwd, report, stdin }: Shelf, at: Span | undefined): readonly Node[] {
  if (path === '-') return parse({ name: 'standard input', text: stdin ?? '' }, report)
  const name = shownPath(path, cwd)
  try {
    const found = files.stat(path)
    const size = found?.size ?? 0
    if (size > largest) {
      report({
        code: 'file-too-large',
        severity: 'error',
        message: `"${name}" is larger than ${largest / 1024 / 1024} MiB, which no Compose file is`,
        hint: 'check that the right file was named',
        ...(at && { at }),
      })
      return []
    }
    if (found?.kind === 'other' && path !== '/dev/null') {
      report({
        code: 'unreadable-file',
        severity: 'error',
        message: `"${name}" is no regular file`,
        hint: 'name a Compose file',
        ...(at && { at }),
      })
      return []
    }
    const { source, problem } = decode(name, files.read(path))
    if (problem) {
      report(problem)
      return []
    }
    return parse(source, report)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    for (const problem of error.problems) report(at ? { ...problem, at } : problem)
    return []
  }
}

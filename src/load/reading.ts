import { decode, largest } from '../text/encoding.ts'
import type { Node } from '../text/node.ts'
import { parse } from '../text/parse.ts'
import { type Report, UserError } from '../text/problem.ts'
import type { Span } from '../text/source.ts'
import type { Files } from './files.ts'
import type { RemoteParts } from './remote/parts.ts'
import { shownPath } from './shown-path.ts'

/** Where documents come from, and those that were read already. */
export interface Shelf {
  readonly cwd: string
  readonly files: Files
  readonly report: Report
  /** What `-f -` gave. */
  readonly stdin: string | Uint8Array | undefined
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
  const name = path === '-' ? 'standard input' : shownPath(path, cwd)
  const wrong = (code: string, message: string, hint: string): readonly Node[] => {
    report({ code, severity: 'error', message, hint, ...(at && { at }) })
    return []
  }
  const given = typeof stdin === 'string' ? Buffer.from(stdin) : (stdin ?? Buffer.alloc(0))
  try {
    const found = path === '-' ? { kind: 'file', size: given.length } : files.stat(path)
    const size = found?.size ?? 0
    if (size > largest)
      return wrong(
        'file-too-large',
        `"${name}" is larger than ${largest / 1024 / 1024} MiB, which no Compose file is`,
        'check that the right file was named',
      )
    if (found?.kind === 'other' && path !== '/dev/null')
      return wrong('unreadable-file', `"${name}" is no regular file`, 'name a Compose file')
    const { source, problem } = decode(name, path === '-' ? given : files.read(path))
    if (!problem) return parse(source, report)
    report(problem)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    for (const problem of error.problems) report(at ? { ...problem, at } : problem)
  }
  return []
}

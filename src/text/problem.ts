import { position, type Span } from './source.ts'

/** Something worth telling the user. Loader, linter, diagnosis and targets all speak this. */
export interface Problem {
  /** Stable and greppable: `unknown-key`. */
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  /** What is so: one sentence, lower case, no full stop, the user's own words in double quotes. */
  readonly message: string
  /** What to do: one sentence. */
  readonly hint?: string
  readonly at?: Span
  /** Second places: the first of two equal keys, the other end of a cycle. */
  readonly notes?: readonly { readonly message: string; readonly at: Span }[]
}

/** Loading goes on after a problem; all are shown together. */
export type Report = (problem: Problem) => void

/** The user's files or flags are wrong: nothing was touched, exit code 1. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map(p => p.message).join('; '))
    this.problems = problems
  }
}

/** A UserError of one problem that has no place in a file. */
export function userError(code: string, message: string, hint?: string): UserError {
  return new UserError([{ code, severity: 'error', message, ...(hint !== undefined && { hint }) }])
}

/** A problem as JSON speaks of it: a place is file, line and column, never the file's text. */
export function problemJson(problem: Problem): Record<string, unknown> {
  return {
    severity: problem.severity,
    message: problem.message,
    code: problem.code,
    ...(problem.at && { at: { file: problem.at.source.name, ...position(problem.at) } }),
    ...(problem.hint !== undefined && { hint: problem.hint }),
  }
}

import type { Span } from '../text/source.ts'
import type { Scope } from './scope.ts'

export const packs = ['security', 'prod', 'dockerfile', 'style'] as const
export type Pack = (typeof packs)[number]

export type Severity = 'error' | 'warning' | 'hint'

/** One thing that a valid file can get wrong: what `explain` and docs/errors.md say of it, and how it is found. */
export interface Rule {
  readonly code: string
  readonly pack: Pack
  /** Looked at without being asked for. */
  readonly star?: true
  readonly severity: Severity
  /** What happens to those who do not heed it. */
  readonly why: string
  /** As few lines as show it. */
  readonly bad: string
  readonly good: string
  /** Where it keeps silent. */
  readonly except?: string
  /** Whether some of its remarks come with an edit that is safe. */
  readonly fixes?: true
  readonly remarks: (scope: Scope) => Iterable<Remark>
}

/** What a rule says of one place. */
export interface Remark {
  /** Absent where no file says it, as with the health check of an image. */
  readonly at: Span | undefined
  /** One sentence, lower case, no full stop; never a value that may be secret. */
  readonly message: string
  readonly hint: string
  readonly notes?: readonly { readonly message: string; readonly at: Span }[]
  /** Where it is less sure, or surer, than the rule as a whole. */
  readonly severity?: Severity
  /** Together they mend it, and change nothing else. */
  readonly edits?: readonly Edit[]
}

/** A part of a file, and what is to stand there. */
export interface Edit {
  readonly at: Span
  readonly text: string
}

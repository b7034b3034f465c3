import type { Problem } from '../text/problem.ts'

/** What was seen, verbatim: `State.ExitCode` `137`. */
export interface Evidence {
  readonly field: string
  readonly value: string
}

/** What a diagnosis says of a subject, before it has a place in a file. */
export interface Found {
  /** One sentence, the service named first. */
  readonly message: string
  readonly evidence: readonly Evidence[]
  /** `likely` where another cause could leave the same traces. */
  readonly certainty: 'certain' | 'likely'
  /** What to do: one sentence. */
  readonly hint: string
  /** The lines to write, as they belong below the service. */
  readonly fix?: string
  /** The attribute to change, below the service: `['mem_limit']`. */
  readonly attribute?: readonly string[]
  /** In its stead, from the top of the file, where that is not below the service: `['networks', 'back']`. */
  readonly path?: readonly string[]
}

/** A cause, told: of which container, how it is known, and which lines to change. */
export interface Finding extends Problem {
  readonly service: string
  readonly container: string
  readonly evidence: readonly Evidence[]
  readonly certainty: 'certain' | 'likely'
  readonly fix?: string
}

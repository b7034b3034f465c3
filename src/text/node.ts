import type { Span } from './source.ts'

/** YAML with positions: immutable and shareable (an alias is the same node again). */
export type Node = Scalar | List | Dict

/** `!reset` and `!override`: what a later file does to what the files before it said. */
export type Tag = 'reset' | 'override'

/**
 * How a canonical node was written, where merging must still tell spellings apart.
 * `time`: an unquoted date, which is no text to docker compose; the value is what Go prints of it.
 * `wrong`: not what it must be, which was told.
 */
export type Written = 'list' | 'dict' | 'number' | 'text' | 'time' | 'wrong'

interface Placed {
  readonly at: Span
  readonly tag?: Tag
  readonly written?: Written
}

export interface Scalar extends Placed {
  readonly kind: 'scalar'
  /** A float keeps its class: `1.0` is `{ float: 1 }`, since Go prints and casts it otherwise than `1`. */
  readonly value: string | number | bigint | boolean | null | Float
}

export interface Float {
  readonly float: number
}

export interface List extends Placed {
  readonly kind: 'list'
  readonly items: readonly Node[]
}

export interface Dict extends Placed {
  readonly kind: 'dict'
  readonly entries: ReadonlyMap<string, Entry>
}

export interface Entry {
  /** Where the key stands. */
  readonly key: Span
  readonly node: Node
}

export const scalar = (value: Scalar['value'], at: Span): Scalar => ({ kind: 'scalar', value, at })
export const list = (items: readonly Node[], at: Span): List => ({ kind: 'list', items, at })
export const dict = (entries: Iterable<readonly [string, Entry]>, at: Span): Dict => ({
  kind: 'dict',
  entries: new Map(entries),
  at,
})

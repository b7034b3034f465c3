import type { Json } from '../model/project.ts'
import type { Node, Scalar } from '../text/node.ts'
import type { Report } from '../text/problem.ts'

/** What reading a file needs to know besides its text. */
export interface Context {
  readonly report: Report
  /** Absolute: what relative paths are relative to. */
  readonly base: string
  readonly home: string
  readonly windows: boolean
  readonly resolvePaths: boolean
  /** False while `${…}` still stands in the texts: nothing is cast then, and what cannot be read stays as written. */
  readonly interpolated?: boolean
}

/**
 * What one attribute of the Compose language accepts, and everything that follows from it. A short form is expanded
 * by `canon` in its own file, so that the steps after it see one form only.
 */
export interface Shape<T> {
  /** Shown in "expected …" messages. */
  readonly expects: string
  /** The forms that are accepted, as JSON schema, for editors. */
  readonly schema: Schema
  /**
   * What an empty value (`image:`) is. A mistake by default, told once all files are merged: an empty value in a later
   * file changes nothing. `absent`: the same as nothing written. `value`: the shape sees it.
   */
  readonly empty?: 'absent' | 'value'
  /** What stands for a value that was found wrong, so that one mistake does not look like another. */
  readonly instead?: T
  /** The shapes inside, for whoever walks the language. */
  readonly parts?: Parts
  /** The long form of a node. Reports what does not fit and returns undefined for it. Leaves values as they were written. */
  canon(node: Node, context: Context): Node | undefined
  /** Two canonical nodes, the later file's second. */
  merge(base: Node, over: Node, context: Context): Node
  /** A canonical node as a value. What is found wrong here is reported, and any value of the type returned for it. */
  decode(node: Node, context: Context): T
  /** The value as docker compose writes it: keys in the order of its structs; undefined where it writes nothing. */
  encode(value: T): Json | undefined
}

export type Schema = { readonly [key: string]: Json }

export type Rows = Readonly<Record<string, Shape<unknown>>>

export type Parts =
  | { readonly of: 'record'; readonly rows: Rows; readonly required: readonly string[] }
  | { readonly of: 'named' | 'list'; readonly each: Shape<unknown> }

export const isEmpty = (node: Node): node is Scalar & { readonly value: null } =>
  node.kind === 'scalar' && node.value === null

/** The later value, unless it is empty. */
export const later = (base: Node, over: Node): Node => (isEmpty(over) ? base : over)

/** The later file wins whole, whatever the form; where the shape takes an empty value, it clears what was there. */
export const replaced = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, merge: (_base, over) => over })

/** An attribute that may be left empty, which says nothing. */
export const orAbsent = <T>(shape: Shape<T>): Shape<T> => ({
  ...shape,
  schema: oneOf(shape.schema, { type: 'null' }),
  empty: 'absent',
})

/** Accepts other spellings as well: `expand` rewrites them to the one that the shape reads, keeping positions. */
export function short<T>(
  shape: Shape<T>,
  { expects = shape.expects, schema = shape.schema }: Spelling,
  expand: (node: Node, context: Context) => Node | undefined,
): Shape<T> {
  return {
    ...shape,
    expects,
    schema,
    canon(node, context) {
      const long = expand(node, context)
      return long && shape.canon(long, context)
    },
  }
}

interface Spelling {
  readonly expects?: string
  readonly schema?: Schema
}

/** Both spellings in a schema. */
export const oneOf = (...schemas: readonly Schema[]): Schema => ({ oneOf: schemas })

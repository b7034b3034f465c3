import { type Dict, type Entry, type Node, scalar } from '../text/node.ts'
import type { Report } from '../text/problem.ts'
import { sortedKeys } from './plain.ts'
import { mergeEntries } from './record.ts'
import { type Context, isEmpty, type Shape } from './shape.ts'
import { bad, wrongType } from './wrong.ts'

interface Names {
  readonly pattern?: RegExp
  /** What stands under names outside this pattern is not held to known keys, as in docker compose's schema. */
  readonly checked?: RegExp
  readonly expects?: string
  readonly hint?: string
  /** An empty map is written as `{}` rather than left out. */
  readonly keepEmpty?: boolean
}

/** A mapping from free names to one shape. */
export function named<T>(
  shape: Shape<T>,
  { pattern, checked, expects = 'a mapping', hint, keepEmpty }: Names = {},
): Shape<Readonly<Record<string, T>>> {
  return {
    expects,
    schema: {
      type: 'object',
      ...(pattern
        ? { patternProperties: { [pattern.source]: shape.schema }, additionalProperties: false }
        : { additionalProperties: shape.schema }),
    },
    parts: { of: 'named', each: shape },
    canon(node, context) {
      if (node.kind !== 'dict') return wrongType(expects, node, context)
      const entries = new Map<string, Entry>()
      for (const [key, entry] of node.entries) {
        if (pattern && !pattern.test(key))
          bad('bad-name', `"${key}" is not a name`, entry.key, context, hint ?? 'use letters, digits, ".", "_" and "-"')
        const value =
          isEmpty(entry.node) && shape.empty !== 'value'
            ? entry.node
            : shape.canon(entry.node, checked && !checked.test(key) ? lenient(context) : context)
        if (value) entries.set(key, value === entry.node ? entry : { key: entry.key, node: value })
      }
      return { ...node, entries }
    },
    merge: (base, over, context) => mergeEntries(base, over, context, () => shape),
    decode(node, context) {
      const values: [string, T][] = []
      for (const [key, entry] of (node as Dict).entries) {
        if (isEmpty(entry.node) && shape.empty !== 'value') wrongType(shape.expects, scalar(null, entry.key), context)
        else values.push([key, shape.decode(entry.node, context)])
      }
      return Object.fromEntries(values)
    },
    encode(values) {
      const names = sortedKeys(values)
      if (!names.length && !keepEmpty) return undefined
      return Object.fromEntries(names.map(name => [name, shape.encode(values[name]!) ?? null]))
    },
  }
}

/** Unknown keys are told, and no mistake. */
function lenient(context: Context): Context {
  const report: Report = problem =>
    context.report(problem.code === 'unknown-key' ? { ...problem, severity: 'warning' } : problem)
  return { ...context, report }
}

/** What changes of a shape where nothing may stand in its place. */
function leftEmpty<T>(shape: Shape<T>): Pick<Shape<T>, 'expects' | 'schema' | 'empty' | 'canon' | 'merge'> {
  return {
    expects: `${shape.expects} or nothing`,
    schema: { oneOf: [shape.schema, { type: 'null' }] },
    empty: 'value',
    canon: (node, context) => (isEmpty(node) ? node : shape.canon(node, context)),
    merge: (base, over, context) => (isEmpty(over) ? base : isEmpty(base) ? over : shape.merge(base, over, context)),
  }
}

/** A value that may be left empty, as in `networks: { front: }`; empty and `{}` are told apart. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return {
    ...shape,
    ...leftEmpty(shape),
    decode: (node, context) => (isEmpty(node) ? null : shape.decode(node, context)),
    encode: value => (value === null ? null : shape.encode(value)),
  }
}

/** A mapping that may be left empty and then is `{}`. */
export function orEmpty<T extends object>(shape: Shape<T>): Shape<T> {
  const filled = (node: Node): Node => (isEmpty(node) ? { kind: 'dict', entries: new Map(), at: node.at } : node)
  return { ...shape, ...leftEmpty(shape), decode: (node, context) => shape.decode(filled(node), context) }
}

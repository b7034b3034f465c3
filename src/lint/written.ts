import type { Dict, Entry, List, Node, Scalar } from '../text/node.ts'
import type { Span } from '../text/source.ts'

export const isDict = (node: Node | undefined): node is Dict => node?.kind === 'dict'
export const isList = (node: Node | undefined): node is List => node?.kind === 'list'
export const isScalar = (node: Node | undefined): node is Scalar => node?.kind === 'scalar'

/** What stands under a key, where the node is a mapping that has it. */
export function entry(node: Node | undefined, ...path: readonly string[]): Entry | undefined {
  let found: Entry | undefined
  for (const key of path) {
    const at: Node | undefined = found ? found.node : node
    found = isDict(at) ? at.entries.get(key) : undefined
    if (!found) return undefined
  }
  return found
}

/** What a person typed there, quotes and all. */
export const writtenAt = ({ source, start, end }: Span): string => source.text.slice(start, end)

/** A text, where the node is one. */
export const textOf = (node: Node | undefined): string | undefined =>
  isScalar(node) && typeof node.value === 'string' ? node.value : undefined

/** A part of a span: the words where they stand in it, else all of it. */
export function partOf(at: Span | undefined, words: string): Span | undefined {
  const found = at ? writtenAt(at).indexOf(words) : -1
  return at && found >= 0 ? { ...at, start: at.start + found, end: at.start + found + words.length } : at
}

/** `KEY: value` or `- KEY=value`: one variable, label or argument, as it is written. */
export interface Assigned {
  readonly name: string
  /** Undefined for a name alone. */
  readonly value: string | undefined
  /** Where the value stands, without the name. */
  readonly at: Span
  readonly node: Scalar
  readonly form: 'list' | 'dict'
}

export function assignedIn(node: Node | undefined): readonly Assigned[] {
  if (isDict(node))
    return [...node.entries].flatMap(([name, { node: value }]) =>
      isScalar(value)
        ? [
            {
              name,
              value: value.value === null ? undefined : writtenValue(value),
              at: value.at,
              node: value,
              form: 'dict' as const,
            },
          ]
        : [],
    )
  return (isList(node) ? node.items : []).flatMap<Assigned>(item => {
    const text = textOf(item)
    if (text === undefined || !isScalar(item)) return []
    const equals = text.indexOf('=')
    if (equals < 0) return [{ name: text, value: undefined, at: item.at, node: item, form: 'list' }]
    const value = text.slice(equals + 1)
    const at = partOf(item.at, value)!
    return [{ name: text.slice(0, equals), value, at, node: item, form: 'list' }]
  })
}

const writtenValue = ({ value, at }: Scalar): string => (typeof value === 'string' ? value : writtenAt(at))

/** Every scalar below, with the keys that lead to it; a shared node once. */
export function* scalarsIn(
  root: Node,
  path: readonly string[] = [],
  seen = new Set<Node>(),
): Generator<{ readonly node: Scalar; readonly path: readonly string[] }> {
  if (seen.has(root)) return
  seen.add(root)
  if (root.kind === 'scalar') yield { node: root, path }
  else if (root.kind === 'list') for (const item of root.items) yield* scalarsIn(item, path, seen)
  else for (const [key, { node }] of root.entries) yield* scalarsIn(node, [...path, key], seen)
}

/** A text as a value that YAML reads as that text. */
export const inQuotes = (text: string): string => JSON.stringify(text)

export const contains = (outer: Span, inner: Span): boolean =>
  outer.source === inner.source && inner.start >= outer.start && inner.end <= outer.end

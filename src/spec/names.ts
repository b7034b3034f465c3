import type { Json } from '../model/project.ts'
import { dict, type Entry, type Node } from '../text/node.ts'
import { type Context, type Schema, type Shape, short } from './shape.ts'
import { quoted, wrongType } from './wrong.ts'

/** What names of services, volumes, secrets and configs may be. */
export const namePattern = /^[a-zA-Z0-9._-]+$/

/** A mapping by name that may also be written as a list of names, each standing for `value`. */
export function orNames<T>(
  shape: Shape<Readonly<Record<string, T>>>,
  value: (name: Node) => Node,
): Shape<Readonly<Record<string, T>>> {
  const names: Schema = { type: 'array', items: { type: 'string' }, uniqueItems: true }
  const expects = 'a list of names, or a mapping'
  return short(shape, { expects, schema: { oneOf: [names as Json, shape.schema as Json] } }, (node, context) => {
    if (node.kind === 'scalar') return wrongType(expects, node, context)
    return node.kind === 'list' ? { ...dict(entriesOf(node.items, value, context), node.at), written: 'list' } : node
  })
}

function entriesOf(items: readonly Node[], value: (name: Node) => Node, context: Context): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const item of items) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      wrongType('a name', item, context)
      continue
    }
    const first = entries.get(item.value)
    if (first)
      context.report({
        code: 'repeated-item',
        severity: 'error',
        message: `${quoted(item.value)} is already given`,
        at: item.at,
        hint: 'remove one of them',
        notes: [{ message: 'first given here', at: first.key }],
      })
    entries.set(item.value, { key: item.at, node: value(item) })
  }
  return entries
}

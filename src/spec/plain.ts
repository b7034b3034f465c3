import type { Json } from '../model/project.ts'
import type { Node } from '../text/node.ts'
import type { Context } from './shape.ts'
import { notFinite } from './wrong.ts'

/** A tree without places. */
export function plain(node: Node, context: Context): Json {
  if (node.kind === 'list') return node.items.map(item => plain(item, context))
  if (node.kind === 'dict')
    return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node, context)]))
  const { value } = node
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  return notFinite(node, context) ? null : value.float
}

/** Names in the order of their bytes, in which Go writes maps. */
export function sortedKeys(value: object): string[] {
  return Object.keys(value).sort(byBytes)
}

const ascii = /^[\x20-\x7e]*$/

function byBytes(a: string, b: string): number {
  if (ascii.test(a) && ascii.test(b)) return a < b ? -1 : a > b ? 1 : 0
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

import type { Node } from '../../text/node.ts'

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

/** A node as JSON has it. */
export function plainOf(node: Node): Plain {
  if (node.kind === 'dict')
    return Object.fromEntries([...node.entries].map(([name, { node: inner }]) => [name, plainOf(inner)]))
  if (node.kind === 'list') return node.items.map(plainOf)
  const { value } = node
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'object' && value !== null ? value.float : value
}

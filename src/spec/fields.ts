import { type Entry, type Node, type Scalar, scalar } from '../text/node.ts'

/** Entries that stand where the text stands that they come from. */
export function fields(values: Readonly<Record<string, Scalar['value']>>, from: Node): [string, Entry][] {
  return Object.entries(values).map(([key, value]) => [key, { key: from.at, node: scalar(value, from.at) }])
}

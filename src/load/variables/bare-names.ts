import { type Dict, type Node, scalar } from '../../text/node.ts'
import type { Environment } from './variables.ts'

/** The tree with every bare name in a service's `environment` list given its value, where this environment has one. */
export function fillBareNames(tree: Dict, environment: Environment): Dict {
  return change(tree, ['services', '*', 'environment'], node => {
    if (node.kind !== 'dict') return node
    let changed = false
    const entries = new Map(
      [...node.entries].map(([name, entry]) => {
        const value = entry.node.kind === 'scalar' && entry.node.value === null ? environment[name] : undefined
        if (value === undefined) return [name, entry] as const
        changed = true
        return [name, { ...entry, node: scalar(value, entry.node.at) }] as const
      }),
    )
    return changed ? { ...node, entries } : node
  }) as Dict
}

function change(node: Node, path: readonly string[], by: (node: Node) => Node): Node {
  const [key, ...rest] = path
  if (key === undefined) return by(node)
  if (node.kind !== 'dict') return node
  const entries = new Map(node.entries)
  for (const name of key === '*' ? [...entries.keys()] : [key]) {
    const entry = entries.get(name)
    if (!entry) continue
    const after = change(entry.node, rest, by)
    if (after !== entry.node) entries.set(name, { ...entry, node: after })
  }
  return { ...node, entries }
}

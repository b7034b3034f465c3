import { dict, type Entry, list, type Node, type Tag } from '../text/node.ts'
import { textLists } from './text-lists.ts'

export type Path = readonly string[]

/** Whether a document may have such marks at all; most have none, and need not be walked through. */
export function mayHaveTags(document: Node): boolean {
  return /!(?:reset|override)\b/.test(document.at.source.text)
}

/** The attributes that a document marks with `!reset` or `!override`. What stands in a list has no path of its own. */
export function taggedPaths(root: Node): readonly Path[] {
  const found: Path[] = []
  const clean = new Set<Node>()
  const visit = (node: Node, path: Path): boolean => {
    if (node.tag) {
      found.push(path)
      return true
    }
    if (node.kind !== 'dict' || clean.has(node)) return false
    let any = false
    for (const [key, entry] of node.entries) if (visit(entry.node, [...path, key])) any = true
    if (!any) clean.add(node)
    return any
  }
  visit(root, [])
  return found
}

/** The tree without what is marked `!reset`, and without the marks themselves. */
export function withoutTags(root: Node): Node | undefined {
  const done = new Map<Node, Node | undefined>()
  const visit = (node: Node): Node | undefined => {
    if (node.tag === 'reset') return undefined
    if (node.kind === 'scalar') return untag(node)
    if (done.has(node)) return done.get(node)
    let after: Node
    if (node.kind === 'list') {
      const items = node.items.flatMap(item => visit(item) ?? [])
      after =
        items.every((item, i) => item === node.items[i]) && items.length === node.items.length
          ? node
          : list(items, node.at)
    } else {
      const entries: [string, Entry][] = []
      let changed = false
      for (const [key, entry] of node.entries) {
        const kept = visit(entry.node)
        if (kept !== entry.node) changed = true
        if (kept) entries.push([key, kept === entry.node ? entry : { ...entry, node: kept }])
      }
      after = changed ? dict(entries, node.at) : node
    }
    after = untag(after)
    done.set(node, after)
    return after
  }
  return visit(root)
}

function untag<N extends Node>(node: N): N {
  if (!node.tag) return node
  const { tag: _, ...rest } = node as N & { readonly tag: Tag }
  return rest as unknown as N
}

/** The tree without the attributes at these paths. */
export function withoutPaths(root: Node, paths: readonly Path[]): Node {
  return paths.reduce<Node>((node, path) => remove(node, path, undefined) ?? node, root)
}

function remove(node: Node, path: Path, parent: string | undefined): Node | undefined {
  const [key, ...rest] = path
  if (key === undefined) return undefined
  if (node.kind !== 'dict') return node
  const entry = node.entries.get(key)
  if (!entry || (node.written === 'list' && parent !== undefined && textLists.has(parent))) return node
  const entries = new Map(node.entries)
  const kept = rest.length ? remove(entry.node, rest, key) : undefined
  if (kept) entries.set(key, { ...entry, node: kept })
  else entries.delete(key)
  return { ...node, entries }
}

import type { Node } from '../text/node.ts'
import type { Origin } from '../text/origin.ts'
import type { Span } from '../text/source.ts'

/** The places of a canonical tree, and over them those of attributes that came from elsewhere (env files). */
export function originOf(tree: Node, elsewhere: ReadonlyMap<string, Span>): Origin {
  return {
    at(path) {
      const known = elsewhere.get(pathKey(path))
      if (known) return known
      let node = tree
      let at: Span | undefined
      for (const step of path) {
        if (node.kind === 'dict') {
          const entry = node.entries.get(step)
          if (!entry) break
          node = entry.node
          // A block begins on the line after its key; the key says where.
          at = node.kind === 'scalar' && node.value !== null ? node.at : entry.key
        } else if (node.kind === 'list') {
          const item = node.items[Number(step)]
          if (!item) break
          node = item
          at = node.at
        } else break
      }
      return at
    },
  }
}

export function pathKey(path: readonly string[]): string {
  return path.join('\0')
}

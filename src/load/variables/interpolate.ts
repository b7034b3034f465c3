import type { Node, Scalar } from '../../text/node.ts'
import type { Report } from '../../text/problem.ts'
import type { Span } from '../../text/source.ts'
import { filledIn, type Lookup } from './filled-in.ts'
import { type Reference, referencesIn } from './template.ts'

/** The tree with `${…}` filled in, in values and not in keys. A mistake underlines its own part of the text. */
export function interpolate(node: Node, lookup: Lookup, report: Report): Node {
  return mapText(node, scalar => {
    const { value } = scalar
    if (typeof value !== 'string' || !value.includes('$')) return scalar
    const filled = filledIn(value, lookup, {
      report,
      at: (start, end) => within(scalar, value, start, end),
      where: '.env or the environment',
    })
    return filled === undefined ? scalar : { ...scalar, value: filled }
  })
}

/** Every variable that the tree's values speak of; what cannot be read is left out. */
export function variablesOf(node: Node): readonly Reference[] {
  const found: Reference[] = []
  mapText(node, scalar => {
    if (typeof scalar.value === 'string') found.push(...referencesIn(scalar.value))
    return scalar
  })
  return found
}

/** Each shared node is visited once, so that an alias costs nothing. */
function mapText(root: Node, change: (scalar: Scalar) => Scalar): Node {
  const done = new Map<Node, Node>()
  const visit = (node: Node): Node => {
    if (node.kind === 'scalar') {
      if (typeof node.value !== 'string') return node
      const before = done.get(node)
      if (before) return before
      const after = change(node)
      if (after !== node) done.set(node, after)
      return after
    }
    const before = done.get(node)
    if (before) return before
    let changed = false
    const visited = (child: Node) => {
      const after = visit(child)
      if (after !== child) changed = true
      return after
    }
    let after: Node
    if (node.kind === 'list') {
      const items = node.items.map(visited)
      after = changed ? { ...node, items } : node
    } else {
      const entries = new Map(
        [...node.entries].map(([key, entry]) => {
          const child = visited(entry.node)
          return [key, child === entry.node ? entry : { ...entry, node: child }] as const
        }),
      )
      after = changed ? { ...node, entries } : node
    }
    done.set(node, after)
    return after
  }
  return visit(root)
}

/** The place of a part of a scalar's text. Dollars cannot come from an escape that anybody writes, so they are counted. */
function within({ at }: Scalar, value: string, start: number, end: number): Span {
  const written = at.source.text.slice(at.start, at.end)
  let place = -1
  for (let i = value.indexOf('$'); i >= 0 && i <= start; i = value.indexOf('$', i + 1))
    place = written.indexOf('$', place + 1)
  const part = value.slice(start, end)
  if (place < 0) return at
  const length = written.startsWith(part, place) ? part.length : 1
  return { source: at.source, start: at.start + place, end: at.start + place + length }
}

import { compose } from '../spec/file.ts'
import type { Context } from '../spec/shape.ts'
import { type Dict, dict, type Entry, type Node } from '../text/node.ts'
import type { Span } from '../text/source.ts'
import type { Reading } from './reading.ts'
import type { Environment } from './variables/variables.ts'

/** Files that belong together: what they are relative to, what their variables are, and how they came to be read. */
export interface Group {
  /** Absolute paths; each is laid over those before it. */
  readonly paths: readonly string[]
  readonly directory: string
  readonly environment: Environment
  /** The files that include these, outermost first. */
  readonly chain: readonly string[]
  /** Where these files were named. */
  readonly at?: Span
}

/** A key and its value. */
export function whole({ key, node }: Entry): Span {
  return { ...key, end: node.at.source === key.source ? Math.max(key.end, node.at.end) : key.end }
}

export function contextOf(group: Pick<Group, 'directory'>, reading: Reading): Context {
  return {
    report: reading.report,
    base: group.directory,
    home: reading.home,
    windows: reading.windows,
    resolvePaths: reading.resolvePaths,
    interpolated: reading.interpolate,
  }
}

export function canonical(node: Dict, context: Context): Dict {
  const made = compose.canon(node, context)
  return made?.kind === 'dict' ? made : dict([], node.at)
}

export function merged(base: Dict | undefined, over: Dict | undefined, context: Context): Dict | undefined {
  if (!base || !over) return base ?? over
  return compose.merge(base, over, context) as Dict
}

export function withoutEntry(node: Node, key: string): Node {
  if (node.kind !== 'dict' || !node.entries.has(key)) return node
  const entries = new Map(node.entries)
  entries.delete(key)
  return { ...node, entries }
}

/** A service as its own document would have it. */
export function ownService(name: string, written: Entry, context: Context): Node | undefined {
  const alone = documentOf([[name, { ...written, node: withoutEntry(written.node, 'extends') }]], written.node.at)
  return servicesOf(canonical(alone, context))?.entries.get(name)?.node
}

/** One service laid over another. */
export function mergedService(base: Node, over: Node, context: Context): Node {
  const whole = (node: Node) => documentOf([['_', { key: node.at, node }]], node.at)
  return servicesOf(merged(whole(base), whole(over), context)!)?.entries.get('_')?.node ?? over
}

/** The services of a document, where it has any. */
export function servicesOf(tree: Node): Dict | undefined {
  const node = tree.kind === 'dict' ? tree.entries.get('services')?.node : undefined
  return node?.kind === 'dict' ? node : undefined
}

/** A document of nothing but services. */
export function documentOf(services: Iterable<readonly [string, Entry]>, at: Span): Dict {
  return dict([['services', { key: at, node: dict(services, at) }]], at)
}

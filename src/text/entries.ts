import type { Entry, Node } from './node.ts'
import type { Problem, Report } from './problem.ts'
import type { Span } from './source.ts'

/** A key and its value as they stand in a mapping. */
export interface Pair {
  readonly key: Node
  /** Where the key stands. */
  readonly at: Span
  readonly node: Node
  /** The key is an unquoted `<<`. */
  readonly merges: boolean
}

/** The entries of a mapping: each key is text and given once, and what `<<` brings stands behind what is the mapping's own. */
export function entriesOf(pairs: readonly Pair[], report: Report): Map<string, Entry> {
  const own = new Map<string, Entry>()
  let merge: Pair | undefined
  for (const pair of pairs) {
    const { at, node, merges } = pair
    const name = merges ? '<<' : keyText(pair, report)
    if (name === undefined) continue
    const before = merges ? merge?.at : own.get(name)?.key
    if (before) report(duplicate(name, at, before))
    else if (merges) merge = pair
    else own.set(name, { key: at, node })
  }
  if (merge) mergeInto(own, merge.node, merge.at, report)
  return own
}

function duplicate(name: string, at: Span, first: Span): Problem {
  return {
    code: 'duplicate-key',
    severity: 'error',
    message: `"${name}" is given twice`,
    at,
    hint: 'keep one of them',
    notes: [{ message: 'first given here', at: first }],
  }
}

function keyText({ key, at }: Pair, report: Report): string | undefined {
  if (key.written === 'wrong') return undefined
  if (key.kind === 'scalar' && typeof key.value === 'string') return key.value
  const shown = at.source.text.slice(at.start, at.end)
  report({
    code: 'key-not-text',
    severity: 'error',
    message: key.kind === 'scalar' ? `the key "${shown}" is not text` : 'a key must be text',
    at,
    ...(key.kind === 'scalar' && shown && { hint: `write it in quotes: "${shown}"` }),
  })
  return key.kind === 'scalar' ? shown : undefined
}

function mergeInto(own: Map<string, Entry>, from: Node, at: Span, report: Report): void {
  if (from.tag === 'reset' || from.written === 'wrong') return
  if (from.kind === 'dict') {
    for (const [key, entry] of from.entries) if (!own.has(key)) own.set(key, entry)
  } else if (from.kind === 'list' && from.items.every(item => item.kind === 'dict'))
    for (const item of from.items) mergeInto(own, item, at, report)
  else
    report({
      code: 'bad-merge',
      severity: 'error',
      message: '"<<" takes a mapping, or a list of mappings',
      at,
      hint: 'write "<<: *name" where &name marks a mapping',
    })
}

import type { Span } from '../text/source.ts'
import type { Edit, Remark } from './rule.ts'
import type { WrittenService } from './scope.ts'

/** Takes away the lines of an entry, where nothing else stands on them, no comment either. */
export function withoutLines(from: Span | undefined, to: Span | undefined = from): Pick<Remark, 'edits'> {
  // An alias is where its anchor is.
  if (!from || !to || from.source !== to.source || to.end < from.end) return {}
  const { text } = from.source
  const start = text.lastIndexOf('\n', from.start - 1) + 1
  const newline = text.indexOf('\n', to.end)
  const end = newline < 0 ? text.length : newline + 1
  const before = text.slice(start, from.start)
  const after = text.slice(to.end, end)
  if (!/^ *(?:- +)?$/.test(before) || after.trim() !== '') return {}
  return { edits: [{ at: { source: from.source, start, end }, text: '' }] }
}

/** A line more under a service that is written in lines; undefined for one in braces. */
export function withLine({ key, node }: WrittenService, line: string): Pick<Remark, 'edits'> {
  const { source } = key
  const first = node.entries.values().next().value?.key
  if (!first || first.source !== source || first.start < key.end) return {}
  const start = source.text.lastIndexOf('\n', first.start - 1) + 1
  const indent = source.text.slice(start, first.start)
  if (!/^ +$/.test(indent)) return {}
  const edit: Edit = { at: { source, start, end: start }, text: `${indent}${line}\n` }
  return { edits: [edit] }
}

import { position, type Span } from '../../text/source.ts'

/** A place in a text that stands in a block (`|`) of another file, as the place there. Undefined where the lines are not the same. */
export function placeInBlock(at: Span, block: Span): Span | undefined {
  const written = at.source.text.split('\n')[position(at).line - 1]?.trim() ?? ''
  // The block's own first line is the one with "|".
  const line = position(block).line + position(at).line
  const lines = block.source.text.split('\n')
  const there = lines[line - 1]
  if (there === undefined || there.trim().replaceAll('$$', '$') !== written) return undefined
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const start = before + there.length - there.trimStart().length
  return { source: block.source, start, end: before + there.trimEnd().length }
}

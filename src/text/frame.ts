import { position, type Source, type Span } from './source.ts'

/** Lines longer than this are cut around the underlined part. */
const widest = 160

/**
 * The lines around a span with the span underlined, as compilers print it. `hide` gives the text as it may be shown: of the same
 * length, with stars where a secret stands.
 */
export function frame(span: Span, context = 1, hide = (source: Source): string => source.text): string {
  const { line, column } = position(span)
  const lines = hide(span.source)
    .split('\n')
    .map(l => (l.endsWith('\r') ? l.slice(0, -1) : l))
  const first = Math.max(1, line - context)
  const last = Math.min(lines.length, line + context)
  const gutter = String(last).length
  const from = column > widest ? column - widest / 2 : 0
  const shown = (text: string) =>
    text
      .slice(from, from + widest)
      .replaceAll('\t', ' ')
      .replaceAll(/\p{Cc}/gu, '?')
  const out: string[] = []
  for (let n = first; n <= last; n++) {
    const text = lines[n - 1] ?? ''
    out.push(`${String(n).padStart(gutter)} | ${shown(text)}`.trimEnd())
    if (n === line) {
      const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1, widest))
      out.push(`${' '.repeat(gutter)} | ${' '.repeat(column - 1 - from)}${'^'.repeat(width)}`)
    }
  }
  return out.join('\n')
}

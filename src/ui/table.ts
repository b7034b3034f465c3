import { clean } from './clean.ts'
import { width } from './width.ts'

/**
 * Columns as docker prints them, in cells of a terminal: each as wide as its widest cell and `padding` more, at least `least`; the last one is not padded.
 * `ps` and most tables are 10 and 3, `ls` and `images` 20 and 3. Anybody may have labelled what stands in a cell: it is cleaned.
 */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { least = 10, padding = 3 }: { readonly least?: number; readonly padding?: number } = {},
): string {
  const all = [heads, ...rows].map(row => row.map(clean))
  const widths = heads.map((_, i) => Math.max(least, ...all.map(row => width(row[i] ?? '') + padding)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - width(cell)))).join('')
  return `${all.map(line).join('\n')}\n`
}

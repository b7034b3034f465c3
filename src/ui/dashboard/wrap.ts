import { fit, width } from '../width.ts'

/** A text in pieces of at most so many cells. It must not carry colours. */
export function wrap(text: string, cells: number): readonly string[] {
  if (/^[ -~]*$/.test(text)) {
    const pieces = Math.max(1, Math.ceil(text.length / cells))
    return Array.from({ length: pieces }, (_, i) => text.slice(i * cells, (i + 1) * cells))
  }
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const character of text) {
    const more = width(character)
    if (used + more > cells) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += character
    used += more
  }
  return [...pieces, piece]
}

/** A text cut or filled up to a number of cells. */
export function cell(text: string, cells: number): string {
  const cut = fit(text, cells)
  return cut + ' '.repeat(Math.max(0, cells - width(cut)))
}

/** Entries with blanks between them, in as many lines as they need, each entry in one. */
export function packed(entries: readonly string[], cells: number): readonly string[] {
  const lines: string[] = []
  for (const entry of entries.map(text => fit(text, cells))) {
    const last = lines.at(-1)
    if (last !== undefined && width(last) + 3 + width(entry) <= cells) lines[lines.length - 1] = `${last}   ${entry}`
    else lines.push(entry)
  }
  return lines
}

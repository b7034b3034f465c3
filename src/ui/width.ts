import { stripVTControlCharacters } from 'node:util'

/** East Asian wide characters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
/** Joiners, variation selectors and marks. */
const none = /\p{Mn}|\p{Cf}/u

/** Cells that a text takes on a terminal. */
export function width(text: string): number {
  const plain = stripVTControlCharacters(text)
  if (/^[ -~]*$/.test(plain)) return plain.length
  let cells = 0
  for (const character of plain) cells += wide.test(character) ? 2 : none.test(character) ? 0 : 1
  return cells
}

/** A text cut to a number of cells; an ellipsis says so. It must not carry colours. */
export function fit(text: string, cells: number): string {
  if (width(text) <= cells) return text
  let used = 0
  let kept = ''
  for (const character of text) {
    used += width(character)
    if (used > cells - 1) break
    kept += character
  }
  return `${kept}…`
}

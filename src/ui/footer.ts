import { fit, width } from './width.ts'

/** A line that stays at the bottom of a terminal while other things are printed above it. */
export interface Footer {
  /** Draws it, another one in its place, or none. */
  set(text: string): void
  /** What is to be written to print something: the line gone before, and there again after, in one piece. */
  framed(bytes: Uint8Array): Uint8Array
  /** Something else draws at the bottom for a while: takes the line away, and gives the way to have it back. */
  aside(): () => void
}

const LF = 10

/** Nothing of the terminal's state is changed, so that nothing is to be put right should the process be killed. */
export function footer(out: NodeJS.WriteStream): Footer {
  let line = ''
  let hidden = 0
  /** How wide what is drawn is; 0 where nothing is. */
  let drawn = 0
  const columns = () => out.columns || 80
  const draw = () => {
    if (line === '' || hidden > 0) return ''
    const text = fit(line, Math.max(1, columns() - 1))
    drawn = width(text)
    return `\r\u001b[2m${text}\u001b[22m`
  }
  // A terminal made narrower has wrapped it.
  const erase = () => {
    if (drawn === 0) return ''
    const up = Math.ceil(drawn / columns()) - 1
    drawn = 0
    return `${up > 0 ? `\u001b[${up}A` : ''}\r\u001b[0J`
  }
  return {
    set(text) {
      line = text
      out.write(erase() + draw())
    },
    framed(bytes) {
      if (line === '' && drawn === 0) return bytes
      const before = erase()
      // In the middle of a line there is no room for another.
      const after = bytes.at(-1) === LF ? draw() : ''
      return Buffer.concat([Buffer.from(`\u001b[?2026h${before}`), bytes, Buffer.from(`${after}\u001b[?2026l`)])
    },
    aside() {
      hidden++
      const gone = erase()
      if (gone !== '') out.write(gone)
      let back = false
      return () => {
        if (back) return
        back = true
        hidden--
        out.write(draw())
      }
    },
  }
}

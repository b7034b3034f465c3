import { fit, width } from './width.ts'

/** A few lines at the bottom of a terminal that are drawn again and again, while other text may come above them. */
export interface Live {
  /** Something has changed; it is drawn soon, not at once: a thousand changes cost one drawing. */
  changed(): void
  /** Lets `write` print above. */
  above(write: () => void): void
  /** Draws for the last time and leaves it there. */
  close(): void
}

const every = 80

/**
 * `lines` gives what is to be drawn within some rows, or all there is to say when it is the last time. `flush` writes what
 * was printed above and is still kept somewhere.
 */
export function live(
  out: NodeJS.WriteStream,
  lines: (rows: number | undefined) => readonly string[],
  flush: () => void,
): Live {
  let drawn: readonly string[] = []
  let timer: NodeJS.Timeout | undefined

  const columns = () => out.columns || 80
  // A terminal made narrower has wrapped what was drawn, so the height is counted anew.
  const height = () => drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns())), 0)
  const back = () => (drawn.length > 0 ? `\u001b[${height()}A\r` : '')
  // Line by line: what clears all of a screen at once is kept above it by some terminals (tmux), frame after frame.
  const erase = () => `${back()}${'\u001b[2K\n'.repeat(drawn.length > 0 ? height() : 0)}${back()}`
  const draw = (rows: number | undefined) => {
    flush()
    const next = lines(rows)
    const text = next.map(line => (width(line) < columns() ? line : fit(line, columns() - 1)))
    const over = drawn.length > 0 ? '\u001b[0J' : ''
    out.write(`\u001b[?2026h${back()}${text.map(line => `${line}\u001b[K\n`).join('')}${over}\u001b[?2026l`)
    drawn = text
  }
  const later = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      draw(Math.max(1, (out.rows || 24) - 1))
    }, every)
  }

  return {
    changed: later,
    above(write) {
      if (drawn.length > 0) {
        out.write(erase())
        drawn = []
      }
      write()
      later()
    },
    close() {
      clearTimeout(timer)
      timer = undefined
      draw(undefined)
      drawn = []
    },
  }
}

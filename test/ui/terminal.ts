/** A stream that keeps what is written, as a pipe or as a terminal of some size. */
export function stream({
  columns,
  rows,
}: {
  columns?: number
  rows?: number
} = {}): NodeJS.WriteStream & { text(): string } {
  const written: Buffer[] = []
  const isTTY = columns !== undefined
  const fake = {
    isTTY,
    columns,
    rows,
    writableNeedDrain: false,
    writableLength: 0,
    write(piece: string | Uint8Array) {
      written.push(Buffer.from(piece as string))
      return true
    },
    on: () => fake,
    off: () => fake,
    text: () => Buffer.concat(written).toString('utf8'),
  }
  return fake as unknown as NodeJS.WriteStream & { text(): string }
}

/** What a terminal shows after some output: enough of one for what we send (newlines, up, erase below, synchronized updates). */
export function shown(text: string, columns: number): { lines: string[]; tallest: number; cleared: number } {
  const lines: string[] = ['']
  let row = 0
  let column = 0
  let tallest = 0
  /** How often all of it was cleared at once. */
  let cleared = 0
  const put = (character: string) => {
    if (column >= columns) {
      row++
      column = 0
    }
    lines[row] = (lines[row] ?? '').padEnd(column).slice(0, column) + character + (lines[row] ?? '').slice(column + 1)
    column++
  }
  for (const [piece] of text.matchAll(/\u001b\[[?\d;]*[A-Za-z]|[\s\S]/gu)) {
    const up = /^\u001b\[(\d+)A$/.exec(piece)
    if (piece === '\n') {
      row++
      column = 0
    } else if (piece === '\r') column = 0
    else if (up) {
      row -= Number(up[1])
      if (row < 0) throw new Error('moved above the top')
      tallest = Math.max(tallest, Number(up[1]))
    } else if (piece === '\u001b[0J') {
      if (row === 0 && column === 0) cleared++
      lines.length = row + 1
      lines[row] = ''
    } else if (piece === '\u001b[K') lines[row] = (lines[row] ?? '').slice(0, column)
    else if (piece === '\u001b[2K') lines[row] = ''
    else if (!piece.startsWith('\u001b')) put(piece)
    lines[row] ??= ''
  }
  return { lines: lines.map(line => line.trimEnd()), tallest, cleared }
}

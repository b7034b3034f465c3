/** What a terminal of some size shows after some output: enough of one for what draws a whole screen. */
export function screenOf(output: string, columns = 80, rows = 24): readonly string[] {
  let cells = blank(rows, columns)
  let row = 0
  let column = 0
  const at = (wanted: number, most: number) => Math.max(0, Math.min(most - 1, wanted))
  const erase = (line: number, from: number, to: number) => cells[line]!.fill(' ', from, to)
  for (const piece of output.match(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007|\u001b.|[^]/gu) ?? []) {
    const [, numbers = '', act = ''] = /^\u001b\[([0-9;]*)([A-Za-z])$/.exec(piece) ?? []
    const [first = 0, second = 0] = numbers.split(';').map(Number)
    const by = Math.max(1, first)
    if (piece === '\u001b[?1049h' || piece === '\u001b[?1049l') {
      cells = blank(rows, columns)
      row = column = 0
    } else if (act === 'A') row = at(row - by, rows)
    else if (act === 'B') row = at(row + by, rows)
    else if (act === 'C') column = at(column + by, columns)
    else if (act === 'D') column = at(column - by, columns)
    else if (act === 'E') [row, column] = [at(row + by, rows), 0]
    else if (act === 'F') [row, column] = [at(row - by, rows), 0]
    else if (act === 'G') column = at(by - 1, columns)
    else if (act === 'H') [row, column] = [at(by - 1, rows), at(Math.max(1, second) - 1, columns)]
    else if (act === 'K') erase(row, first === 0 ? column : 0, first === 1 ? column + 1 : columns)
    else if (act === 'J') {
      if (first > 0) cells = blank(rows, columns)
      else for (let line = row; line < rows; line++) erase(line, line === row ? column : 0, columns)
    } else if (piece === '\r') column = 0
    else if (piece === '\n') {
      if (row === rows - 1) cells = [...cells.slice(1), ...blank(1, columns)]
      else row++
    } else if (!piece.startsWith('\u001b') && piece >= ' ') {
      if (column < columns) cells[row]![column] = piece
      column++
    }
  }
  return cells.map(line => line.join('').trimEnd())
}

const blank = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '))

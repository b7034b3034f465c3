/** A text that somebody wrote, and the name under which to show it (a path as the user would type it). */
export interface Source {
  readonly name: string
  readonly text: string
}

/** A part of a source: UTF-16 offsets, `start` inclusive, `end` exclusive. */
export interface Span {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** A place as people and editors name it; both numbers count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

const lineStarts = new WeakMap<Source, readonly number[]>()

export function position({ source, start }: Span): Position {
  let starts = lineStarts.get(source)
  if (!starts) {
    const found = [0]
    for (let i = source.text.indexOf('\n'); i >= 0; i = source.text.indexOf('\n', i + 1)) found.push(i + 1)
    starts = found
    lineStarts.set(source, starts)
  }
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= start) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: start - starts[low]! + 1 }
}

/** `compose.yaml:14`, as a plan names the line that a change comes from. */
export function placed(at: Span): string {
  return `${at.source.name}:${position(at).line}`
}

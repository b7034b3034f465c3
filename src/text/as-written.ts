import type { Blank, Loosened } from './loosen.ts'
import type { Parsed, ParsedDocument } from './parsed.ts'
import type { Problem } from './problem.ts'
import { partsOf, within } from './ranges.ts'
import type { Source, Span } from './source.ts'

/** Whether a loosened text says the same as it did when written, where this is what was read of it. */
export function agrees({ text, blanks }: Loosened, documents: readonly ParsedDocument[]): boolean {
  const { scalars, quotes, brackets } = partsOf(documents, text)
  return blanks.every(({ at, why }) => {
    if (why === 'line') return within(brackets, at) || within(quotes, at)
    if (within(scalars, at)) return false
    return why === 'comment' || within(brackets, at)
  })
}

/** What was read of a loosened text, with the places of the text as it is written. */
export function asWritten({ blanks }: Loosened, documents: readonly ParsedDocument[]): readonly ParsedDocument[] {
  const place = placesBefore(blanks)
  const moved = (value: Parsed): Parsed => {
    const range = { start: place(value.start), end: place(value.end) }
    if (value.kind === 'list') return { ...value, ...range, items: value.items.map(moved) }
    if (value.kind === 'dict')
      return { ...value, ...range, pairs: value.pairs.map(([key, of]) => [moved(key), moved(of)] as const) }
    return { ...value, ...range }
  }
  return documents.map(it => ({ ...it, root: moved(it.root) }))
}

/** A problem of a loosened text, told of the source as it is written. */
export function problemAsWritten({ blanks }: Loosened, problem: Problem, source: Source): Problem {
  const place = placesBefore(blanks)
  const moved = ({ start, end }: Span): Span => {
    const begin = place(start)
    return { source, start: begin, end: Math.max(begin + 1, place(end)) }
  }
  const { at, notes } = problem
  return {
    ...problem,
    ...(at && { at: moved(at) }),
    ...(notes && { notes: notes.map(note => ({ ...note, at: moved(note.at) })) }),
  }
}

/** An offset without the blanks that were put in before it. */
function placesBefore(blanks: readonly Blank[]): (offset: number) => number {
  const sums: number[] = [0]
  for (const { more } of blanks) sums.push(sums.at(-1)! + more)
  return offset => {
    let low = 0
    let high = blanks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (blanks[middle]!.at < offset) low = middle + 1
      else high = middle
    }
    const last = blanks[low - 1]
    // Within what was put in there is no place but its end.
    return last ? Math.max(last.at - sums[low - 1]!, offset - sums[low]!) : offset
  }
}

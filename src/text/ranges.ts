import type { Parsed, ParsedDocument } from './parsed.ts'

/** Parts of a text, in order and apart from each other: start, end, start, end … */
export type Ranges = readonly number[]

/** Where scalars stand, which of them are in quotes, and the outermost brackets. */
export interface Parts {
  readonly scalars: Ranges
  readonly quotes: Ranges
  readonly brackets: Ranges
}

/** What the documents of a text are made of. */
export function partsOf(documents: readonly ParsedDocument[], text: string): Parts {
  const scalars: number[] = []
  const quotes: number[] = []
  const brackets: number[] = []
  const visit = (value: Parsed): void => {
    const { start, end } = value
    if (value.kind === 'alias') return
    if (value.kind === 'scalar') {
      if (start === end) return
      scalars.push(start, end)
      if (!value.plain && '"\''.includes(text[start]!)) quotes.push(start, end)
      return
    }
    if ('[{'.includes(text[start] ?? ' ') && start >= (brackets.at(-1) ?? 0)) brackets.push(start, end)
    if (value.kind === 'list') for (const item of value.items) visit(item)
    else for (const pair of value.pairs) for (const part of pair) visit(part)
  }
  for (const { root } of documents) visit(root)
  return { scalars, quotes, brackets }
}

/** Whether an offset lies in one of them, behind its first character. */
export function within(ranges: Ranges, offset: number): boolean {
  let low = 0
  let high = ranges.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle * 2]! < offset) low = middle + 1
    else high = middle
  }
  return low > 0 && offset < ranges[low * 2 - 1]!
}

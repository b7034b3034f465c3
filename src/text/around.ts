import type { Span } from './source.ts'

/** The second ": " of the line that the span begins on. */
export function colonOf(at: Span, text: string): Span | undefined {
  const begin = text.lastIndexOf('\n', at.start - 1) + 1
  const line = text.slice(begin, endOfLine(text, at.start))
  const [, second] = line.matchAll(/:(?=\s|$)/g)
  return second && { source: at.source, start: begin + second.index, end: begin + second.index + 1 }
}

/** What is written from here on, up to a blank or the end of its line. */
export function shownFrom({ source }: Span, offset: number): Span {
  const word = /[^\s:]+/g
  word.lastIndex = offset
  const found = word.exec(source.text)
  return found ? { source, start: found.index, end: word.lastIndex } : { source, start: offset, end: offset + 1 }
}

/** The key of `image:nginx`, where a blank is missing. */
export function glued(line: string): string | undefined {
  return /^([A-Za-z_][\w.-]*):\S/.exec(line)?.[1]
}

/** What a span holds of the line it begins on. */
export function firstLine(at: Span, text: string): string {
  return text.slice(at.start, Math.min(Math.max(at.end, at.start + 1), endOfLine(text, at.start))).trim()
}

/** Where the line ends that an offset stands in. */
export function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}

/** As messages show the user's own words. */
export function quoted(text: string): string {
  return `"${text}"`
}

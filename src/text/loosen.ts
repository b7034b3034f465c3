/** A text with blanks put in where docker compose needs none and other readers do. */
export interface Loosened {
  readonly text: string
  readonly blanks: readonly Blank[]
}

/** Blanks that were put in: at the beginning of a line, before a comment, or instead of a tab, which is none more. */
export interface Blank {
  /** In the loosened text. */
  readonly at: number
  readonly more: number
  readonly why: 'line' | 'comment' | 'tab'
}

/** What stands before the value that a line may have: list dashes, a key (of 1024 characters at most, says YAML), an anchor, a tag. */
const head =
  /( *(?:[-?] +)*)((?:"(?:[^"\\\n]|\\.){0,1024}"[ \t]*|'(?:[^'\n]|''){0,1024}'[ \t]*|[^\s#'"[\]{},&*!|>%@`][^\n#]*?):(?=\s|$)[ \t]*)?(?:[&!]\S*[ \t]*)*/y

/** Of a text that needs more, the rest stays as it is. */
const most = 500_000

/**
 * To go-yaml, lines within brackets and quotes need no indentation and may begin with tabs, and a comment behind a bracket or a quote needs no
 * blank; the specification asks for both (YAML 1.2, 7.4 and 6.6). Undefined where nothing is to be loosened.
 * Lines are told apart roughly, so what is read of the result counts only where `agrees` says so.
 */
export function loosened(text: string): Loosened | undefined {
  const blanks: Blank[] = []
  let added = 0
  const insert = (at: number, count: number, why: Blank['why']) => {
    const instead = why === 'tab' ? 1 : 0
    const more = count - instead
    blanks.push({ at: at + added, more, why })
    added += more
  }
  /** Behind a line break within brackets or quotes, to the first that is no blank. */
  const indent = (at: number, least: number): number => {
    const end = behind(text, at, ' ')
    const bare = '\r\n'.includes(text[end] ?? '\n') || /^(?:---|\.\.\.)\s/.test(text.slice(at, at + 4))
    if (end - at < least && !bare) insert(at, least - (end - at), 'line')
    return end
  }
  /** Behind the quotes that begin here; undefined where they are not closed. */
  const quoted = (start: number, least: number): number | undefined => {
    const quote = text[start]
    for (let at = start + 1; at < text.length; at++) {
      const char = text[at]
      if (char === quote) {
        if (quote === '"' || text[at + 1] !== quote) return at + 1
        at++
        continue
      }
      if (char === '\\' && quote === '"' && text[at + 1] !== '\n') at++
      else if (char === '\n') at = indent(at + 1, least) - 1
    }
    return undefined
  }
  /** Behind the brackets that begin here. */
  const bracketed = (start: number, least: number): number | undefined => {
    let depth = 0
    for (let at = start; at < text.length; ) {
      const char = text[at]!
      const before = text[at - 1]!
      if (char === '[' || char === '{') depth++
      else if (char === ']' || char === '}') {
        if (--depth === 0) return at + 1
      } else if (char === '\t') insert(at, 1, 'tab')
      if (char === '\n') at = indent(at + 1, least)
      else if ((char === '"' || char === "'") && ' \t\n[{,:'.includes(before)) {
        const end = quoted(at, least)
        if (end === undefined) return undefined
        at = end
        if (text[at] === '#') insert(at, 1, 'comment')
      } else if (char === '#' && ' \t\n,[{'.includes(before)) {
        if (!' \t\n'.includes(before)) insert(at, 1, 'comment')
        at = lineEnd(text, at)
      } else at++
    }
    return undefined
  }
  for (let at = 0; at < text.length && blanks.length < most; ) {
    head.lastIndex = at
    const [, dashes = '', key] = head.exec(text)!
    const value = head.lastIndex
    const first = text[value] ?? ''
    const before = blanks.length
    let end: number | undefined = value
    if (first === '[' || first === '{') end = bracketed(value, dashes.length + 1)
    else if (first === '"' || first === "'") end = quoted(value, dashes.length + 1)
    if (end === undefined) {
      // What is not closed is a mistake, which is told best from the lines as they are.
      blanks.length = before
      break
    }
    if (end > value && text[end] === '#') insert(end, 1, 'comment')
    at = lineEnd(text, end) + 1
    if (first !== '|' && first !== '>') continue
    const column = key !== undefined ? dashes.length : Math.max(dashes.lastIndexOf('-'), dashes.lastIndexOf('?'))
    const inside = key === undefined && column < 0 ? dashes.length - 1 : column
    while (at < text.length) {
      const begin = behind(text, at, ' ')
      if (begin - at <= inside && !'\r\n'.includes(text[begin] ?? '\n')) break
      at = lineEnd(text, begin) + 1
    }
  }
  if (!blanks.length) return undefined
  return { text: filled(text, blanks), blanks }
}

/** The text with the blanks in it. */
function filled(text: string, blanks: readonly Blank[]): string {
  const chunks: string[] = []
  let pieces: string[] = []
  let copied = 0
  let added = 0
  for (const { at, more, why } of blanks) {
    const from = at - added
    const instead = why === 'tab' ? 1 : 0
    pieces.push(text.slice(copied, from), ' '.repeat(more + instead))
    copied = from + instead
    added += more
    // A million short pieces weigh more than the text.
    if (pieces.length < 10_000) continue
    chunks.push(pieces.join(''))
    pieces = []
  }
  return [...chunks, ...pieces, text.slice(copied)].join('')
}

function behind(text: string, start: number, char: string): number {
  let at = start
  while (text[at] === char) at++
  return at
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end < 0 ? text.length : end
}

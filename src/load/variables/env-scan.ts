import type { Report } from '../../text/problem.ts'
import type { Source, Span } from '../../text/source.ts'
import type { Variable } from './env-file.ts'
import { filledIn, type Lookup } from './filled-in.ts'
import { masked } from './masked.ts'
import { type Reference, referencesIn } from './template.ts'

const blank = /[ \t\v\f\r\u0085\u00a0]/
const nameCharacter = /[\p{L}\p{N}_.\-[\]]/u
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
}

/** Every variable that an env file speaks of and does not set itself in a line above. */
export function variablesOfEnvFile(source: Source): readonly Reference[] {
  const used: Reference[] = []
  const nobody = () => undefined
  if (source.text.includes('$')) scanEnvFile(source, nobody, nobody, reference => used.push(reference))
  return used
}

/** The whole dialect of env files, statement by statement. `each` is told the variables that are not set above their use. */
export function scanEnvFile(
  source: Source,
  lookup: Lookup,
  report: Report,
  each?: (reference: Reference) => void,
): ReadonlyMap<string, Variable> {
  const { text } = source
  const found = new Map<string, Variable>()
  const shown = masked(source)
  const span = (start: number, end: number): Span => ({ source: shown, start, end: Math.max(end, start + 1) })
  const wrong = (message: string, hint: string, at: Span) =>
    report({ code: 'bad-env-file', severity: 'error', message, hint, at })
  const lineEnd = (from: number) => {
    const end = text.indexOf('\n', from)
    return end < 0 ? text.length : end
  }
  const skipBlanks = (from: number) => {
    let i = from
    while (i < text.length && blank.test(text[i]!)) i++
    return i
  }

  /** The text of a value with its variables filled in; `start` and `end` are where it stands in the file. */
  const expand = (value: string, start: number, end: number): string => {
    if (!value.includes('$')) return value
    const place = (part: string) => {
      const at = text.slice(start, end).indexOf(part)
      return at < 0 ? span(start, end) : span(start + at, start + at + part.length)
    }
    if (each) for (const reference of referencesIn(value)) if (!found.has(reference.name)) each(reference)
    return (
      filledIn(value, name => lookup(name) ?? found.get(name)?.value, {
        report,
        at: (from, to) => place(value.slice(from, to)),
        where: 'the environment or in a line above',
      }) ?? ''
    )
  }

  /** Takes the quoted text that begins at `open`; answers the offset after it. */
  const quoted = (name: string, at: Span, open: number): number => {
    const quote = text[open]!
    let value = ''
    for (let i = open + 1; i < text.length; i++) {
      const character = text[i]!
      if (character === quote) {
        found.set(name, { value: quote === '"' ? expand(unescape(value), open + 1, i) : value, at })
        return i + 1
      }
      if (character === '\\' && i + 1 < text.length) {
        i++
        value += text[i] === quote ? quote : `\\${text[i]}`
      } else value += character
    }
    wrong(`the ${quote} of "${name}" is not closed`, `add the closing ${quote}`, span(open, open + 1))
    return text.length
  }

  let i = 0
  while (i < text.length) {
    i = skipBlanks(i)
    if (text[i] === '\n') {
      i++
      continue
    }
    if (i >= text.length) break
    if (text[i] === '#') {
      i = lineEnd(i) + 1
      continue
    }
    const exported = /^export[ \t\v\f\r]+/.exec(text.slice(i, i + 40))
    if (exported) i += exported[0].length
    const start = i
    while (
      i < text.length &&
      !'=:\n'.includes(text[i]!) &&
      (blank.test(text[i]!) || nameCharacter.test(String.fromCodePoint(text.codePointAt(i)!)))
    )
      i += text.codePointAt(i)! > 0xffff ? 2 : 1
    const separator = text[i] ?? '\n'
    const name = text.slice(start, i).replace(/\s+$/u, '')
    const at = span(start, start + name.length)
    if (!'=:\n'.includes(separator)) {
      wrong(
        `the character ${separator} is not allowed in the name of a variable`,
        name ? 'write NAME=VALUE; put a value with blanks in quotes' : 'write NAME=VALUE, and # before a comment',
        span(i, i + 1),
      )
      i = lineEnd(i) + 1
    } else if (name.includes(' ')) {
      wrong(`the name "${name}" holds a blank`, 'write NAME=VALUE', at)
      i = lineEnd(i) + 1
    } else if (separator === '\n') {
      i++
      const inherited = lookup(name)
      if (inherited !== undefined) found.set(name, { value: inherited, at })
    } else {
      i = skipBlanks(i + 1)
      if (text[i] === '"' || text[i] === "'") i = quoted(name, at, i)
      else {
        const end = lineEnd(i)
        const line = text.slice(i, end)
        const comment = line.indexOf(' #')
        const value = (comment < 0 ? line : line.slice(0, comment)).replace(/\s+$/u, '')
        found.set(name, { value: expand(value, i, end), at })
        i = end + 1
      }
    }
  }
  return found
}

/** `\$` becomes `$$`, which the variables' grammar then reads as a dollar. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(/\\([abcfnrtv$"\\]|0\d{0,3})/g, (whole, what: string) => {
    if (what === '$') return '$$'
    if (!what.startsWith('0')) return escapes[what] ?? whole
    const digits = what.slice(1)
    return /^[0-3][0-7]{2}$/.test(digits) ? String.fromCharCode(Number.parseInt(digits, 8)) : `\\${digits}`
  })
}

/** A text with `$NAME` and `${NAME…}` in it, taken apart. */
export type Template = readonly (string | Reference)[]

/** How `${NAME…}` goes on after the name; with the colon, an empty value counts as unset. */
export type Operator = ':-' | '-' | ':+' | '+' | ':?' | '?'

export interface Reference {
  readonly name: string
  readonly operator?: Operator
  /** The default, the alternate or the message, itself a template. */
  readonly word: Template
  readonly wordText: string
  /** Where `$…` stands in the text: `start` inclusive, `end` exclusive. */
  readonly start: number
  readonly end: number
}

/** What cannot be read as a variable: `${`, `${1}`, `${A:x}`. */
export class BadTemplate extends Error {
  override readonly name = 'BadTemplate'
  readonly start: number
  readonly end: number
  readonly why: string
  readonly hint: string
  constructor(start: number, end: number, why: string, hint: string) {
    super(why)
    this.start = start
    this.end = end
    this.why = why
    this.hint = hint
  }
}

const nameStart = /[A-Za-z_]/
const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y
const operatorAt = /:-|:\+|:\?|-|\+|\?/y
/** Defaults within defaults; go deeper and it is an attack. */
const deepest = 100

/**
 * The grammar of the Compose specification's interpolation as docker compose reads it: `$$` is a dollar, braces are
 * counted and know no quotes, a backslash escapes nothing, a dollar before anything else is itself. Throws BadTemplate.
 */
export function parseTemplate(text: string, offset = 0, depth = 0): Template {
  if (depth > deepest)
    throw new BadTemplate(offset, offset + text.length, 'defaults are nested too deep', 'take the inner ones apart')
  const parts: (string | Reference)[] = []
  let plain = ''
  let i = 0
  const flush = () => {
    if (plain) parts.push(plain)
    plain = ''
  }
  while (i < text.length) {
    const dollar = text.indexOf('$', i)
    if (dollar < 0) {
      plain += text.slice(i)
      break
    }
    plain += text.slice(i, dollar)
    const next = text[dollar + 1] ?? ''
    if (next === '$') {
      plain += '$'
      i = dollar + 2
    } else if (next === '{') {
      const end = closingBrace(text, dollar + 1)
      if (end < 0)
        throw new BadTemplate(
          offset + dollar,
          offset + text.length,
          `"\${" is not closed`,
          'add the closing }, or write $$ for a dollar sign',
        )
      flush()
      parts.push(braced(text.slice(dollar + 2, end), offset + dollar, offset + end + 1, depth))
      i = end + 1
    } else if (nameStart.test(next)) {
      flush()
      const name = match(nameAt, text, dollar + 1)
      i = dollar + 1 + name.length
      parts.push({ name, word: [], wordText: '', start: offset + dollar, end: offset + i })
    } else {
      plain += '$'
      i = dollar + 1
    }
  }
  flush()
  return parts
}

function braced(inner: string, start: number, end: number, depth: number): Reference {
  const bad = (why: string, hint: string) => new BadTemplate(start, end, why, hint)
  const shown = `"\${${inner.length > 40 ? `${inner.slice(0, 40)}…` : inner}}"`
  if (inner.includes('\n')) throw bad('a variable is written over several lines', 'write it on one line')
  const name = match(nameAt, inner, 0)
  if (!name)
    throw inner === ''
      ? bad('"${}" names no variable', 'write $$ for a dollar sign')
      : bad(`${shown} does not begin with a name`, 'a name begins with a letter or "_"; write $$ for a dollar sign')
  if (name.length === inner.length) return { name, word: [], wordText: '', start, end }
  const operator = match(operatorAt, inner, name.length) as Operator | ''
  if (!operator) {
    const rest = inner.slice(name.length)
    const hint =
      rest.startsWith(':=') || rest.startsWith('=')
        ? `write \${${name}:-…} for a default`
        : `after the name may follow :- - :+ + :? or ?, as in \${${name}:-default}`
    throw bad(`"${rest.length > 20 ? `${rest.slice(0, 20)}…` : rest}" cannot follow the name "${name}"`, hint)
  }
  const from = name.length + operator.length
  const wordText = inner.slice(from)
  return { name, operator, word: parseTemplate(wordText, start + 2 + from, depth + 1), wordText, start, end }
}

function closingBrace(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++
    else if (text[i] === '}' && --depth === 0) return i
  }
  return -1
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

export interface Filling {
  readonly lookup: (name: string) => string | undefined
  /** A variable without a value and without a default; it becomes "". */
  readonly unset?: (reference: Reference) => void
  /** `${NAME:?message}` without a value. */
  readonly missing: (reference: Reference, message: string) => void
}

/** The text with its variables filled in. A value is not looked through again. */
export function fill(template: Template, filling: Filling): string {
  return template.map(part => (typeof part === 'string' ? part : valueOf(part, filling))).join('')
}

function valueOf(reference: Reference, filling: Filling): string {
  const { name, operator, word } = reference
  const value = filling.lookup(name)
  const given = value !== undefined && (value !== '' || !operator?.startsWith(':'))
  switch (operator) {
    case ':-':
    case '-':
      return given ? value : fill(word, filling)
    case ':+':
    case '+':
      return given ? fill(word, filling) : ''
    case ':?':
    case '?':
      if (given) return value
      filling.missing(reference, fill(word, filling))
      return ''
    default:
      if (value === undefined) filling.unset?.(reference)
      return value ?? ''
  }
}

/** Every variable that a text speaks of; none where it cannot be read. */
export function referencesIn(text: string): readonly Reference[] {
  if (!text.includes('$')) return []
  try {
    return [...references(parseTemplate(text))]
  } catch (error) {
    if (error instanceof BadTemplate) return []
    throw error
  }
}

/** Every variable that a template speaks of, those in defaults too. */
export function* references(template: Template): Generator<Reference> {
  for (const part of template) {
    if (typeof part === 'string') continue
    yield part
    yield* references(part.word)
  }
}

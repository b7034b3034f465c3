import { plainValue } from './plain.ts'

/** What YAML can be made of; undefined entries are left out. */
export type Printable =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Printable[]
  | { readonly [key: string]: Printable | undefined }

/** A value as YAML in the layout of docker compose's `config`: two blanks of indent, block style, text quoted only where it must be. */
export function printYaml(value: Printable): string {
  const lines: string[] = []
  if (isCollection(value) && !isEmpty(value)) block(value, '', lines)
  else lines.push(inline(value, '').trimStart())
  return `${lines.join('\n')}\n`
}

type Collection = Extract<Printable, object>

function block(value: Collection, indent: string, lines: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Printable[]) entry(`${indent}-`, item, `${indent}  `, lines)
    return
  }
  for (const [key, item] of Object.entries(value as Readonly<Record<string, Printable | undefined>>)) {
    if (item === undefined) continue
    const name = keyText(key)
    if (isCollection(item) && !isEmpty(item)) {
      lines.push(`${indent}${name}:`)
      block(item, `${indent}  `, lines)
    } else lines.push(`${indent}${name}:${inline(item, `${indent}  `)}`)
  }
}

/** A list item: its first line stands on the line of the dash. */
function entry(dash: string, item: Printable, indent: string, lines: string[]): void {
  if (!isCollection(item) || isEmpty(item)) {
    lines.push(`${dash}${inline(item, indent)}`)
    return
  }
  const start = lines.length
  block(item, indent, lines)
  lines[start] = `${dash} ${lines[start]!.slice(indent.length)}`
}

function inline(value: Printable, indent: string): string {
  if (value === null) return ' null'
  if (typeof value === 'string') return value.includes('\n') ? literal(value, indent) : ` ${scalarText(value)}`
  if (typeof value === 'object') return Array.isArray(value) ? ' []' : ' {}'
  return ` ${String(value)}`
}

function literal(text: string, indent: string): string {
  if (
    !/^[\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text) ||
    /[ \t]\n|[ \t]$/.test(text) ||
    /^\n+$/.test(text)
  )
    return ` ${doubleQuoted(text)}`
  const body = text.replace(/\n+$/, '')
  const breaks = text.length - body.length
  const hint = /^\s/.test(body) ? '2' : ''
  const header = ` |${hint}${breaks === 0 ? '-' : breaks === 1 ? '' : '+'}`
  const lines = (breaks > 1 ? text.slice(0, -1) : body).split('\n').map(line => (line ? `${indent}${line}` : ''))
  return [header, ...lines].join('\n')
}

function keyText(key: string): string {
  return key.includes('\n') ? doubleQuoted(key) : scalarText(key)
}

/** Words that YAML 1.1 reads as something else than text, though go-yaml does not. */
const oldWords = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
const date = /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ])/

function scalarText(text: string): string {
  if (
    text === '' ||
    text === '<<' ||
    typeof plainValue(text) !== 'string' ||
    oldWords.test(text) ||
    base60.test(text) ||
    date.test(text)
  )
    return doubleQuoted(text)
  if (!/^[\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text)) return doubleQuoted(text)
  const plain = !/^[#,[\]{}&*!|>'"%@`\s]|^[-?:](?:\s|$)|:(?:\s|$)|\s#|\s$|^(?:---|\.\.\.)/.test(text)
  return plain ? text : `'${text.replaceAll("'", "''")}'`
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function doubleQuoted(text: string): string {
  const escaped = text.replaceAll(
    /["\\]|[^\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu,
    character => {
      const code = character.codePointAt(0)!
      const hex = (digits: number) => code.toString(16).toUpperCase().padStart(digits, '0')
      return escapes[character] ?? (code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`)
    },
  )
  return `"${escaped}"`
}

function isCollection(value: Printable): value is Collection {
  return typeof value === 'object' && value !== null
}

function isEmpty(value: Collection): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.values(value).every(item => item === undefined)
}

import { userError } from '../text/problem.ts'
import { table } from './table.ts'

/**
 * A small part of Go's templates, as `--format` takes them (docs/formats.md): `{{.Name}}`, `{{json .}}`, `{{.Names | upper}}`,
 * `{{if eq .State "running"}}…{{else if .Health}}…{{else}}…{{end}}`, `{{range .Publishers}}…{{end}}`, `{{join .List ","}}`,
 * `{{.Label "tier"}}`, `{{"text"}}`, `{{- trimmed -}}`. Throws UserError for anything else.
 */
export function template(text: string): (fields: unknown) => string {
  const { body, rest } = parse(tokens(text))
  if (rest.length > 0) throw bad(text, `"{{${rest[0]!.code}}}" has no beginning`)
  return fields => body.map(part => part(fields)).join('')
}

/** `table {{.Name}}\t{{.Status}}` with a heading, or a template for each row. `heads` names fields whose heading is not their name in capitals. */
export function formatted(
  format: string,
  rows: readonly Readonly<Record<string, unknown>>[],
  heads: Readonly<Record<string, string>>,
): string {
  const inTable = /^table\s+/.exec(format)
  const line = template(unescaped(format.slice(inTable?.[0].length ?? 0)))
  if (!inTable) return rows.map(row => `${line(row)}\n`).join('')
  const head = line(
    new Proxy({}, { get: (_, field) => heads[String(field)] ?? capitals(String(field)), has: () => true }),
  )
  return table(
    head.split('\t'),
    rows.map(row => line(row).split('\t')),
  )
}

/** `RunningFor` → `RUNNING FOR`. */
const capitals = (field: string) => field.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toUpperCase()

/** Shells pass `\t` as it is, and docker takes it for a tab. */
const unescaped = (text: string) => text.replaceAll('\\t', '\t').replaceAll('\\n', '\n')

type Part = (dot: unknown) => string

interface Token {
  readonly text?: string
  readonly code?: string
}

function tokens(text: string): Token[] {
  const found: Token[] = []
  let from = 0
  for (const match of text.matchAll(/\{\{(-?)\s*((?:"(?:[^"\\]|\\.)*"|[^}"]|\}(?!\}))*?)\s*(-?)\}\}/g)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index) })
    const before = found.at(-1)
    if (match[1] && before?.text !== undefined) found[found.length - 1] = { text: before.text.trimEnd() }
    found.push({ code: match[2]! })
    from = match.index + match[0].length
    if (match[3]) from += /^\s*/.exec(text.slice(from))![0].length
  }
  const last = text.slice(from)
  if (last.includes('{{')) throw bad(text, 'it is not closed')
  if (last !== '') found.push({ text: last })
  return found
}

/** Up to the `else` or `end` that belongs to what is around. */
function parse(all: readonly Token[]): { readonly body: Part[]; readonly rest: readonly Token[] } {
  const body: Part[] = []
  let rest = all
  while (rest.length > 0) {
    const [{ text, code = '' }, ...after] = rest as [Token, ...Token[]]
    if (text === undefined && (code === 'end' || /^else(\s|$)/.test(code))) break
    rest = after
    const block = /^(if|range)\s+(.+)$/.exec(code)
    if (text !== undefined) body.push(() => text)
    else if (code.startsWith('/*')) continue
    else if (block) {
      const value = pipeline(block[2]!)
      const inside = parse(rest)
      let otherwise: Part[] = []
      rest = inside.rest
      const [, , condition] = /^(else)\s+(if\s.+)$/.exec(rest[0]?.code ?? '') ?? []
      if (condition !== undefined) {
        // What follows an "else if" ends with the same {{end}}.
        const second = parse([{ code: condition }, ...rest.slice(1)])
        otherwise = second.body.splice(0, 1)
        rest = []
        body.push(choice(block[1]!, value, inside.body, otherwise), ...second.body)
        rest = second.rest
        continue
      }
      if (rest[0]?.code === 'else') {
        const second = parse(rest.slice(1))
        otherwise = second.body
        rest = second.rest
      }
      if (rest[0]?.code !== 'end') throw bad(code, 'it has no {{end}}')
      rest = rest.slice(1)
      body.push(choice(block[1]!, value, inside.body, otherwise))
    } else {
      const value = pipeline(code)
      body.push(dot => shown(value(dot)))
    }
  }
  return { body, rest }
}

/** `if` or `range`. */
function choice(kind: string, value: Value, body: readonly Part[], otherwise: readonly Part[]): Part {
  const written = (parts: readonly Part[], dot: unknown) => parts.map(part => part(dot)).join('')
  return dot => {
    const of = value(dot)
    if (kind === 'if') return written(truthy(of) ? body : otherwise, dot)
    const items = Array.isArray(of) ? of : of !== null && typeof of === 'object' ? Object.values(of) : []
    return items.length > 0 ? items.map(item => written(body, item)).join('') : written(otherwise, dot)
  }
}

type Value = (dot: unknown) => unknown

function pipeline(code: string): Value {
  const stages = code.match(/(?:"(?:[^"\\]|\\.)*"|[^|"])+/g) ?? []
  return stages.reduce<Value | undefined>((before, stage) => call(stage.trim(), before), undefined) ?? (() => '')
}

function call(code: string, piped: Value | undefined): Value {
  const words = code.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []
  const [name = '', ...rest] = words
  if (name === '.Label' && rest.length === 1) {
    const labels = operand('.Labels')
    const key = operand(rest[0]!)
    return dot => labelled(shown(labels(dot)), shown(key(dot)))
  }
  if (!Object.hasOwn(functions, name)) {
    if (rest.length > 0 || piped) throw bad(code, `function "${name}" not defined`)
    return operand(name)
  }
  const values = [...rest.map(operand), ...(piped ? [piped] : [])]
  return dot => functions[name]!(...values.map(value => value(dot)))
}

const functions: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  json: value => JSON.stringify(value),
  upper: value => shown(value).toUpperCase(),
  lower: value => shown(value).toLowerCase(),
  title: value => shown(value).replace(/^./, letter => letter.toUpperCase()),
  join: (list, by) => (Array.isArray(list) ? list.map(shown).join(shown(by)) : shown(list)),
  split: (text, by) => shown(text).split(shown(by)),
  println: (...values) => `${values.map(shown).join(' ')}\n`,
  // As docker's: blanks around a text, and its first letters.
  pad: (text, before, after) => ' '.repeat(Number(before)) + shown(text) + ' '.repeat(Number(after)),
  truncate: (text, most) => shown(text).slice(0, Number(most)),
  eq: (one, ...others) => others.some(other => shown(other) === shown(one)),
  ne: (one, other) => shown(one) !== shown(other),
  not: value => !truthy(value),
  and: (...values) => values.find(value => !truthy(value)) ?? values.at(-1),
  or: (...values) => values.find(truthy) ?? values.at(-1),
  index: (of, ...keys) =>
    keys.reduce((value, key) => (value as Record<string, unknown> | undefined)?.[String(key)], of),
  len: value => (Array.isArray(value) ? value.length : shown(value).length),
}

function operand(word: string): Value {
  if (/^".*"$/s.test(word)) {
    const text = String(JSON.parse(word))
    return () => text
  }
  if (/^-?\d+$/.test(word)) return () => Number(word)
  if (!/^\.(\w+(\.\w+)*)?$/.test(word)) throw bad(word, `"${word}" is neither a field nor a function`)
  const path = word.slice(1).split('.').filter(Boolean)
  return dot =>
    path.reduce<unknown>((value, field) => {
      if (value === null || typeof value !== 'object' || !(field in value))
        throw bad(word, `there is no field "${field}"`)
      return (value as Readonly<Record<string, unknown>>)[field]
    }, dot)
}

/** One of `a=b,c=d`. */
const labelled = (labels: string, key: string) =>
  labels
    .split(',')
    .find(label => label.startsWith(`${key}=`))
    ?.slice(key.length + 1) ?? ''

const truthy = (value: unknown) =>
  Array.isArray(value)
    ? value.length > 0
    : value !== '' && value !== 0 && value !== false && value !== undefined && value !== null

const shown = (value: unknown): string =>
  value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value ?? '')

const bad = (text: string, why: string) =>
  userError(
    'bad-template',
    `template parsing error: ${text}: ${why}`,
    'it takes fields ({{.Name}}), json, if, range, join, upper, lower and a few more, which docs/formats.md lists',
  )

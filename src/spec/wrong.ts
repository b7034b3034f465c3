import { goFloat, goInteger } from '../base/go-number.ts'
import { suggest } from '../base/suggest.ts'
import type { Entry, Node, Scalar } from '../text/node.ts'
import type { Span } from '../text/source.ts'
import type { Context, Rows } from './shape.ts'

/** Tells that something else was expected here. */
export function wrongType(expects: string, node: Node, { report }: Context, hint?: string): undefined {
  const help = hint ?? hintFor(expects, node)
  report({
    code: 'wrong-type',
    severity: 'error',
    message: `expected ${expects}, found ${describe(node)}`,
    at: node.at,
    ...(help !== undefined && { hint: help }),
  })
  return undefined
}

/** Tells of infinity and of what is no number, which docker compose refuses wherever they stand. */
export function notFinite(node: Scalar, context: Context): boolean {
  const { value, at } = node
  if (typeof value !== 'object' || value === null || Number.isFinite(value.float)) return false
  const written = at.source.text.slice(at.start, at.end)
  bad('bad-number', `${quoted(written)} is no number to count with`, at, context, 'write it in quotes if it is text')
  return true
}

/** Tells of a value that has the right type and cannot be read. */
export function bad(code: string, message: string, at: Span, { report }: Context, hint?: string): undefined {
  report({ code, severity: 'error', message, at, ...(hint !== undefined && { hint }) })
  return undefined
}

export function warn(code: string, message: string, at: Span, { report }: Context, hint?: string): undefined {
  report({ code, severity: 'warning', message, at, ...(hint !== undefined && { hint }) })
  return undefined
}

export function unknownKey(entry: Entry, key: string, rows: Rows, { report }: Context, only?: 'warn'): void {
  report({
    code: 'unknown-key',
    severity: only ? 'warning' : 'error',
    message: `unknown key "${key}"`,
    at: entry.key,
    hint: hintForKey(key, entry.node, rows),
  })
}

/** What keys are called elsewhere: by `docker run`, by other formats, in speech. */
const otherNames: Readonly<Record<string, string>> = {
  memory: 'mem_limit',
  mem: 'mem_limit',
  cpu: 'cpus',
  env: 'environment',
  name: 'container_name',
  cmd: 'command',
  shm: 'shm_size',
  mount: 'volumes',
  mounts: 'volumes',
  publish: 'ports',
  net: 'network_mode',
  workdir: 'working_dir',
}

function hintForKey(key: string, node: Node, rows: Rows): string {
  const known = Object.keys(rows)
  const other = Object.hasOwn(otherNames, key) ? otherNames[key]! : ''
  const near = Object.hasOwn(rows, other) ? other : suggest(key, known)
  if (near !== undefined) return `did you mean "${near}"?`
  if (
    Object.hasOwn(rows, 'services') &&
    node.kind === 'dict' &&
    (node.entries.has('image') || node.entries.has('build'))
  )
    return 'write it below "services:", where services stand'
  for (const [name, { parts }] of Object.entries(rows)) {
    if (parts?.of === 'record' && Object.hasOwn(parts.rows, key)) return `write it below "${name}:"`
    if (parts?.of !== 'named' || parts.each.parts?.of !== 'record' || !Object.hasOwn(parts.each.parts.rows, key))
      continue
    return `write it below "${name}:", into one of them`
  }
  return known.length <= 12
    ? `it takes ${known.map(name => `"${name}"`).join(', ')}`
    : 'remove it, or begin its name with "x-"'
}

/** A node in the words of a message. */
export function describe(node: Node): string {
  if (node.kind === 'list') return 'a list'
  if (node.kind === 'dict') return 'a mapping'
  const { value } = node
  if (node.written === 'time') return 'a date'
  if (value === null) return 'nothing'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return `the text ${quoted(value)}`
  return `the number ${scalarText(node)}`
}

/** A value as a message quotes it: on one line, and not for ever. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return `"${line.length > 60 ? `${line.slice(0, 57)}...` : line}"`
}

/** A scalar as Go prints it: `1.0` is `1`, `1000000.0` is `1e+06`; nothing is the empty text. */
export function scalarText({ value }: Scalar): string {
  if (value === null) return ''
  return typeof value === 'object' ? goFloat(value.float) : String(value)
}

function hintFor(expects: string, node: Node): string {
  const mapping = expects.includes('mapping')
  const list = /list of (?:texts|ports|files|devices|mounts)/.test(expects)
  if (node.kind === 'list')
    return mapping ? 'write "KEY: VALUE" lines, without dashes' : 'write one value, without a list'
  if (node.kind === 'dict') return list ? 'write "- " before each item' : 'write one value, with nothing below it'
  const { value } = node
  if (value === null)
    return mapping ? 'write what belongs to it on the lines below, or remove it' : 'write a value, or remove it'
  if (typeof value === 'string' && node.written !== 'time') {
    const key = /^([A-Za-z0-9_.-]+):\S/.exec(value)?.[1]
    if (key !== undefined && mapping) return `a blank is missing after "${key}:"`
    if (expects === 'true or false' && /^(?:true|false)$/i.test(value))
      return `write it without quotes: ${value.toLowerCase()}`
    if (expects.includes('number') && goInteger(value) !== undefined) return `write it without quotes: ${value}`
    if (list) return `write a list: [${quoted(value)}]`
    return mapping ? 'write "KEY: VALUE" lines below it' : `write ${expects}`
  }
  if (!/^(?:text|a name)/.test(expects)) return list ? `write a list: ["${scalarText(node)}"]` : `write ${expects}`
  return node.written === 'time' ? 'write it in quotes' : `write it in quotes: "${scalarText(node)}"`
}

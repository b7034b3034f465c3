import { goFloat } from '../base/go-number.ts'
import { suggest } from '../base/suggest.ts'
import type { Node, Scalar } from '../text/node.ts'
import type { Span } from '../text/source.ts'
import type { Context } from './shape.ts'

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

/** Tells of a value that has the right type and cannot be read. */
export function bad(code: string, message: string, at: Span, { report }: Context, hint?: string): undefined {
  report({ code, severity: 'error', message, at, ...(hint !== undefined && { hint }) })
  return undefined
}

export function warn(code: string, message: string, at: Span, { report }: Context, hint?: string): undefined {
  report({ code, severity: 'warning', message, at, ...(hint !== undefined && { hint }) })
  return undefined
}

export function unknownKey(key: string, at: Span, known: readonly string[], { report }: Context, only?: 'warn'): void {
  const near = suggest(key, known)
  const hint =
    near !== undefined
      ? `did you mean "${near}"?`
      : known.length <= 12
        ? `it takes ${known.map(name => `"${name}"`).join(', ')}`
        : 'remove it, or begin its name with "x-"'
  report({ code: 'unknown-key', severity: only ? 'warning' : 'error', message: `unknown key "${key}"`, at, hint })
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

function hintFor(expects: string, node: Node): string | undefined {
  if (node.kind !== 'scalar' || node.value === null) return undefined
  if (node.written === 'time') return expects.startsWith('text') ? 'write it in quotes' : undefined
  if (typeof node.value !== 'string')
    return expects.startsWith('text') ? `write it in quotes: "${scalarText(node)}"` : undefined
  const key = /^([A-Za-z0-9_.-]+):\S/.exec(node.value)?.[1]
  return key !== undefined && expects.includes('mapping') ? `a blank is missing after "${key}:"` : undefined
}

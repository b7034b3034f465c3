import { bad } from './bad.ts'
import { expression, type Scope, type Value } from './expression.ts'
import { type Token, words } from './tokens.ts'
import { isRecord, shown, truthy } from './values.ts'

export type Part = (scope: Scope) => string

interface Parsed {
  readonly body: Part
  /** From the `else` or `end` on that belongs to what is around. */
  readonly rest: readonly Token[]
}

/** The whole of a template. Throws UserError. */
export function parsed(all: readonly Token[]): Part {
  const { body, rest } = block(all)
  const [end] = rest
  if (end && 'code' in end) throw bad(`{{${end.code}}}`, 'it has no beginning')
  return body
}

function block(all: readonly Token[]): Parsed {
  const parts: Part[] = []
  let rest = all
  while (rest.length > 0) {
    const [token, ...after] = rest as [Token, ...Token[]]
    if ('code' in token && (token.code === 'end' || /^else(\s|$)/.test(token.code))) break
    const read = 'text' in token ? { body: () => token.text, rest: after } : action(token.code, after)
    parts.push(read.body)
    rest = read.rest
  }
  return { body: scope => parts.map(part => part(scope)).join(''), rest }
}

function action(code: string, rest: readonly Token[]): Parsed {
  if (code.startsWith('/*')) return { body: () => '', rest }
  const [, kind, of = ''] = /^(if|with|range)\b\s*(.*)$/s.exec(code) ?? []
  if (kind !== undefined) return choice(kind as Kind, of, rest)
  const { name, value } = declaration(words(code))
  if (name === undefined) return { body: scope => shown(value(scope)), rest }
  return {
    body: scope => {
      scope.variables.set(name, value(scope))
      return ''
    },
    rest,
  }
}

interface Declaration {
  readonly value: Value
  readonly name?: string
  /** The second one of `range $i, $one :=`. */
  readonly second?: string
}

function declaration(all: readonly string[]): Declaration {
  const [first = '', second, third, fourth] = all
  if (first.startsWith('$') && second === ':=') return { name: first, value: expression(all.slice(2)) }
  if (first.startsWith('$') && second === ',' && third?.startsWith('$') && fourth === ':=')
    return { name: first, second: third, value: expression(all.slice(4)) }
  return { value: expression(all) }
}

type Kind = 'if' | 'with' | 'range'

function choice(kind: Kind, code: string, all: readonly Token[]): Parsed {
  const about = declaration(words(code))
  const inside = block(all)
  const { otherwise, rest } = afterElse(kind, code, inside.rest)
  return {
    body: scope => {
      const value = about.value(scope)
      const within = (dot: unknown, first: unknown, second?: unknown): Scope => {
        const variables = new Map(scope.variables)
        if (about.name !== undefined) variables.set(about.name, about.second === undefined ? (second ?? first) : first)
        if (about.second !== undefined) variables.set(about.second, second)
        return { ...scope, dot, variables }
      }
      if (kind === 'range') {
        const items = itemsOf(value)
        if (items.length > 0) return items.map(([key, item]) => inside.body(within(item, key, item))).join('')
      } else if (truthy(value)) return inside.body(within(kind === 'with' ? value : scope.dot, value))
      return otherwise(scope)
    },
    rest,
  }
}

/** What an `else` or `else if` says, up to the `end`, which the two have in common. */
function afterElse(kind: Kind, code: string, all: readonly Token[]): { otherwise: Part; rest: readonly Token[] } {
  const [token, ...rest] = all
  if (token === undefined || !('code' in token)) throw bad(`${kind} ${code}`, 'it has no {{end}}')
  if (token.code === 'end') return { otherwise: () => '', rest }
  const [, again] = /^else\s+(\S.*)$/s.exec(token.code) ?? []
  if (again !== undefined) {
    const second = action(again, rest)
    return { otherwise: second.body, rest: second.rest }
  }
  const last = block(rest)
  const [end, ...after] = last.rest
  if (end === undefined || !('code' in end) || end.code !== 'end') throw bad(`${kind} ${code}`, 'it has no {{end}}')
  return { otherwise: last.body, rest: after }
}

function itemsOf(value: unknown): readonly (readonly [key: unknown, item: unknown])[] {
  if (Array.isArray(value)) return value.map((item, i) => [i, item] as const)
  return isRecord(value) ? Object.entries(value) : []
}

import { bad } from './bad.ts'
import { functions } from './functions.ts'
import { shown } from './values.ts'

/** Where an expression is: what the dot stands for, and what `$` and the variables hold. */
export interface Scope extends Telling {
  readonly dot: unknown
  readonly variables: Map<string, unknown>
}

/** How it is told what stands in a row, or in the heading over it. */
export interface Telling {
  readonly functions: typeof functions
  /** Undefined where there is no such field. */
  readonly field: (of: unknown, name: string) => { readonly value: unknown } | undefined
  readonly label: (labels: unknown, key: string) => string
}

export type Value = (scope: Scope) => unknown

/** `.Name | printf "%s:%d" (len .Tags)`: the value of words up to their end. Throws UserError. */
export function expression(all: readonly string[]): Value {
  const { value, rest } = pipeline(all)
  if (rest.length > 0) throw bad(all.join(' '), `unexpected "${rest[0]}"`)
  return value
}

interface Read {
  readonly value: Value
  readonly rest: readonly string[]
}

function pipeline(all: readonly string[]): Read {
  let read = command(all)
  while (read.rest[0] === '|') read = command(read.rest.slice(1), read.value)
  return read
}

/** A function or `.Label` with its arguments, or one operand. What was piped is the last argument. */
function command(all: readonly string[], piped?: Value): Read {
  const [first, ...after] = all
  if (first === undefined) throw bad('{{}}', 'missing value for command')
  if (first === '.Label') {
    const { values, rest } = operands(after)
    return { value: labelOf(values, piped), rest }
  }
  if (!/^[a-z]/i.test(first) || constants.has(first)) {
    const read = operand(all)
    const extra = read.rest[0]
    if (piped || (extra !== undefined && !ends(extra))) throw bad(first, 'it is no function, and takes nothing')
    return read
  }
  if (!Object.hasOwn(functions, first)) throw bad(all.join(' '), `function "${first}" not defined`)
  const { values, rest } = operands(after)
  const given = [...values, ...(piped ? [piped] : [])]
  return { value: scope => scope.functions[first]!(...given.map(value => value(scope))), rest }
}

function labelOf(values: readonly Value[], piped: Value | undefined): Value {
  const [key] = [...values, ...(piped ? [piped] : [])]
  if (!key || values.length > 1) throw bad('.Label', 'it takes the name of a label')
  const labels = chain('.Labels', '.Labels')
  return scope => scope.label(labels(scope, scope.dot), shown(key(scope)))
}

const ends = (word: string) => word === '|' || word.startsWith(')')

function operands(all: readonly string[]): { readonly values: readonly Value[]; readonly rest: readonly string[] } {
  const values: Value[] = []
  let rest = all
  while (rest.length > 0 && !ends(rest[0]!)) {
    const read = operand(rest)
    values.push(read.value)
    rest = read.rest
  }
  return { values, rest }
}

const constants = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['nil', undefined],
])

function operand([word = '', ...rest]: readonly string[]): Read {
  if (word === '(') return inParentheses(rest)
  if (word.startsWith('"')) return { value: always(unquoted(word)), rest }
  if (word.startsWith('`')) return { value: always(word.slice(1, -1)), rest }
  if (/^-?\d+$/.test(word)) return { value: always(Number(word)), rest }
  if (constants.has(word)) return { value: always(constants.get(word)), rest }
  if (word.startsWith('.')) {
    const fields = chain(word, word)
    return { value: scope => fields(scope, scope.dot), rest }
  }
  if (word.startsWith('$')) {
    const [name = ''] = word.split('.')
    const fields = chain(word.slice(name.length), word)
    return {
      value: scope => {
        if (!scope.variables.has(name)) throw bad(word, `undefined variable "${name}"`)
        return fields(scope, scope.variables.get(name))
      },
      rest,
    }
  }
  throw bad(word, /^\w/.test(word) ? `"${word}" is neither a field nor a function` : `unexpected "${word}"`)
}

function unquoted(word: string): unknown {
  try {
    return JSON.parse(word)
  } catch {
    throw bad(word, 'it is no text')
  }
}

const always =
  (value: unknown): Value =>
  () =>
    value

/** `(index .Publishers 0).URL`. */
function inParentheses(all: readonly string[]): Read {
  const { value, rest } = pipeline(all)
  const [closing, ...after] = rest
  if (!closing?.startsWith(')')) throw bad(all.join(' '), 'unclosed left paren')
  const fields = chain(closing.slice(1), closing)
  return { value: scope => fields(scope, value(scope)), rest: after }
}

/** `.A.B` of a value. */
function chain(path: string, told: string): (scope: Scope, of: unknown) => unknown {
  const fields = path.split('.').filter(Boolean)
  return (scope, of) =>
    fields.reduce<unknown>((value, name) => {
      const found = scope.field(value, name)
      if (!found) throw bad(told, `there is no field "${name}"`)
      return found.value
    }, of)
}

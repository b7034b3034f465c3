import type { Json, Labels, Mapping } from '../model/project.ts'
import { type Dict, type Entry, type Node, type Scalar, scalar } from '../text/node.ts'
import type { Span } from '../text/source.ts'
import { sortedKeys } from './plain.ts'
import { type Context, isEmpty, type Shape } from './shape.ts'
import { bad, describe, notFinite, quoted, scalarText, wrongType } from './wrong.ts'

/** "A=1" as the name, the value and the place of the value; without a "=" there is no value. */
export function keyValue(item: Scalar): { name: string; value: Scalar } {
  const whole = item.value as string
  const end = whole.indexOf('=')
  if (end < 0) return { name: whole, value: scalar(null, item.at) }
  const rest = whole.slice(end + 1)
  return { name: whole.slice(0, end), value: scalar(rest, part(item, rest)) }
}

/** The place of the end of a scalar's text, where it was written as it reads; else of all of it. */
export function part(item: Node, value: string): Span {
  const { source, end } = item.at
  const quote = /["']/.test(source.text[end - 1] ?? '') ? 1 : 0
  const start = end - quote - value.length
  return value && source.text.startsWith(value, start) && start >= item.at.start
    ? { source, start, end: end - quote }
    : item.at
}

interface Options {
  /** What a name without a value is: unset (null), or the empty text. */
  readonly bare: 'unset' | 'empty'
  /** A name without a value is a mistake. */
  readonly valued?: boolean
  /** The value as the tree keeps it. */
  readonly value?: (node: Scalar, context: Context) => Scalar
  readonly environment?: boolean
  /** The same name with the same value is a mistake, as docker compose keeps a list of both. */
  readonly distinct?: boolean
}

const expects = 'a mapping, or a list of texts such as "A=1"'

const schema = {
  oneOf: [
    {
      type: 'object',
      patternProperties: { '.+': { type: ['string', 'number', 'boolean', 'null'] } },
      additionalProperties: false,
    },
    { type: 'array', items: { type: 'string' }, uniqueItems: true },
  ],
}

/** Names and values, written as a mapping or as a list of "A=1". The later of two values wins, an empty one too. */
function keyValues({ bare, valued, value: change, environment, distinct }: Options): Shape<Mapping> {
  const entriesOf = (node: Node, context: Context): Map<string, Entry> => {
    const entries = new Map<string, Entry>()
    const add = (name: string, key: Span, value: Scalar) => {
      if (valued && value.value === null)
        bad('no-value', `${quoted(name)} has no value`, key, context, 'write NAME=VALUE')
      entries.set(name, { key, node: change ? change(value, context) : value })
    }
    if (node.kind === 'list')
      for (const item of node.items) {
        if (item.kind !== 'scalar' || typeof item.value !== 'string') {
          wrongItem(item, context)
          continue
        }
        const { name, value } = keyValue(item)
        if (environment && /\s$/.test(name))
          bad('bad-name', `the name ${JSON.stringify(name)} ends with a blank`, item.at, context, 'write A=1')
        if (distinct) tellRepeat(name, entries.get(name), { key: item.at, node: value }, context)
        add(name, item.at, value)
      }
    else if (node.kind === 'dict')
      for (const [name, entry] of node.entries) {
        if (entry.node.kind === 'scalar') {
          if (!notFinite(entry.node, context)) add(name, entry.key, entry.node)
        } else wrongType('text, a number, true, false or nothing', entry.node, context)
      }
    return entries
  }
  return {
    expects,
    schema,
    canon(node, context) {
      if (node.kind === 'scalar') {
        if (typeof node.value !== 'string') return wrongType(expects, node, context)
        // Laid over something it is one more entry; standing alone it is a mistake, which decode tells.
        const { name, value } = keyValue(node)
        return { kind: 'dict', at: node.at, written: 'text', entries: new Map([[name, { key: node.at, node: value }]]) }
      }
      return { kind: 'dict', at: node.at, written: valued ? 'dict' : node.kind, entries: entriesOf(node, context) }
    },
    merge(base, over, context) {
      if (isEmpty(over) || base === over) return base
      if (base.kind !== 'dict' || over.kind !== 'dict') return over
      if (distinct) for (const [name, entry] of over.entries) tellRepeat(name, base.entries.get(name), entry, context)
      // From here on docker compose keeps a list, out of which `!reset` takes no single name.
      return { ...base, written: valued ? 'dict' : 'list', entries: new Map([...base.entries, ...over.entries]) }
    },
    decode(node, context) {
      if (node.written === 'text')
        bad('wrong-type', `expected ${expects}, found text`, node.at, context, 'write "NAME: VALUE" lines below it')
      return Object.fromEntries(
        [...(node as Dict).entries].map(([name, { node: value }]) => [
          name,
          isEmpty(value) ? (bare === 'unset' ? null : '') : scalarText(value as Scalar),
        ]),
      )
    },
    encode: encodeMap,
  }
}

/** A name without a value is unset, unless the environment has it. */
export const environment: Shape<Mapping> = keyValues({ bare: 'unset', environment: true })

export const args: Shape<Mapping> = keyValues({ bare: 'unset' })

/** A name without a value has the empty one. */
export const labels: Shape<Labels> = keyValues({ bare: 'empty' }) as Shape<Labels>

/** The same, of which none may be said twice. */
export const distinctLabels: Shape<Labels> = keyValues({ bare: 'empty', distinct: true }) as Shape<Labels>

/** Every name must have a value; `change` says what the tree keeps of it. */
export const valued = (change: (node: Scalar, context: Context) => Scalar): Shape<Labels> =>
  keyValues({ bare: 'empty', valued: true, value: change }) as Shape<Labels>

export function encodeMap(values: Mapping): Json | undefined {
  const names = sortedKeys(values)
  return names.length ? Object.fromEntries(names.map(name => [name, values[name]!])) : undefined
}

function tellRepeat(name: string, first: Entry | undefined, { key, node }: Entry, { report }: Context): void {
  const same = first && scalarText(first.node as Scalar) === scalarText(node as Scalar)
  if (!same || isEmpty(first.node) !== isEmpty(node)) return
  report({
    code: 'repeated-item',
    severity: 'error',
    message: `${quoted(name)} is already given`,
    at: key,
    hint: 'remove one of them',
    notes: [{ message: 'first given here', at: first.key }],
  })
}

function wrongItem(item: Node, context: Context): void {
  const [key, entry] = item.kind === 'dict' ? ([...item.entries][0] ?? []) : []
  const hint =
    key !== undefined && entry?.node.kind === 'scalar'
      ? `write ${key}=${scalarText(entry.node)}, or drop the dash for the mapping`
      : 'write "- NAME=VALUE"'
  bad('wrong-type', `expected text such as "A=1", found ${describe(item)}`, item.at, context, hint)
}

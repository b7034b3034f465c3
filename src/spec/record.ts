import type { Json } from '../model/project.ts'
import { type Dict, type Entry, type Node, scalar } from '../text/node.ts'
import { plain } from './plain.ts'
import { type Context, isEmpty, type Rows, type Schema, type Shape } from './shape.ts'
import { bad, unknownKey, warn, wrongType } from './wrong.ts'

interface Options<T = Record<string, unknown>> {
  /** Keys that must be there once all files are merged. */
  readonly required?: readonly (keyof T & string)[]
  /** Whether `x-*` keys are allowed; they are unless this is false. */
  readonly extensions?: boolean
  /** Keys that are accepted and mean nothing: what to say of them. */
  readonly unknown?: 'warn'
  readonly expects?: string
  /** Keys that are accepted and do nothing, which is told. */
  readonly noEffect?: Readonly<Record<string, { readonly schema: Schema; readonly why: string; readonly hint: string }>>
}

type RowsOf<T> = { readonly [K in Exclude<keyof T, 'extensions'>]-?: Shape<Exclude<T[K], undefined>> }

/**
 * A mapping with known keys, in the order in which docker compose writes them. Every key of T needs a row; a missing
 * one does not compile.
 */
export function record<T extends object>(rowsOf: RowsOf<T>, options: Options<T> = {}): Shape<T> {
  const { required = [], extensions = true, unknown, expects = 'a mapping', noEffect = {} } = options
  const rows = rowsOf as unknown as Rows
  const names = Object.keys(rows)
  const row = (key: string): Shape<unknown> | undefined => (Object.hasOwn(rows, key) ? rows[key] : undefined)
  return {
    expects,
    schema: recordSchema(rows, { required, extensions, noEffect, ...(unknown && { unknown }) }),
    parts: { of: 'record', rows, required },
    canon(node, context) {
      if (node.kind !== 'dict') return wrongType(expects, node, context)
      const entries = new Map<string, Entry>()
      for (const [key, entry] of node.entries) {
        const shape = row(key)
        if (shape) {
          const value = isEmpty(entry.node) && shape.empty !== 'value' ? entry.node : shape.canon(entry.node, context)
          if (!value) entries.set(key, { key: entry.key, node: { ...scalar(null, entry.node.at), written: 'wrong' } })
          else entries.set(key, value === entry.node ? entry : { key: entry.key, node: value })
        } else if (extensions && key.startsWith('x-')) {
          if (key === ours) checkOurs(entry, context)
          entries.set(key, entry)
        } else if (Object.hasOwn(noEffect, key))
          warn('no-effect', `"${key}" has no effect: ${noEffect[key]!.why}`, entry.key, context, noEffect[key]!.hint)
        else unknownKey(entry, key, rows, context, unknown)
      }
      return { ...node, entries }
    },
    merge: (base, over, context) => mergeEntries(base, over, context, row),
    decode(node, context) {
      const value: Record<string, unknown> = {}
      const extra: Record<string, Json> = {}
      for (const [key, entry] of (node as Dict).entries) {
        const shape = row(key)
        if (!shape) extra[key] = plain(entry.node, context)
        else if (entry.node.written === 'wrong') {
          if (shape.instead !== undefined) value[key] = shape.instead
        } else if (isEmpty(entry.node) && shape.empty !== 'value') {
          if (!shape.empty) wrongType(shape.expects, scalar(null, entry.key), context)
        } else value[key] = shape.decode(entry.node, context)
      }
      for (const key of required)
        if (!Object.hasOwn(value, key)) {
          if (!(node as Dict).entries.has(key)) missing(key, node, row(key)?.expects ?? '', context)
          value[key] = blank(row(key)?.schema)
        }
      if (Object.keys(extra).length) value['extensions'] = extra
      return value as T
    },
    encode(value) {
      const made: Record<string, Json> = {}
      for (const key of names) {
        const own = (value as Record<string, unknown>)[key]
        const written = own === undefined ? undefined : row(key)!.encode(own)
        if (written !== undefined) made[key] = written
      }
      const extra = (value as { readonly extensions?: Record<string, Json> }).extensions
      if (extra) extras.set(made, extra)
      return made
    },
  }
}

/** What encoded records have under `x-…`: it is in no hash and in no JSON, so it stands beside them. */
const extras = new WeakMap<object, Readonly<Record<string, Json>>>()

/** What `encode` gave, with the keys in `x-…` that were written within. */
export function withExtensions(encoded: Json): Json {
  if (Array.isArray(encoded)) return (encoded as readonly Json[]).map(withExtensions)
  if (typeof encoded !== 'object' || encoded === null) return encoded
  const own = Object.entries(encoded).map(([key, value]) => [key, withExtensions(value)])
  return { ...Object.fromEntries(own), ...extras.get(encoded) }
}

/** Two mappings by key; what the later one leaves empty stays as it was. */
export function mergeEntries(
  base: Node,
  over: Node,
  context: Context,
  shapeOf: (key: string) => Shape<unknown> | undefined,
): Node {
  if (isEmpty(over) || over === base) return base
  if (base.kind !== 'dict' || over.kind !== 'dict') return over
  const entries = new Map(base.entries)
  for (const [key, entry] of over.entries) {
    const before = entries.get(key)
    const shape = shapeOf(key)
    if (!before) entries.set(key, entry)
    else if (!isEmpty(entry.node) || shape?.empty === 'value') entries.set(key, joined(before, entry, shape, context))
  }
  return { ...base, entries }
}

function joined(before: Entry, entry: Entry, shape: Shape<unknown> | undefined, context: Context): Entry {
  const node = shape ? shape.merge(before.node, entry.node, context) : mergePlain(before.node, entry.node)
  // A value is where it was last set; a block is where it began.
  return { key: node.kind === 'scalar' || node === entry.node ? entry.key : before.key, node }
}

/** `x-*` values: mappings by key, lists one after the other, the rest replaced. */
function mergePlain(base: Node, over: Node): Node {
  if (isEmpty(over)) return base
  if (base.kind === 'list' && over.kind === 'list') return { ...base, items: [...base.items, ...over.items] }
  if (base.kind !== 'dict' || over.kind !== 'dict') return over
  const entries = new Map(base.entries)
  for (const [key, entry] of over.entries) {
    const before = entries.get(key)
    entries.set(key, before ? { key: entry.key, node: mergePlain(before.node, entry.node) } : entry)
  }
  return { ...base, entries }
}

/** Stands for a required value that is not there, which is told: whoever reads the model finds the right type. */
function blank(schema: Schema | undefined): unknown {
  const words = schema?.['enum']
  if (Array.isArray(words)) return words[0]
  const type = schema?.['type']
  const types = Array.isArray(type) ? type : [type]
  if (types.includes('string')) return ''
  return types.includes('integer') || types.includes('number') ? 0 : []
}

/** The extension that is ours: unlike others' it is checked, so that a misspelt key is not passed over. */
const ours = 'x-gantry'

function checkOurs({ node, key }: Entry, context: Context): void {
  if (node.kind === 'dict')
    for (const [name, entry] of node.entries) {
      if (name !== 'ignore')
        bad(
          'unknown-key',
          `unknown key "${name}" in "${ours}"`,
          entry.key,
          context,
          'it takes "ignore"; remove this one',
        )
      else if (entry.node.kind !== 'list' || !entry.node.items.every(isText))
        wrongType('a list of codes', entry.node, context, 'write "ignore: [CODE]" with codes of "gantry check"')
    }
  else if (!isEmpty(node)) wrongType('a mapping', scalar(null, key), context)
}

const isText = (node: Node) => node.kind === 'scalar' && typeof node.value === 'string'

function missing(key: string, node: Node, expects: string, context: Context): void {
  bad('missing-key', `"${key}" is missing`, node.at, context, `write "${key}:", ${expects}`)
}

function recordSchema(rows: Rows, { required, extensions, noEffect = {}, unknown }: Options): Schema {
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(Object.entries(rows).map(([key, shape]) => [key, shape.schema])),
      ...Object.fromEntries(Object.entries(noEffect).map(([key, { schema }]) => [key, schema])),
    },
    ...(required?.length && { required }),
    ...(extensions && { patternProperties: { '^x-': {} } }),
    ...(!unknown && { additionalProperties: false }),
  }
}

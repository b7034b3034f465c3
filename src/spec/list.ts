import { type List, list as listNode, type Node, type Scalar, scalar as scalarNode } from '../text/node.ts'
import { text } from './scalar.ts'
import { type Context, isEmpty, later, oneOf, type Shape, short } from './shape.ts'
import { quoted, scalarText, wrongType } from './wrong.ts'

interface Options {
  readonly expects?: string
  /** Items of the same identity are one: the last wins, in the place of the first. */
  readonly unique?: (item: Node) => string
  /** An item that is there already is a mistake. */
  readonly distinct?: boolean
  /** Go writes this list even when it is empty. */
  readonly keepEmpty?: boolean
}

/** A list that grows when merged. */
export function list<T>(
  item: Shape<T>,
  { expects = `a list of ${item.expects}`, unique, distinct, keepEmpty }: Options = {},
): Shape<readonly T[]> {
  const deduped = (items: readonly Node[]) => (unique && items.length > 1 ? uniqueBy(items, unique) : items)
  return {
    expects,
    schema: { type: 'array', items: item.schema, ...(distinct && { uniqueItems: true }) },
    parts: { of: 'list', each: item },
    canon(node, context) {
      if (node.kind !== 'list') return wrongType(expects, node, context)
      const items: Node[] = []
      for (const each of node.items) {
        const made =
          isEmpty(each) && item.empty !== 'value' ? wrongItem(item, each, context) : item.canon(each, context)
        if (made) items.push(made)
      }
      return { ...node, items: deduped(items) }
    },
    merge(base, over) {
      if (isEmpty(over) || base === over) return base
      if (base.kind !== 'list' || over.kind !== 'list') return over
      return listNode(deduped([...base.items, ...over.items]), base.at)
    },
    decode(node, context) {
      const { items } = node as List
      if (distinct) tellRepeats(items, context)
      return items.map(each => item.decode(each, context))
    },
    encode(values) {
      if (!values.length && !keepEmpty) return undefined
      return values.map(value => item.encode(value) ?? '')
    },
  }
}

/** A list of texts. */
export const texts = list(text, { expects: 'a list of texts' })

/** A list of texts, none of them twice. */
export const distinctTexts = list(text, { expects: 'a list of texts', distinct: true })

/** A list of texts; of those with the same name before a "=" the last is kept. */
export const uniqueTexts = list(text, {
  expects: 'a list of texts',
  unique: item => beforeEquals(scalarText(item as Scalar)),
})

/** One text is a list of it. */
export function orOne<T>(shape: Shape<readonly T[]>, { keep }: { readonly keep?: 'text' } = {}): Shape<readonly T[]> {
  const expects = shape.expects.replace(/^a list of/, 'text or a list of')
  return short(shape, { expects, schema: oneOf({ type: 'string' }, shape.schema) }, node =>
    node.kind === 'scalar' && node.value !== null
      ? { ...listNode([node], node.at), ...(keep && { written: keep }) }
      : node,
  )
}

/** For `orOne` that keeps its text: a later text replaces a text, a list adds to a list, and a text over a list is refused. */
export function unmixed<T>(shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    merge(base, over, context) {
      if (base.written === 'text') return later(base, over)
      if (over.written !== 'text') return shape.merge(base, over, context)
      context.report({
        code: 'cannot-override',
        severity: 'error',
        message: 'a text cannot override a list',
        at: over.at,
        hint: 'write a list, or use !override',
        notes: [{ message: 'given here', at: base.at }],
      })
      return base
    },
  }
}

export function beforeEquals(value: string): string {
  const end = value.indexOf('=')
  return end < 0 ? value : value.slice(0, end)
}

function uniqueBy(items: readonly Node[], identity: (item: Node) => string): readonly Node[] {
  const byIdentity = new Map<string, Node>()
  for (const item of items) byIdentity.set(identity(item), item)
  return byIdentity.size === items.length ? items : [...byIdentity.values()]
}

function wrongItem(item: Shape<unknown>, node: Node, context: Context): undefined {
  return wrongType(item.expects, scalarNode(null, node.at), context)
}

function tellRepeats(items: readonly Node[], { report }: Context): void {
  const seen = new Map<string, Node>()
  for (const item of items) {
    if (item.kind !== 'scalar') continue
    const key = `${typeof item.value} ${scalarText(item)}`
    const first = seen.get(key)
    if (!first) {
      seen.set(key, item)
      continue
    }
    report({
      code: 'repeated-item',
      severity: 'error',
      message: `${quoted(scalarText(item))} is already given`,
      at: item.at,
      hint: 'remove one of them',
      notes: [{ message: 'first given here', at: first.at }],
    })
  }
}

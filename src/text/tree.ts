import { anchors } from './anchors.ts'
import { entriesOf } from './entries.ts'
import { list, type Node, type Scalar, scalar, type Tag } from './node.ts'
import type { Parsed, ParsedScalar } from './parsed.ts'
import { plainValue } from './plain.ts'
import type { Report } from './problem.ts'
import type { Source, Span } from './source.ts'
import { tagged } from './tag.ts'
import { timestampText } from './timestamp.ts'

const marks: Readonly<Record<string, Tag>> = { '!reset': 'reset', '!override': 'override' }
type Written = Exclude<Parsed, { readonly kind: 'alias' }>

const yamlTag = 'tag:yaml.org,2002:'

/** A document as a tree with positions; an alias is the same node again. Undefined where something has no value, which was told. */
export function tree(root: Parsed, source: Source, report: Report): Node | undefined {
  const { count, define, follow } = anchors(report)
  let complete = true
  const span = (from: Parsed): Span => ({ source, start: from.start, end: from.end })
  const wrong = (at: Span): Scalar => {
    complete = false
    return { ...scalar(null, at), written: 'wrong' }
  }

  /** `key` is where an empty value is told of. */
  const convert = (from: Parsed, depth: number, key?: Span): Node => {
    if (from.kind === 'alias') return follow(from.name, span(from), depth) ?? wrong(span(from))
    const { anchor } = from
    return anchor === undefined
      ? marked(from, depth, key)
      : define(anchor, span(from), depth, () => marked(from, depth, key))
  }

  const marked = (from: Written, depth: number, key: Span | undefined): Node => {
    count(depth)
    const node = content(from, depth + 1, key)
    const mark = from.tag === undefined ? undefined : marks[from.tag]
    return mark ? { ...node, tag: mark } : node
  }

  const content = (from: Written, depth: number, key: Span | undefined): Node => {
    const at = span(from)
    if (from.kind === 'scalar') return single(from, from.start === from.end && key ? key : at)
    if (from.kind === 'list') {
      const items = from.items.map(item => convert(item, depth))
      return list(items, at)
    }
    const pairs = from.pairs.map(([written, value]) => {
      const key = convert(written, depth)
      const merges = written.kind === 'scalar' && written.plain && written.text === '<<' && !written.tag
      return { key, at: span(written), node: convert(value, depth, span(written)), merges }
    })
    return { kind: 'dict', entries: entriesOf(pairs, report), at }
  }

  const single = ({ text, plain, tag }: ParsedScalar, at: Span): Scalar => {
    const known = tag?.startsWith(yamlTag) ? tag.slice(yamlTag.length) : undefined
    const misfit = (message: string) =>
      report({
        code: 'bad-tag',
        severity: 'error',
        message,
        hint: 'remove the tag, or write a value that it fits',
        at,
      })
    // A tag that YAML does not know makes text of what it marks, as in go-yaml.
    const value = known ? tagged(known, text, misfit) : plain && !tag ? plainValue(text) : text
    if (value === undefined) return wrong(at)
    const dated = typeof value === 'string' && plain && (!tag || known === 'timestamp')
    const time = dated ? timestampText(value) : undefined
    return time === undefined ? scalar(value, at) : { ...scalar(time, at), written: 'time' }
  }

  const node = convert(root, 0)
  return complete ? node : undefined
}

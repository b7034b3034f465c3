import { type Parsed, type ParsedDict } from '../text/parsed.ts'
import { quick } from '../text/quick.ts'
import type { Source, Span } from '../text/source.ts'
import type { Remark, Rule } from './rule.ts'

/** Mappings of which only one stays when `<<` meets a key of the same name, though both were meant. */
const inner = /^(?:environment|labels|args|annotations|extra_hosts|sysctls|ulimits|depends_on)$/

/** YAML's merge key and anchors, which the tree of a document no longer shows. */
export const merges: readonly Rule[] = [
  {
    code: 'merge-loses',
    pack: 'style',
    star: true,
    severity: 'warning',
    why: '"<<" brings only keys that are not there: a mapping of the same name is replaced as a whole, and what it held is gone.',
    bad: 'x-base: &base\n  environment: {A: 1}\nservices:\n  web:\n    <<: *base\n    image: app\n    environment: {B: 2}\n',
    good: 'x-base: &base\n  environment: &env {A: 1}\nservices:\n  web:\n    <<: *base\n    image: app\n    environment: {<<: *env, B: 2}\n',
    except: 'the own mapping repeats every key of the merged one',
    *remarks({ documents }) {
      const sources = new Set(documents.map(({ at }) => at.source))
      for (const source of sources) if (/&|<</.test(source.text)) yield* lossesIn(source)
    },
  },
]

function* lossesIn(source: Source): Generator<Remark> {
  const read = quick(source.text, 500)
  if (!('documents' in read)) return
  for (const { root } of read.documents) {
    const anchors = new Map<string, Parsed>()
    yield* lossesOf(root, anchors, source)
  }
}

function* lossesOf(value: Parsed, anchors: Map<string, Parsed>, source: Source): Generator<Remark> {
  if (value.kind === 'alias') return
  if (value.anchor !== undefined) {
    const before = anchors.get(value.anchor)
    if (before) {
      const notes = [{ message: 'first given here', at: anchorAt(before, value.anchor, source) }]
      yield {
        at: anchorAt(value, value.anchor, source),
        message: `the anchor "${value.anchor}" is given twice; an alias means the last one above it`,
        hint: 'give it another name',
        notes,
      }
    }
    anchors.set(value.anchor, value)
  }
  if (value.kind === 'list') for (const item of value.items) yield* lossesOf(item, anchors, source)
  if (value.kind !== 'dict') return
  for (const [, content] of value.pairs) yield* lossesOf(content, anchors, source)
  const merged = new Map(value.pairs.flatMap(([key, from]) => (isMerge(key) ? pairsOf(from, anchors) : [])))
  for (const [key, own] of value.pairs) {
    if (key.kind !== 'scalar' || isMerge(key) || !inner.test(key.text)) continue
    const hidden = namesOf(merged.get(key.text), anchors)
    const names = namesOf(own, anchors)
    const lost = [...hidden].filter(name => !names.has(name))
    if (lost.length === 0 || own.kind === 'alias' || (own.kind === 'scalar' && own.text === '')) continue
    yield {
      at: { source, start: key.start, end: key.end },
      message: `"${key.text}" replaces what "<<" brings under that name: ${listed(lost)} ${lost.length === 1 ? 'is' : 'are'} lost`,
      hint: `give the merged one an anchor, and write "<<: *name" inside "${key.text}" as well`,
    }
  }
}

const isMerge = (key: Parsed) => key.kind === 'scalar' && key.plain && key.text === '<<'

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, 3).map(name => `"${name}"`)
  return `${shown.join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`
}

/** Keys and values of a mapping, with those that it merges; earlier ones of a list win. */
function pairsOf(from: Parsed | undefined, anchors: ReadonlyMap<string, Parsed>, depth = 0): [string, Parsed][] {
  if (!from || depth > 20) return []
  if (from.kind === 'alias') return pairsOf(anchors.get(from.name), anchors, depth + 1)
  if (from.kind === 'list') return from.items.toReversed().flatMap(item => pairsOf(item, anchors, depth + 1))
  if (from.kind !== 'dict') return []
  const own = from.pairs.flatMap<[string, Parsed]>(([key, value]) =>
    key.kind === 'scalar' && !isMerge(key) ? [[key.text, value]] : [],
  )
  return [...mergedInto(from).flatMap(value => pairsOf(value, anchors, depth + 1)), ...own]
}

const mergedInto = ({ pairs }: ParsedDict): readonly Parsed[] =>
  pairs.flatMap(([key, value]) => (isMerge(key) ? [value] : []))

/** What a mapping names; of a list like `- A=1` the names as well. */
function namesOf(value: Parsed | undefined, anchors: ReadonlyMap<string, Parsed>): ReadonlySet<string> {
  const found = value?.kind === 'alias' ? anchors.get(value.name) : value
  if (found?.kind === 'dict') return new Set(pairsOf(found, anchors).map(([name]) => name))
  if (found?.kind !== 'list') return new Set()
  return new Set(found.items.flatMap(item => (item.kind === 'scalar' ? item.text.split('=', 1) : [])))
}

function anchorAt(value: Parsed, name: string, source: Source): Span {
  const found = source.text.lastIndexOf(`&${name}`, value.start)
  const start = found < 0 ? value.start : found
  return { source, start, end: start + name.length + 1 }
}

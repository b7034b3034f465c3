import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from 'js-yaml'
import {
  type Parsed,
  type ParsedDict,
  type ParsedDocument,
  type ParsedList,
  type ParsedScalar,
  rangeOf,
  withoutBlanks,
} from './parsed.ts'

type Document = Extract<Event, { type: typeof EVENT_ID.DOCUMENT }>
type Pop = Extract<Event, { type: typeof EVENT_ID.POP }>
type Collection = Extract<Event, { type: typeof EVENT_ID.SEQUENCE | typeof EVENT_ID.MAPPING }>

/** What can stand between two values, and between the last value and the bracket behind it. */
const toDash = /(?:\s|#.*)*-/y
const toHeader = /(?:[\s:?-]|#.*)*/y
const toBracket = /(?:[\s,:?]|#.*)*[\]}]/y
const toDocument = /(?:\s|#.*|\.\.\.|%.*)*---/y

/** What was read, or the place behind which nothing could be. */
export type Quick =
  | { readonly documents: readonly ParsedDocument[] }
  | { readonly stuck: number; readonly why: 'deep' | 'wrong' }

/**
 * The documents of a text as js-yaml reads them, in a tenth of the time that `thorough` takes. It gets stuck at mistakes, and at forms
 * that it is stricter about than docker compose.
 */
export function quick(text: string, deepest: number): Quick {
  try {
    return documents(parseEvents(text, { maxDepth: deepest }), text)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const why = error.reason.startsWith('nesting') ? 'deep' : 'wrong'
    return { stuck: error.mark?.position ?? 0, why }
  }
}

function documents(events: readonly Event[], text: string): Quick {
  let next = 0
  /** Behind what was read last: events say where a value begins, but not where a bracket is closed. */
  let end = 0
  let prefixes: ReadonlyMap<string, string>
  let strange: number | undefined
  const behind = (gap: RegExp): number => {
    gap.lastIndex = end
    return gap.test(text) ? gap.lastIndex : end
  }

  const document = ({ directives, explicitStart }: Document): ParsedDocument => {
    prefixes = new Map(directives.flatMap(it => (it.kind === 'tag' ? [[it.handle, it.prefix]] : [])))
    if (explicitStart) end = behind(toDocument)
    const root = value()
    next++
    return { version: directives.find(it => it.kind === 'yaml')?.version, root }
  }

  const value = (): Parsed => {
    const event = events[next++] as Exclude<Event, Document | Pop>
    if (event.type === EVENT_ID.ALIAS) {
      const start = event.anchorStart
      end = event.anchorEnd
      return { kind: 'alias', name: text.slice(start, end), start: start - 1, end }
    }
    const { anchorStart, anchorEnd, tagStart, tagEnd } = event
    end = Math.max(end, anchorEnd, tagEnd)
    const anchor = anchorStart < 0 ? undefined : text.slice(anchorStart, anchorEnd)
    const tag = tagStart < 0 ? undefined : fullTag(text.slice(tagStart, tagEnd), prefixes)
    return event.type === EVENT_ID.SCALAR ? scalar(event, anchor, tag) : collection(event, anchor, tag)
  }

  const scalar = (event: ScalarEvent, anchor: string | undefined, tag: string | undefined): ParsedScalar => {
    const { style, valueStart, valueEnd } = event
    const plain = style === SCALAR_STYLE.PLAIN
    const inLines = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK
    const quotes = plain || inLines ? 0 : 1
    const start = valueStart < 0 ? end : inLines ? behind(toHeader) : valueStart - quotes
    if (valueStart >= 0) end = inLines ? withoutBlanks(text, start, valueEnd) : valueEnd + quotes
    return { kind: 'scalar', text: getScalarValue(text, event), plain, anchor, tag, start, end }
  }

  const collection = (
    { start, style, type }: Collection,
    anchor: string | undefined,
    tag: string | undefined,
  ): ParsedList | ParsedDict => {
    const inBrackets = style === COLLECTION_STYLE.FLOW && '[{'.includes(text[start]!)
    end = inBrackets ? start + 1 : start
    const items: Parsed[] = []
    const pairs: [Parsed, Parsed][] = []
    while (events[next]!.type !== EVENT_ID.POP)
      if (type === EVENT_ID.MAPPING) pairs.push(pair())
      else {
        if (!inBrackets) end = behind(toDash)
        items.push(value())
      }
    next++
    if (inBrackets) end = behind(toBracket)
    if (type === EVENT_ID.SEQUENCE)
      return { kind: 'list', items, anchor, tag, start, end: inBrackets ? end : items.at(-1)!.end }
    const range = (inBrackets ? undefined : rangeOf(pairs)) ?? { start, end }
    return { kind: 'dict', pairs, anchor, tag, start: range.start, end: range.end }
  }

  const pair = (): [Parsed, Parsed] => {
    const key = value()
    const behindKey = end
    const content = value()
    // js-yaml lets a mapping begin behind `key: &anchor`, on the same line.
    if (content.kind === 'dict' && text[content.start] !== '{' && !text.slice(behindKey, content.start).includes('\n'))
      strange ??= content.start
    return [key, content]
  }

  const read: ParsedDocument[] = []
  while (next < events.length) read.push(document(events[next++] as Document))
  return strange === undefined ? { documents: read } : { stuck: strange, why: 'wrong' }
}

/** `!!str` is `tag:yaml.org,2002:str`, and other prefixes are what %TAG makes of them. */
function fullTag(written: string, prefixes: ReadonlyMap<string, string>): string {
  const [, verbatim, handle = '', suffix = ''] = /^(?:!<(.*)>|(!(?:[\w-]*!)?)(.*))$/.exec(written) ?? []
  return verbatim ?? (prefixes.get(handle) ?? (handle === '!!' ? 'tag:yaml.org,2002:' : handle)) + suffix
}

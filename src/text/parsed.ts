/** A document as it is written, before aliases are followed, keys compared, and scalars taken for numbers. */
export type Parsed = ParsedScalar | ParsedList | ParsedDict | ParsedAlias

/** Offsets in the text, without tag and anchor; of an empty value, both are where it would stand. */
interface Range {
  readonly start: number
  readonly end: number
}

interface Content extends Range {
  /** In full: `tag:yaml.org,2002:str`, `!reset`. */
  readonly tag?: string | undefined
  readonly anchor?: string | undefined
}

export interface ParsedScalar extends Content {
  readonly kind: 'scalar'
  readonly text: string
  /** Neither quoted nor a block of lines. */
  readonly plain: boolean
}

export interface ParsedList extends Content {
  readonly kind: 'list'
  readonly items: readonly Parsed[]
}

export interface ParsedDict extends Content {
  readonly kind: 'dict'
  readonly pairs: readonly (readonly [key: Parsed, value: Parsed])[]
}

export interface ParsedAlias extends Range {
  readonly kind: 'alias'
  readonly name: string
}

export interface ParsedDocument {
  /** What `%YAML` says. */
  readonly version?: string | undefined
  readonly root: Parsed
}

/** Where a value ends; a collection without brackets ends with what it holds. */
export function endOf(value: Parsed): number {
  if (value.end !== undefined) return value.end
  if (value.kind === 'list') return value.items.length ? endOf(value.items.at(-1)!) : value.start
  const [key, last] = value.kind === 'dict' ? (value.pairs.at(-1) ?? []) : []
  const filled = last && last.start !== last.end ? last : key
  return filled ? endOf(filled) : value.start
}

/** Where a mapping without brackets begins and ends: with its keys and values. */
export function rangeOf(pairs: ParsedDict['pairs']): Range | undefined {
  const [first, last] = [pairs[0], pairs.at(-1)]
  if (!first || !last) return undefined
  const [key, value] = last
  return { start: first[0].start, end: value.start === value.end ? key.end : value.end }
}

/** The end of a text without the blanks and line breaks before it. */
export function withoutBlanks(text: string, start: number, end: number): number {
  let last = end
  while (last > start && ' \t\r\n'.includes(text[last - 1]!)) last--
  return last
}

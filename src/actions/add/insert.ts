import type { Dict, Entry, Node } from '../../text/node.ts'
import { parse } from '../../text/parse.ts'
import { type Problem, UserError, userError } from '../../text/problem.ts'
import type { Source } from '../../text/source.ts'
import { plainOf } from './plain.ts'

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * A Compose file with the sections of a recipe put in, each at the end of its own, with the file's indentation and line ends; all that
 * was there stays where it was, byte for byte. Throws UserError for names that are there already, and where the file is written in a
 * way that leaves no place for it.
 */
export function inserted(source: Source, recipe: string): string {
  const { text } = source
  const root = rootOf(source)
  const added = rootOf({ name: 'recipe', text: recipe })
  const taken = [...added.entries].flatMap(([section, { node }]) => namesTaken(root, section, node))
  if (taken.length > 0) throw new UserError(taken)
  const eol = /\r\n/.test(text) ? '\r\n' : '\n'
  const layout = layoutOf(root, source)
  const blocks = blocksOf(recipe)
  const edits: Edit[] = []
  let appended = ''
  for (const [section, { node }] of added.entries) {
    const lines = blocks.get(section)!
    const entry = root.entries.get(section)
    if (isFlow(root, source)) edits.push(...intoFlowRoot(root, section, { entry, node, source }))
    else if (entry === undefined) appended += `\n${section}:\n${indented(lines, layout.indent, layout.step)}`
    else edits.push(...intoSection({ entry, lines, node, layout, source, spaced: section === 'services' }))
  }
  const result = edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: piece }) => now.slice(0, start) + withEnds(piece, eol) + now.slice(end), text)
  return appended === '' ? result : (result.endsWith('\n') ? result : `${result}${eol}`) + withEnds(appended, eol)
}

const withEnds = (text: string, eol: string) => (eol === '\n' ? text : text.replaceAll('\n', eol))

function rootOf(source: Source): Dict {
  const problems: Problem[] = []
  const [root, ...others] = parse(source, problem => problems.push(problem))
  if (problems.length > 0) throw new UserError(problems)
  if (others.length > 0) throw noPlace('it holds several documents')
  if (root?.kind !== 'dict') throw noPlace('it is no mapping')
  return root
}

const noPlace = (why: string) =>
  userError(
    'no-place',
    `nothing is added to the file: ${why}`,
    'write it by hand: --dry-run on a new file shows what belongs in',
  )

function namesTaken(root: Dict, section: string, node: Node): readonly Problem[] {
  const there = root.entries.get(section)?.node
  if (there?.kind !== 'dict' || node.kind !== 'dict') return []
  return [...node.entries.keys()].flatMap(name => {
    const entry = there.entries.get(name)
    const kind = section.replace(/s$/, '')
    const problem: Problem = {
      code: 'name-taken',
      severity: 'error',
      message: `there is a ${kind} "${name}" already`,
      hint: 'give another name: gantry add KIND --name NAME',
      ...(entry && { at: entry.key }),
    }
    return entry ? [problem] : []
  })
}

/** Lines of a recipe under each section, as they stand. */
function blocksOf(recipe: string): ReadonlyMap<string, readonly string[]> {
  const blocks = new Map<string, string[]>()
  let lines: string[] = []
  for (const line of recipe.trimEnd().split('\n')) {
    const [, section] = /^(\w+):$/.exec(line) ?? []
    if (section === undefined) lines.push(line)
    else blocks.set(section, (lines = []))
  }
  return blocks
}

/** From two blanks a level, beginning at one level, to the file's. */
function indented(lines: readonly string[], indent: number, step: number): string {
  return lines
    .map(line => {
      const blanks = line.length - line.trimStart().length - 2
      return `${' '.repeat(indent + Math.floor(blanks / 2) * step + (blanks % 2))}${line.trimStart()}\n`
    })
    .join('')
}

interface Layout {
  /** Of the names in a section. */
  readonly indent: number
  /** Of each level below. */
  readonly step: number
}

function layoutOf(root: Dict, source: Source): Layout {
  const blocks = [...root.entries.values()].filter(({ node }) => node.kind === 'dict' && !isFlow(node, source))
  const first = blocks.map(({ node }) => firstOf(node)).find(entry => entry !== undefined)
  const indent = first ? columnOf(first, source) : 2
  const inner = blocks
    .flatMap(({ node }) => (node.kind === 'dict' ? [...node.entries.values()] : []))
    .find(({ node }) => node.kind === 'dict' && node.entries.size > 0 && !isFlow(node, source))
  const below = inner && firstOf(inner.node)
  const step = inner && below ? columnOf(below, source) - columnOf(inner, source) : indent
  return { indent: indent > 0 ? indent : 2, step: step > 0 ? step : 2 }
}

const firstOf = (node: Node): Entry | undefined =>
  node.kind === 'dict' ? [...node.entries.values()].toSorted((a, b) => a.key.start - b.key.start)[0] : undefined

const columnOf = ({ key }: Entry, { text }: Source) => key.start - (text.lastIndexOf('\n', key.start - 1) + 1)

const isFlow = ({ at }: Node, { text }: Source) => text[at.start] === '{'

interface Into {
  readonly entry: Entry
  readonly node: Node
  readonly lines: readonly string[]
  readonly layout: Layout
  readonly source: Source
  /** A blank line stands between the names of this section. */
  readonly spaced: boolean
}

function intoSection({ entry, node, lines, layout, source, spaced }: Into): readonly Edit[] {
  const { text } = source
  const { key, node: there } = entry
  const block = indented(lines, layout.indent, layout.step)
  if (there.kind === 'scalar' && there.value === null) {
    const end = endOfLine(text, key.end)
    const written = { start: there.at.start, end: there.at.end, text: '' }
    return [...(key.end < written.start && written.start < written.end ? [written] : []), lineAt(text, end, block)]
  }
  if (there.at.start < key.end) throw noPlace(`"${text.slice(key.start, key.end)}" is an alias`)
  if (there.kind !== 'dict') throw noPlace(`"${text.slice(key.start, key.end)}" is no mapping`)
  if (isFlow(there, source)) {
    if (there.entries.size > 0) return intoFlow(there, node, source)
    const blank = text[there.at.start - 1] === ' ' ? 1 : 0
    return [
      { start: there.at.start - blank, end: there.at.end, text: '' },
      lineAt(text, endOfLine(text, there.at.end), block),
    ]
  }
  const own = [...there.entries.values()]
    .filter(({ key: at }) => at.start >= there.at.start)
    .toSorted((a, b) => a.key.start - b.key.start)
  const indent = own[0] ? columnOf(own[0], source) : layout.indent
  const between = own.slice(1).map(({ key: at }) => /\n[ \t]*\r?\n/.test(before(text, at.start)))
  const blank = own.length > 1 ? between.some(Boolean) : spaced
  const end = endOfSection(text, there.at.end, indent)
  return [lineAt(text, end, `${blank ? '\n' : ''}${indented(lines, indent, layout.step)}`)]
}

/** What stands before a key, up to the last line that is neither blank nor a comment. */
function before(text: string, start: number): string {
  const [found = ''] = /(?:\n[ \t]*(?:#[^\n]*)?\r?)*\n[ \t]*$/.exec(text.slice(Math.max(0, start - 4000), start)) ?? []
  return found
}

/** Behind the last line of what a section holds, comments that are indented as its names included. */
function endOfSection(text: string, from: number, indent: number): number {
  let last = from
  while (last > 0 && /\s/.test(text[last - 1]!)) last--
  let end = endOfLine(text, last)
  const comment = new RegExp(`^ {${indent},}#`)
  for (let next = end; next < text.length; ) {
    const stop = endOfLine(text, next + 1)
    const line = text.slice(next + 1, stop)
    if (comment.test(line)) end = stop
    else if (line.trim() !== '') break
    next = stop
  }
  return end
}

/** Where a line ends, before its line feed (and the carriage return before that). */
function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** Lines behind the line that ends there. */
function lineAt(text: string, end: number, block: string): Edit {
  return end < text.length ? { start: end + 1, end: end + 1, text: block } : { start: end, end, text: `\n${block}` }
}

function intoFlow(there: Dict, node: Node, { text }: Source): readonly Edit[] {
  const close = there.at.end - 1
  if (text[close] !== '}') throw noPlace('the end of a mapping in braces is not found')
  let last = close
  while (/\s/.test(text[last - 1]!)) last--
  const json = JSON.stringify(plainOf(node)).slice(1, -1)
  const comma = there.entries.size === 0 ? '' : text[last - 1] === ',' ? ' ' : ', '
  return [{ start: last, end: last, text: `${comma}${json}` }]
}

function intoFlowRoot(
  root: Dict,
  section: string,
  { entry, node, source }: { readonly entry: Entry | undefined; readonly node: Node; readonly source: Source },
): readonly Edit[] {
  if (entry?.node.kind === 'dict' && isFlow(entry.node, source)) return intoFlow(entry.node, node, source)
  if (entry !== undefined) throw noPlace(`"${section}" is no mapping in braces`)
  const { at } = root
  const whole: Dict = { kind: 'dict', at, entries: new Map([[section, { key: at, node }]]) }
  return intoFlow(root, whole, source)
}

import type { Node } from '../text/node.ts'
import { position, type Source, type Span } from '../text/source.ts'
import type { Scope } from './scope.ts'
import { contains, entry, isDict, isList, textOf } from './written.ts'

/** Which remarks are not wanted: by a comment on their line or the one above, or by "x-gantry" around them. */
export interface Silence {
  (code: string, at: Span | undefined): boolean
}

/** A code that was asked to be silent, and where. */
export interface Silenced {
  readonly code: string
  readonly at: Span
}

/** `# gantry-ignore CODE, CODE: reason` */
const comment = /(?<=^|\s)#[ \t]*gantry-ignore[ \t]+([a-z0-9-]+(?:[ \t,]+[a-z0-9-]+)*)/

export function silenceOf({ documents, written, dockerfiles }: Scope): {
  readonly isSilent: Silence
  readonly all: readonly Silenced[]
} {
  const sources = new Set<Source>([...documents.map(({ at }) => at.source), ...dockerfiles.map(({ source }) => source)])
  const comments = new Map([...sources].map(source => [source, commentsIn(source)]))
  const around = documents.flatMap(document => aroundIn(document))
  const byService = new Map<string, Silenced[]>()
  for (const { name, node } of written) byService.set(name, [...(byService.get(name) ?? []), ...ignoredIn(node)])
  const isSilent: Silence = (code, at) => {
    if (!at) return false
    const { line } = position(at)
    const here = comments.get(at.source)?.get(line)
    if (here?.some(silenced => silenced.code === code)) return true
    if (around.some(({ within, codes }) => codes.some(silenced => silenced.code === code) && contains(within, at)))
      return true
    const service = written.find(({ key, node }) => contains({ ...key, end: node.at.end }, at))
    return byService.get(service?.name ?? '')?.some(silenced => silenced.code === code) ?? false
  }
  const all = [
    ...[...comments.values()].flatMap(lines => [...lines.values()].flat()),
    ...around.flatMap(({ codes }) => codes),
  ]
  return { isSilent, all: [...new Map(all.map(one => [`${one.at.source.name} ${one.at.start}`, one])).values()] }
}

/** By the lines that a comment speaks of: its own, and where it stands alone, the next that is no comment. */
function commentsIn(source: Source): ReadonlyMap<number, readonly Silenced[]> {
  const found = new Map<number, Silenced[]>()
  if (!source.text.includes('gantry-ignore')) return found
  let offset = 0
  let waiting: Silenced[] = []
  for (const [i, text] of source.text.split('\n').entries()) {
    const match = comment.exec(text)
    const codes = match ? codesOf(match, source, offset) : []
    const alone = /^\s*#/.test(text)
    if (alone) waiting.push(...codes)
    else {
      found.set(i + 1, [...waiting, ...codes])
      waiting = []
    }
    offset += text.length + 1
  }
  return found
}

function codesOf(match: RegExpExecArray, source: Source, offset: number): Silenced[] {
  const begin = offset + match.index + match[0].length - match[1]!.length
  return [...match[1]!.matchAll(/[a-z0-9-]+/g)].map(({ 0: code, index }) => ({
    code,
    at: { source, start: begin + index, end: begin + index + code.length },
  }))
}

/** Mappings that say "x-gantry: {ignore: […]}", a whole file among them. */
function aroundIn(document: Node): readonly { readonly within: Span; readonly codes: readonly Silenced[] }[] {
  const found: { within: Span; codes: readonly Silenced[] }[] = []
  const visit = (node: Node, depth: number): void => {
    if (!isDict(node) || depth > 3) return
    const codes = ignoredIn(node)
    const whole = { source: node.at.source, start: 0, end: node.at.source.text.length }
    if (codes.length > 0) found.push({ within: depth === 0 ? whole : node.at, codes })
    for (const { node: below } of node.entries.values()) visit(below, depth + 1)
  }
  visit(document, 0)
  return found
}

function ignoredIn(node: Node): readonly Silenced[] {
  const ignore = entry(node, 'x-gantry', 'ignore')?.node
  if (!isList(ignore)) return []
  return ignore.items.flatMap(item => {
    const code = textOf(item)
    return code === undefined ? [] : [{ code, at: item.at }]
  })
}

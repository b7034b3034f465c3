import { type Document, isAlias, isMap, isScalar, isSeq, type Node as YamlNode, type Pair, type YAMLMap } from 'yaml'
import { dict, type Entry, list, type Node, type Scalar, scalar, type Tag } from './node.ts'
import { plainValue } from './plain.ts'
import type { Report } from './problem.ts'
import type { Source, Span } from './source.ts'
import { tagged } from './tag.ts'
import { timestampText } from './timestamp.ts'

/** How many nodes aliases may add to a document. A bomb stands for billions; a thousand services that share a fragment for some ten thousand. */
const budget = 500_000
/** How deep a document may be once its aliases are followed. */
const deepest = 1000

interface Anchored {
  readonly at: Span
  /** Absent while its own content is being read. */
  node?: Node
  size: number
  height: number
}

/** A YAML document as a tree; undefined after an error that leaves nothing to go on with. */
export function tree(document: Document.Parsed, source: Source, report: Report): Node | undefined {
  const anchors = new Map<string, Anchored>()
  let size = 0
  let lowest = 0
  let given = true
  const stop = (
    code: string,
    message: string,
    at: Span,
    hint?: string,
    notes?: { message: string; at: Span }[],
  ): Scalar => {
    if (given) report({ code, severity: 'error', message, at, ...(hint && { hint }), ...(notes && { notes }) })
    given = false
    return scalar(null, at)
  }
  const spanOf = (node: { range?: readonly [number, number, number] | null }): Span => {
    const [start, end] = node.range ?? [0, 0]
    return { source, start, end: Math.max(end, start) }
  }

  const convert = (node: YamlNode, depth: number, place?: Span): Node => {
    if (!given) return scalar(null, spanOf(node))
    if (isAlias(node)) return follow(node.source, spanOf(node), depth)
    const name = (node as { anchor?: string }).anchor
    size++
    lowest = Math.max(lowest, depth)
    if (name === undefined) return convertNew(node, depth, place)
    const anchored: Anchored = { at: spanOf(node), size, height: 0 }
    anchors.set(name, anchored)
    const outer = lowest
    lowest = depth
    anchored.node = convertNew(node, depth, place)
    anchored.size = size - anchored.size + 1
    anchored.height = lowest - depth
    lowest = Math.max(outer, lowest)
    return anchored.node
  }

  const follow = (name: string, at: Span, depth: number): Node => {
    const anchored = anchors.get(name)
    if (!anchored)
      return stop(
        'unknown-anchor',
        `there is no anchor "${name}" above this line`,
        at,
        `write &${name} before the value to be repeated`,
      )
    if (!anchored.node)
      return stop(
        'anchor-cycle',
        `the anchor "${name}" is used inside itself`,
        at,
        'an alias repeats a value that is complete',
        [{ message: `"${name}" begins here`, at: anchored.at }],
      )
    size += anchored.size
    lowest = Math.max(lowest, depth + anchored.height)
    if (size > budget || lowest > deepest)
      return stop(
        'too-many-aliases',
        'the aliases of this file expand to more than can be read',
        at,
        'repeat less through aliases, or split the file',
      )
    return anchored.node
  }

  const convertNew = (node: YamlNode, depth: number, place: Span | undefined): Node => {
    const at = spanOf(node)
    const tag = tagOf(node)
    if (isSeq(node)) {
      const made = list(
        node.items.map(item => convert(item as YamlNode, depth + 1)),
        at,
      )
      return tag ? { ...made, tag } : made
    }
    if (isMap(node)) {
      const made = dict(entries(node, depth), at)
      return tag ? { ...made, tag } : made
    }
    if (!isScalar(node)) return scalar(null, at)
    const written = String(node.value ?? '')
    const known = node.tag?.startsWith('tag:yaml.org,2002:') ? node.tag.slice('tag:yaml.org,2002:'.length) : undefined
    // An empty value stands nowhere; its key says more.
    const where = at.start === at.end && place ? place : at
    // A tag that YAML does not know makes text of what it marks, as in go-yaml.
    const value = known
      ? tagged(known, written, problem => stop('bad-tag', problem, where))
      : node.type === 'PLAIN' && node.tag === undefined
        ? plainValue(written)
        : written
    const dated =
      typeof value === 'string' && node.type === 'PLAIN' && (node.tag === undefined || known === 'timestamp')
    const time = dated ? timestampText(value) : undefined
    const made: Scalar = time === undefined ? scalar(value, where) : { ...scalar(time, where), written: 'time' }
    return tag ? { ...made, tag } : made
  }

  const entries = (map: YAMLMap, depth: number): Map<string, Entry> => {
    const own = new Map<string, Entry>()
    const merged: Node[] = []
    let mergeAt: Span | undefined
    for (const { key, value } of map.items as Pair<YamlNode, YamlNode | null>[]) {
      if (!given) break
      const at = spanOf(key)
      if (isScalar(key) && key.type === 'PLAIN' && key.value === '<<') {
        if (mergeAt) duplicate('<<', at, mergeAt)
        mergeAt = at
        if (value) merged.push(convert(value, depth + 1, at))
        continue
      }
      const name = keyText(convert(key, depth + 1), at)
      if (name === undefined || !given) continue
      const before = own.get(name)
      if (before) duplicate(name, at, before.key)
      else own.set(name, { key: at, node: value ? convert(value, depth + 1, at) : scalar(null, at) })
    }
    for (const node of merged) mergeInto(own, node, mergeAt!)
    return own
  }

  const duplicate = (name: string, at: Span, first: Span) =>
    report({
      code: 'duplicate-key',
      severity: 'error',
      message: `"${name}" is given twice`,
      at,
      hint: 'keep one of them',
      notes: [{ message: 'first given here', at: first }],
    })

  const keyText = (key: Node, at: Span): string | undefined => {
    if (key.kind === 'scalar' && typeof key.value === 'string') return key.value
    if (!given) return undefined
    const shown = source.text.slice(at.start, at.end)
    report({
      code: 'key-not-text',
      severity: 'error',
      message: key.kind === 'scalar' ? `the key "${shown}" is not text` : 'a key must be text',
      at,
      ...(key.kind === 'scalar' && shown && { hint: `write it in quotes: "${shown}"` }),
    })
    return key.kind === 'scalar' ? shown : undefined
  }

  const mergeInto = (own: Map<string, Entry>, from: Node, at: Span): void => {
    if (from.tag === 'reset') return
    if (from.kind === 'dict') {
      for (const [key, entry] of from.entries) if (!own.has(key)) own.set(key, entry)
    } else if (from.kind === 'list' && from.items.every(item => item.kind === 'dict'))
      for (const item of from.items) mergeInto(own, item, at)
    else if (given)
      report({
        code: 'bad-merge',
        severity: 'error',
        message: '"<<" takes a mapping, or a list of mappings',
        at,
        hint: 'write "<<: *name" where &name marks a mapping',
      })
  }

  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.1') {
    const at = { source, start: 0, end: source.text.indexOf('\n') < 0 ? source.text.length : source.text.indexOf('\n') }
    report({
      code: 'yaml-version',
      severity: 'error',
      message: `"%YAML ${document.directives.yaml.version}" is incompatible: docker compose reads 1.1 only`,
      at,
      hint: 'remove the line',
    })
  }
  const root = document.contents ? convert(document.contents, 0) : scalar(null, { source, start: 0, end: 0 })
  return given ? root : undefined
}

function tagOf(node: YamlNode): Tag | undefined {
  const { tag } = node as { tag?: string }
  return tag === '!reset' ? 'reset' : tag === '!override' ? 'override' : undefined
}

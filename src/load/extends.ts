import { dirname, resolve } from 'node:path'
import { suggest } from '../base/suggest.ts'
import { type Dict, dict, type Entry, type Node } from '../text/node.ts'
import type { Span } from '../text/source.ts'
import { canonical, contextOf, type Group, merged, whole, withoutEntry } from './assemble.ts'
import { interpolate } from './interpolate.ts'
import { documentsOf, type Reading } from './reading.ts'
import { remoteKind } from './remote.ts'
import { shownPath } from './shown-path.ts'
import { taggedPaths, withoutPaths, withoutTags } from './tagged.ts'

/** Longer chains of services that extend each other are an attack. */
const longest = 500

/** One document in which services may extend each other. */
interface Layer {
  readonly path: string
  /** As written, variables filled in, without and with the `!reset` marks. */
  readonly raw: Dict
  readonly tagged: Node
  /** Its services in canonical form. */
  readonly own: Dict
  /** What it includes: may be extended as well. */
  readonly below: Dict | undefined
  /** Services with all that they inherit, each worked out once. */
  readonly complete: Map<string, Node>
}

/** A document and the group it is read in. */
interface Target {
  readonly layer: Layer
  readonly group: Group
}

interface Link {
  readonly service: string
  readonly file: string | undefined
  readonly at: Span
  readonly fileAt: Span
}

interface Step {
  readonly path: string
  readonly service: string
  readonly at: Span
}

/** What the services of a document inherit through `extends`: a tree of the same services, to be laid under the document. */
export function extensions(document: Omit<Layer, 'complete'>, group: Group, reading: Reading): Dict | undefined {
  const services = section(document.raw)
  if (!services) return undefined
  const layer = { ...document, complete: new Map<string, Node>() }
  const bases: [string, Entry][] = []
  for (const [name, { key, node }] of services.entries) {
    const link = linkOf(node, reading)
    if (!link) continue
    const base = baseOf(link, layer, group, reading, [{ path: document.path, service: name, at: link.at }])
    if (base) bases.push([name, { key, node: base }])
  }
  return bases.length ? wrap(bases, document.raw.at) : undefined
}

function linkOf(service: Node, reading: Reading): Link | undefined {
  const entry = service.kind === 'dict' ? service.entries.get('extends') : undefined
  if (!entry) return undefined
  const { node } = entry
  if (node.kind === 'scalar' && typeof node.value === 'string')
    return { service: node.value, file: undefined, at: node.at, fileAt: node.at }
  const service_ = node.kind === 'dict' ? node.entries.get('service')?.node : undefined
  const file = node.kind === 'dict' ? node.entries.get('file')?.node : undefined
  const fileText = file?.kind === 'scalar' && typeof file.value === 'string' ? file.value : undefined
  if (service_?.kind !== 'scalar' || typeof service_.value !== 'string' || !service_.value) {
    reading.report({
      code: 'bad-extends',
      severity: 'error',
      message: '"extends" must name a service',
      hint: 'write "extends: NAME", or "service:" and "file:" under it',
      at: entry.key,
    })
    return undefined
  }
  if (file && fileText === undefined && !(file.kind === 'scalar' && file.value === null)) {
    reading.report({
      code: 'bad-extends',
      severity: 'error',
      message: 'the "file" of "extends" must be a path',
      at: file.at,
    })
    return undefined
  }
  return { service: service_.value, file: fileText, at: service_.at, fileAt: file?.at ?? service_.at }
}

/** The canonical service that a link leads to, with all that it inherits itself. */
function baseOf(link: Link, from: Layer, group: Group, reading: Reading, steps: readonly Step[]): Node | undefined {
  const target = link.file === undefined ? { layer: from, group } : otherFile(link, from, group, reading)
  if (!target) return undefined
  const { layer } = target
  const first = steps.findIndex(step => step.path === layer.path && step.service === link.service)
  if (first >= 0) {
    tellCycle(steps.slice(first), reading)
    return undefined
  }
  if (steps.length > longest) {
    reading.report({
      code: 'extends-too-deep',
      severity: 'error',
      message: `a chain of more than ${longest} services that extend each other`,
      hint: 'extend fewer services in a row',
      at: link.at,
    })
    return undefined
  }
  if (layer.complete.has(link.service)) return layer.complete.get(link.service)
  const made = completeService(link, target, reading, steps)
  if (made) layer.complete.set(link.service, made)
  return made
}

function completeService(
  link: Link,
  { layer, group }: Target,
  reading: Reading,
  steps: readonly Step[],
): Node | undefined {
  const written = section(layer.raw)?.entries.get(link.service)
  const below = layer.below && section(layer.below)?.entries.get(link.service)?.node
  if (!written && !below) {
    tellMissing(link, layer, steps, reading)
    return undefined
  }
  if (!written) return below
  reading.parts.push({ path: `services.${steps[0]!.service}`, at: whole(written) })
  const context = contextOf(group, reading)
  const own = section(layer.own)?.entries.get(link.service)?.node ?? ownService(link.service, written, context)
  const next = linkOf(written.node, reading)
  const base =
    next && baseOf(next, layer, group, reading, [...steps, { path: layer.path, service: link.service, at: next.at }])
  const tagged = section(layer.tagged)?.entries.get(link.service)?.node
  const under = [below, base].reduce<Node | undefined>(
    (sum, node) => (sum && node ? mergedService(node, sum, context) : (sum ?? node)),
    undefined,
  )
  if (!under || !own) return own ?? under
  return mergedService(tagged ? withoutPaths(under, taggedPaths(tagged)) : under, own, context)
}

function ownService(name: string, written: Entry, context: Parameters<typeof canonical>[1]): Node | undefined {
  const alone = wrap([[name, { ...written, node: withoutEntry(written.node, 'extends') }]], written.node.at)
  return section(canonical(alone, context))?.entries.get(name)?.node
}

function mergedService(base: Node, over: Node, context: Parameters<typeof canonical>[1]): Node {
  const whole = (node: Node) => wrap([['_', { key: node.at, node }]], node.at)
  return section(merged(whole(base), whole(over), context)!)?.entries.get('_')?.node ?? over
}

/** What was read of other files, by the variables it was read with. */
const otherFiles = new WeakMap<Group['environment'], Map<string, Target>>()

/** Another file, only to extend from: no include, no check of what is not used. Its paths are relative to itself. */
function otherFile(link: Link, from: Layer, group: Group, reading: Reading): Target | undefined {
  const { file = '' } = link
  const remote = remoteKind(file)
  const wrong = (code: string, message: string, hint: string) => {
    reading.report({ code, severity: 'error', message, hint, at: link.fileAt })
    return undefined
  }
  if (remote)
    return wrong(
      'remote-file',
      `remote ${remote} file "${file}" is not supported yet`,
      'fetch it first, and extend the local copy',
    )
  const path = resolve(group.directory, file)
  if (path === from.path) return { layer: from, group }
  const found = reading.files.stat(path)
  if (found?.kind !== 'file')
    return wrong(
      found ? 'is-directory' : 'no-such-file',
      found ? `read ${path}: is a directory` : `open ${path}: no such file or directory`,
      'check the path, which is relative to the project directory or to the file that is extended',
    )
  const known = otherFiles.get(group.environment) ?? new Map<string, Target>()
  otherFiles.set(group.environment, known)
  const before = known.get(`${path}\0${link.service}`)
  if (before) return before
  const inside = { ...group, directory: dirname(path) }
  const documents = documentsOf(path, reading, link.fileAt)
  const context = contextOf(inside, reading)
  let layer: Layer = {
    path,
    raw: dict([], link.at),
    tagged: dict([], link.at),
    own: dict([], link.at),
    below: undefined,
    complete: new Map(),
  }
  for (const document of documents) {
    if (document.kind !== 'dict') continue
    const tagged = reading.interpolate
      ? interpolate(serviceOnly(document, link.service), name => group.environment[name], reading.report)
      : document
    const raw = withoutTags(tagged)
    if (raw?.kind === 'dict')
      layer = documents.length === 1 ? { ...layer, raw, tagged } : over(layer, raw, tagged, context)
  }
  const target = { layer, group: inside }
  known.set(`${path}\0${link.service}`, target)
  return target
}

/** Problems in services that nobody extends are nobody's problems; so only what can be reached is looked at. */
function serviceOnly(document: Dict, service: string): Dict {
  const services = section(document)
  if (!services) return document
  const reached = new Map<string, Entry>()
  for (let name: string | undefined = service; name !== undefined && !reached.has(name); ) {
    const entry: Entry | undefined = services.entries.get(name)
    if (!entry) break
    reached.set(name, entry)
    const link: Node | undefined = entry.node.kind === 'dict' ? entry.node.entries.get('extends')?.node : undefined
    const next: Node | undefined = link?.kind === 'dict' ? link.entries.get('service')?.node : link
    name = next?.kind === 'scalar' && typeof next.value === 'string' ? next.value : undefined
  }
  for (const [name, entry] of services.entries)
    if (!reached.has(name))
      reached.set(name, { ...entry, node: { kind: 'dict', entries: new Map(), at: entry.node.at } })
  return wrap([...reached], document.at)
}

/** A further document of the same file laid over the ones before it. */
function over(layer: Layer, raw: Dict, tagged: Node, context: Parameters<typeof canonical>[1]): Layer {
  const services = new Map(section(layer.raw)?.entries)
  const own = new Map(section(layer.own)?.entries)
  for (const [name, entry] of section(raw)?.entries ?? []) {
    const made = ownService(name, entry, context)
    const before = own.get(name)
    const mark = section(tagged)?.entries.get(name)?.node
    if (made)
      own.set(name, {
        ...entry,
        node: before
          ? mergedService(mark ? withoutPaths(before.node, taggedPaths(mark)) : before.node, made, context)
          : made,
      })
    const known = services.get(name)?.node
    const link = entry.node.kind === 'dict' ? entry.node.entries.get('extends') : undefined
    const inherited = known?.kind === 'dict' ? known.entries.get('extends') : undefined
    const node =
      entry.node.kind === 'dict' && !link && inherited
        ? { ...entry.node, entries: new Map([...entry.node.entries, ['extends', inherited]]) }
        : entry.node
    services.set(name, { ...entry, node })
  }
  return { ...layer, raw: wrap([...services], raw.at), tagged, own: wrap([...own], raw.at) }
}

/** The same cycle is met from each of its services; told from the first by name, it is told once. */
function tellCycle(steps: readonly Step[], reading: Reading): void {
  const names = steps.map(step => step.service)
  const start = names.indexOf(names.toSorted()[0]!)
  const [first, ...others] = [...steps.slice(start), ...steps.slice(0, start)]
  const chain = [first!, ...others, first!].map(step => step.service)
  reading.report({
    code: 'extends-cycle',
    severity: 'error',
    message: `extends cycle detected: ${chain.join(' -> ')}`,
    hint: 'remove one of these "extends"',
    at: first!.at,
    notes: others.map(step => ({ message: `"${step.service}" goes on here`, at: step.at })),
  })
}

function tellMissing(link: Link, layer: Layer, steps: readonly Step[], reading: Reading): void {
  const names = [
    ...(section(layer.raw)?.entries.keys() ?? []),
    ...((layer.below && section(layer.below)?.entries.keys()) ?? []),
  ]
  const near = suggest(link.service, names)
  const where = shownPath(layer.path, reading.cwd)
  reading.report({
    code: 'undefined-service',
    severity: 'error',
    message: `cannot extend service "${steps[0]?.service}": service "${link.service}" not found in ${where}`,
    hint:
      near !== undefined
        ? `did you mean "${near}"?`
        : names.length
          ? `it has: ${names.slice(0, 10).join(', ')}`
          : 'it has no services',
    at: link.at,
  })
}

function section(tree: Node): Dict | undefined {
  const node = tree.kind === 'dict' ? tree.entries.get('services')?.node : undefined
  return node?.kind === 'dict' ? node : undefined
}

function wrap(services: Iterable<readonly [string, Entry]>, at: Span): Dict {
  return dict([['services', { key: at, node: dict(services, at) }]], at)
}

import { dirname, resolve } from 'node:path'
import { type Dict, dict, type Entry, type Node } from '../text/node.ts'
import type { Span } from '../text/source.ts'
import { documentsOf, type Reading } from './reading.ts'
import { leadsOutside } from './remote/inside.ts'
import { remoteKind } from './remote/remote.ts'
import { taggedPaths, withoutPaths, withoutTags } from './tagged.ts'
import { contextOf, documentOf, type Group, mergedService, ownService, servicesOf } from './tree.ts'
import { interpolate } from './variables/interpolate.ts'

/** One document in which services may extend each other. */
export interface Layer {
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
export interface Target {
  readonly layer: Layer
  readonly group: Group
}

export interface Link {
  readonly service: string
  readonly file: string | undefined
  readonly at: Span
  readonly fileAt: Span
}

/** What was read of other files, by the variables it was read with. */
const otherFiles = new WeakMap<Group['environment'], Map<string, Target>>()

/** Another file, only to extend from: no include, no check of what is not used. Its paths are relative to itself. */
export function otherFile(link: Link, from: Layer, group: Group, reading: Reading): Target | undefined {
  const { file = '' } = link
  const wrong = (code: string, message: string, hint: string) => {
    reading.report({ code, severity: 'error', message, hint, at: link.fileAt })
    return undefined
  }
  const path = remoteKind(file)
    ? reading.remote.file(file, from.path, group.environment, reading.report, link.fileAt)
    : resolve(group.directory, file)
  if (path === undefined || leadsOutside(path, from.path, reading, link.fileAt)) return undefined
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
  const services = servicesOf(document)
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
  return documentOf([...reached], document.at)
}

/** A further document of the same file laid over the ones before it. */
function over(layer: Layer, raw: Dict, tagged: Node, context: Parameters<typeof ownService>[2]): Layer {
  const services = new Map(servicesOf(layer.raw)?.entries)
  const own = new Map(servicesOf(layer.own)?.entries)
  for (const [name, entry] of servicesOf(raw)?.entries ?? []) {
    const made = ownService(name, entry, context)
    const before = own.get(name)
    const mark = servicesOf(tagged)?.entries.get(name)?.node
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
  return { ...layer, raw: documentOf([...services], raw.at), tagged, own: documentOf([...own], raw.at) }
}

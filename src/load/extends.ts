import { dirname } from 'node:path'
import { suggest } from '../base/suggest.ts'
import type { Dict, Entry, Node } from '../text/node.ts'
import type { Span } from '../text/source.ts'
import { tellUnknownKeys } from './check/unknown-keys.ts'
import { type Layer, type Link, otherFile, type Target } from './extends-file.ts'
import type { Reading } from './reading.ts'
import { shownPath } from './shown-path.ts'
import { taggedPaths, withoutPaths } from './tagged.ts'
import { contextOf, documentOf, type Group, mergedService, ownService, servicesOf, whole } from './tree.ts'

/** Longer chains of services that extend each other are an attack. */
const longest = 500

interface Step {
  readonly path: string
  readonly service: string
  readonly at: Span
}

/** What the services of a document inherit through `extends`: a tree of the same services, to be laid under the document. */
export function extensions(document: Omit<Layer, 'complete'>, group: Group, reading: Reading): Dict | undefined {
  const services = servicesOf(document.raw)
  if (!services) return undefined
  const layer = { ...document, complete: new Map<string, Node>() }
  const bases: [string, Entry][] = []
  for (const [name, { key, node }] of services.entries) {
    const link = linkOf(node, reading)
    if (!link) continue
    const base = baseOf(link, layer, group, reading, [{ path: document.path, service: name, at: link.at }])
    if (base) bases.push([name, { key, node: base }])
  }
  return bases.length ? documentOf(bases, document.raw.at) : undefined
}

function linkOf(service: Node, reading: Reading): Link | undefined {
  const entry = service.kind === 'dict' ? service.entries.get('extends') : undefined
  if (!entry) return undefined
  const { node } = entry
  if (node.kind === 'scalar' && typeof node.value === 'string')
    return { service: node.value, file: undefined, at: node.at, fileAt: node.at }
  if (node.kind === 'dict') tellUnknownKeys(node, ['service', 'file'], 'extends', reading.report)
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
      hint: 'write one path, as in "file: base.yaml"',
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
  const written = servicesOf(layer.raw)?.entries.get(link.service)
  const below = layer.below && servicesOf(layer.below)?.entries.get(link.service)?.node
  if (!written && !below) {
    tellMissing(link, layer, steps, reading)
    return undefined
  }
  if (!written) return below
  reading.parts.push({ path: `services.${steps[0]!.service}`, at: whole(written) })
  const context = contextOf(group, reading)
  const own = servicesOf(layer.own)?.entries.get(link.service)?.node ?? ownService(link.service, written, context)
  const next = linkOf(written.node, reading)
  const base =
    next && baseOf(next, layer, group, reading, [...steps, { path: layer.path, service: link.service, at: next.at }])
  const tagged = servicesOf(layer.tagged)?.entries.get(link.service)?.node
  const under = [below, base].reduce<Node | undefined>(
    (sum, node) => (sum && node ? mergedService(node, sum, context) : (sum ?? node)),
    undefined,
  )
  if (!under || !own) return own ?? under
  return mergedService(tagged ? withoutPaths(under, taggedPaths(tagged)) : under, own, context)
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
    ...(servicesOf(layer.raw)?.entries.keys() ?? []),
    ...((layer.below && servicesOf(layer.below)?.entries.keys()) ?? []),
  ]
  const near = suggest(link.service, names)
  const where = shownPath(layer.path, reading.cwd)
  const elsewhere = near === undefined ? declaredElsewhere(link.service, reading) : undefined
  reading.report({
    code: 'undefined-service',
    severity: 'error',
    message: `cannot extend service "${steps[0]?.service}": service "${link.service}" not found in ${where}`,
    hint:
      near !== undefined
        ? `did you mean "${near}"?`
        : elsewhere
          ? `write "file: ${shownPath(elsewhere.path, dirname(layer.path))}" as well: a service is looked for in the file that extends it`
          : names.length
            ? `it has: ${names.slice(0, 10).join(', ')}`
            : 'it has no services',
    at: link.at,
    ...(elsewhere && { notes: [{ message: `"${link.service}" is declared here`, at: elsewhere.at }] }),
  })
}

/** Where another file that was read declares the service. */
function declaredElsewhere(service: string, { documents }: Reading): { path: string; at: Span } | undefined {
  for (const [path, nodes] of documents)
    for (const node of nodes) {
      const entry = node.kind === 'dict' ? servicesOf(node)?.entries.get(service) : undefined
      if (entry) return { path, at: entry.key }
    }
  return undefined
}

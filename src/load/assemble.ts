import { dirname } from 'node:path'
import { compose } from '../spec/file.ts'
import { type Dict, dict, type Entry, type Node } from '../text/node.ts'
import type { Report } from '../text/problem.ts'
import { extensions } from './extends.ts'
import { included } from './include.ts'
import { documentsOf, type Reading } from './reading.ts'
import { mayHaveTags, taggedPaths, withoutPaths, withoutTags } from './tagged.ts'
import { canonical, contextOf, type Group, merged, whole, withoutEntry } from './tree.ts'
import { interpolate } from './variables/interpolate.ts'

/** One canonical tree out of a group of files, with what they include and extend; undefined where they say nothing. */
export function assemble(group: Group, reading: Reading): Dict | undefined {
  let model: Dict | undefined
  const documents = group.paths.flatMap(path => documentsOf(path, reading, group.at).map(node => ({ path, node })))
  for (const [i, { path, node }] of documents.entries()) {
    // What -f brings from elsewhere is relative to itself, whatever the user's own files are relative to.
    const apart = group.chain.length === 0 && reading.remote.foldersOf(path) !== undefined
    const own = apart ? { ...group, directory: dirname(path) } : group
    model = layer(model, node, path, own, reading)
    if (model && i < documents.length - 1 && reading.interpolate) completeSoFar(model, own, reading)
  }
  return model
}

/** As docker compose has it, what a file leaves out cannot be given by a later one, where the schema asks for it. */
function completeSoFar(model: Dict, group: Group, reading: Reading): void {
  const report: Report = problem => {
    // The target of a port or mount is asked for only at the end.
    if (problem.code !== 'missing-key' || !/^"(?!target")\w+" is missing$/.test(problem.message)) return
    reading.report({ ...problem, hint: `${problem.hint}; a later file cannot give it` })
  }
  compose.decode(model, { ...contextOf(group, reading), report })
}

function layer(
  model: Dict | undefined,
  document: Node,
  path: string,
  group: Group,
  reading: Reading,
): Dict | undefined {
  if (document.kind !== 'dict') {
    reading.report({
      code: 'not-a-mapping',
      severity: 'error',
      message: 'top-level object must be a mapping',
      hint:
        document.kind === 'scalar' && document.value === null
          ? 'remove the "---" that nothing follows'
          : 'begin with "services:"',
      at: document.at,
    })
    return model
  }
  const raw = reading.interpolate ? interpolate(document, name => group.environment[name], reading.report) : document
  const tags = mayHaveTags(document)
  const kept = tags ? withoutTags(raw) : raw
  if (kept?.kind !== 'dict') return model
  for (const [section, { node }] of kept.entries)
    if (node.kind === 'dict')
      for (const [name, entry] of node.entries) reading.parts.push({ path: `${section}.${name}`, at: whole(entry) })
  const below = included(kept, { ...group, chain: [...group.chain, path] }, reading, assemble)
  const context = contextOf(group, reading)
  const own = canonical(withoutLinks(kept), context)
  const bases = extensions({ path, raw: kept, tagged: raw, own, below }, group, reading)
  const under = [bases, below].reduce<Dict | undefined>((sum, next) => merged(sum, next, context), model)
  const cleared = under && tags ? (withoutPaths(under, taggedPaths(raw)) as Dict) : under
  return merged(cleared ?? dict([], own.at), own, context)
}

/** The document without `include` and `extends`, which are followed here and are no part of the model. */
function withoutLinks(document: Dict): Dict {
  const entries = new Map(document.entries)
  entries.delete('include')
  const services = entries.get('services')
  if (services?.node.kind === 'dict')
    entries.set('services', { ...services, node: { ...services.node, entries: withoutExtends(services.node) } })
  return { ...document, entries }
}

function withoutExtends(services: Dict): Map<string, Entry> {
  return new Map(
    [...services.entries].map(([name, entry]) => [name, { ...entry, node: withoutEntry(entry.node, 'extends') }]),
  )
}

import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Node } from '../../text/node.ts'
import type { Span } from '../../text/source.ts'
import type { Reading, Shelf } from '../reading.ts'

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Tells where a file that was fetched names one outside its own folder, by a path or by a link; whether it does. */
export function leadsOutside(path: string, writtenIn: string, reading: Shelf, at: Span | undefined): boolean {
  const folders = reading.remote.foldersOf(writtenIn)
  if (!folders) return false
  const { files } = reading
  const real = files.real(path)
  if (folders.some(folder => isInside(path, folder) && isInside(real, files.real(folder)))) return false
  reading.report({
    code: 'outside-part',
    severity: 'error',
    message: `a remote part may not name "${path}", which lies outside its own folder`,
    hint: 'copy the part here if you trust it, and name the local copy',
    ...(at && { at }),
  })
  return true
}

/**
 * Whether no part that was fetched makes Gantry read other files of this machine into variables, labels, images or
 * containers; tells where one does. A host path of a volume is not among them: it is for the engine, as an image's own doing is.
 */
export function isWithin(tree: Node, directory: string, reading: Reading): boolean {
  let within = true
  const home = (text: string) => (text === '~' || text.startsWith('~/') ? reading.home + text.slice(1) : text)
  const look = (node: Node | undefined, base = directory) => {
    if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') return
    const writtenIn = resolve(reading.cwd, node.at.source.name)
    if (leadsOutside(resolve(base, home(node.value)), writtenIn, reading, node.at)) within = false
  }
  for (const kind of ['configs', 'secrets']) for (const object of values(get(tree, kind))) look(get(object, 'file'))
  for (const service of values(get(tree, 'services'))) {
    for (const file of items(get(service, 'env_file'))) look(get(file, 'path') ?? file)
    for (const file of items(get(service, 'label_file'))) look(file)
    for (const rule of items(get(get(service, 'develop'), 'watch'))) look(get(rule, 'path'))
    look(get(get(service, 'credential_spec'), 'file'))
    const build = get(service, 'build')
    const context = get(build, 'context')
    const elsewhere = context?.kind === 'scalar' && isElsewhere(String(context.value))
    if (!elsewhere) {
      look(context)
      const base = context?.kind === 'scalar' ? resolve(directory, home(String(context.value))) : directory
      look(get(build, 'dockerfile'), base)
    }
    for (const other of values(get(build, 'additional_contexts')))
      if (other.kind === 'scalar' && !isElsewhere(String(other.value))) look(other)
    for (const key of values(get(build, 'ssh'))) look(key)
  }
  return within
}

/** A build context that is no directory of this machine. */
function isElsewhere(context: string): boolean {
  return /^(?:(?!file:)[\w+.-]+:\/\/|service:|target:|git@|github\.com\/)/.test(context)
}

function get(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'dict' ? node.entries.get(key)?.node : undefined
}

function values(node: Node | undefined): readonly Node[] {
  return node?.kind === 'dict' ? [...node.entries.values()].map(entry => entry.node) : []
}

function items(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : []
}

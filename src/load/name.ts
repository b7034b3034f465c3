import { basename } from 'node:path'
import { type Node } from '../text/node.ts'
import { type Report, userError } from '../text/problem.ts'
import type { Lookup } from './variables/filled-in.ts'
import { interpolate } from './variables/interpolate.ts'

const normal = /^[a-z0-9][a-z0-9_-]*$/

/** A name that the user gave by flag or environment must already be as the engine wants it. Throws UserError. */
export function givenName(name: string, from: string): string {
  if (normal.test(name)) return name
  const near = normalName(name)
  throw userError(
    'bad-project-name',
    `invalid project name "${name}": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number`,
    near ? `use "${near}" in ${from}` : `choose another name in ${from}`,
  )
}

/** A name as the engine wants it: lower case, other characters dropped. */
export function normalName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '')
}

/** `name:` of the last document that has one, with its variables filled in; problems with it are told when the whole is read. */
export function writtenName(documents: readonly Node[], lookup: Lookup | undefined): string | undefined {
  const silent: Report = () => undefined
  for (const document of documents.toReversed()) {
    const node = document.kind === 'dict' ? document.entries.get('name')?.node : undefined
    if (node?.kind !== 'scalar' || node.tag === 'reset' || node.value === null) continue
    const filled = lookup ? interpolate(node, lookup, silent) : node
    if (filled.kind === 'scalar' && typeof filled.value === 'string' && filled.value) return normalName(filled.value)
  }
  return undefined
}

export function directoryName(directory: string): string {
  return normalName(basename(directory))
}

import { scryptSync } from 'node:crypto'
import type { FileObject, Json, Project } from '../model/project.ts'
import { goJson } from '../spec/encode.ts'
import { API_CREDENTIALS } from './container/api-socket.ts'
import type { Contents } from './container/file-contents.ts'
import { hashedForm, sha256, written } from './hash.ts'

/**
 * Attribute path (`environment.LOG_LEVEL`, `ports`) → 8 hex digits, so that a later run can say what changed.
 * Mappings are told key by key, lists as a whole. The content of secrets and configs is in it, of files as far as known.
 */
export function attributeHashes(
  project: Project,
  service: string,
  contents?: Contents,
): Readonly<Record<string, string>> {
  const known = taken.get(project)?.get(service)
  if (known && known.contents === contents) return known.hashes
  const hashes = takenOf(project, service, contents)
  taken.set(project, (taken.get(project) ?? new Map<string, Taken>()).set(service, { contents, hashes }))
  return hashes
}

interface Taken {
  readonly contents: Contents | undefined
  readonly hashes: Readonly<Record<string, string>>
}

/** Both the judge and the label ask, and a project never changes. */
const taken = new WeakMap<Project, Map<string, Taken>>()

function takenOf(project: Project, service: string, contents?: Contents): Readonly<Record<string, string>> {
  const s = written(project, service)
  const hashes: Record<string, string> = {}
  const visit = (value: Json, path: string) => {
    if (SWARMS.some(swarms => path === swarms || path.startsWith(`${swarms}.`))) return
    const inside = value !== null && typeof value === 'object' && !Array.isArray(value) && Object.entries(value)
    if (inside && inside.length > 0) for (const [key, inner] of inside) visit(inner, `${path}.${key}`)
    // A network may be named with nothing said of it; elsewhere an empty mapping says nothing.
    else if (!inside || path.startsWith('networks.')) hashes[path] = short(inside ? 'null' : goJson(value))
  }
  // The hash writes these two as null where nothing is said.
  for (const [key, value] of Object.entries(hashedForm(s))) if (value !== null && !UNTOLD.has(key)) visit(value, key)
  for (const reference of s.configs ?? []) {
    // Credentials: they come and go by themselves, and no label is to tell of them.
    if (reference.source === API_CREDENTIALS) continue
    const content = contentOf(project.configs[reference.source], contents)
    if (content !== undefined) hashes[`configs.${reference.source}`] = short(content)
  }
  for (const reference of s.secrets ?? []) {
    const content = contentOf(project.secrets[reference.source], contents)
    if (content === undefined) continue
    hashes[`secrets.${reference.source}`] ??= guarded(content, project.name, service, reference.source)
  }
  return hashes
}

function contentOf(object: FileObject | undefined, contents: Contents | undefined): string | Uint8Array | undefined {
  return object?.file === undefined ? object?.content : contents?.get(object.file)
}

/** Never reaches the container, so that changing it replaces nothing. */
const UNTOLD = new Set(['attach', 'develop', 'pre_stop', 'env_file', 'label_file', 'extends'])

/** As those: only a swarm acts on them. */
const SWARMS = [
  'deploy.mode',
  'deploy.endpoint_mode',
  'deploy.labels',
  'deploy.placement',
  'deploy.update_config',
  'deploy.rollback_config',
  'deploy.restart_policy.delay',
  'deploy.restart_policy.window',
  'deploy.resources.reservations.cpus',
  'deploy.resources.reservations.generic_resources',
]

/** The form in which hashes are taken. A new one is not compared with an old one, so that an upgrade recreates nothing. */
const FORM = '1'

/** The hashes as one label. */
export function attributesLabel(hashes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries({ ...hashes, '@': FORM }).toSorted(byKey)))
}

/**
 * The paths whose value is not what it was when the label was written. Undefined where the label cannot tell: it is
 * absent, not ours, or of another form.
 */
export function changedAttributes(
  label: string | undefined,
  hashes: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const before = readLabel(label)
  if (before?.['@'] !== FORM) return undefined
  const paths = new Set([...Object.keys(before), ...Object.keys(hashes)])
  paths.delete('@')
  const changed = [...paths].filter(path => before[path] !== hashes[path]).toSorted()
  // What was empty and is not, or the other way round, is told by its parts.
  return changed.filter(path => !changed.some(other => other.startsWith(`${path}.`)))
}

function readLabel(label: string | undefined): Record<string, unknown> | undefined {
  if (label === undefined) return undefined
  try {
    const value: unknown = JSON.parse(label)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const stretched = new Map<string, string>()

/** Slow on purpose, and salted with where the secret goes: a label must not give a short password away. */
function guarded(content: string | Uint8Array, project: string, service: string, source: string): string {
  const salt = JSON.stringify([project, source])
  const key = sha256(sha256(content) + salt)
  // Once for all services that use it: about ten milliseconds.
  const slow = stretched.get(key) ?? scryptSync(content, salt, 32, { N: 4096, r: 8, p: 1 }).toString('hex')
  stretched.set(key, slow)
  return short(JSON.stringify([slow, service]))
}

function short(text: string | Uint8Array): string {
  return sha256(text).slice(0, 8)
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

import { createHash, scryptSync } from 'node:crypto'
import { namespaceOwner } from '../model/graph.ts'
import type { FileObject, Json, Project, Service } from '../model/project.ts'
import { encodeNetwork, encodeService, encodeVolume, goJson } from '../spec/encode.ts'
import { withApiSocket } from './api-socket.ts'
import type { Contents } from './file-contents.ts'

type Parent = (service: string) => string | undefined

/**
 * The value of the label `config-hash`, as docker compose 5.5 computes it. A service that borrows a namespace or
 * volumes (`network_mode`, `ipc`, `pid: service:x`, `volumes_from`) has its parent's container in it.
 */
export function serviceHash(project: Project, service: string, parent: Parent): string {
  return sha256(hashedText(project, service, parent))
}

/** The hash as `config --hash` prints it: what is borrowed from another service is named by that service. */
export function declaredHash(project: Project, service: string): string {
  return sha256(goJson(without(encodeService(project.services[service]!), UNHASHED)))
}

/** What `serviceHash` is taken of. */
export function hashedText(project: Project, service: string, parent: Parent): string {
  const s = withParents(written(project, service), parent)
  return goJson(without(encodeService(s), UNHASHED))
}

/** A service as docker compose hashes it: `use_api_socket` written out, and the default platform of what is built. */
function written(project: Project, service: string): Service {
  const s = withApiSocket(project.services[service]!)
  const platform = s.platform ?? (s.build && project.environment.DOCKER_DEFAULT_PLATFORM)
  return platform ? { ...s, platform } : s
}

export function networkHash(project: Project, key: string): string {
  return sha256(goJson(encodeNetwork(project.networks[key]!)))
}

export function volumeHash(project: Project, key: string): string {
  const volume = project.volumes[key]!
  return sha256(goJson(encodeVolume({ ...volume, driver: volume.driver || 'local' })))
}

/** What says how many and when, or how the image comes to be, and nothing about a container. */
const UNHASHED = ['build', 'pull_policy', 'scale', 'depends_on', 'profiles']

function without(service: Json, keys: readonly string[]): Json {
  const entries = Object.entries(service as Record<string, Json>).filter(([key]) => !keys.includes(key))
  return Object.fromEntries(
    entries.map(([key, value]) =>
      key === 'deploy'
        ? [key, Object.fromEntries(Object.entries(value as Record<string, Json>).filter(([k]) => k !== 'replicas'))]
        : [key, value],
    ),
  )
}

/**
 * Services named by `service:x` and `volumes_from` replaced by their containers, as docker compose hashes them: without
 * the mode of `volumes_from`. Where there is no container, what is written stays, as in `config --hash`.
 */
function withParents(service: Service, parent: Parent): Service {
  const mode = (text: string | undefined) => {
    const name = namespaceOwner(text)
    const container = name === undefined ? undefined : parent(name)
    return container === undefined ? text : `container:${container}`
  }
  const changed = {
    network_mode: mode(service.network_mode),
    ipc: mode(service.ipc),
    pid: mode(service.pid),
    volumes_from: service.volumes_from?.map(entry => {
      const [name, container] = entry.split(':')
      return name === 'container' ? container! : (parent(name!) ?? entry)
    }),
  }
  return { ...service, ...Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined)) }
}

/**
 * Attribute path (`environment.LOG_LEVEL`, `ports`) → 8 hex digits, so that a later run can say what changed.
 * Mappings are told key by key, lists as a whole. The content of secrets and configs is in it, of files as far as known.
 */
export function attributeHashes(
  project: Project,
  service: string,
  contents?: Contents,
): Readonly<Record<string, string>> {
  const s = written(project, service)
  const told = without(encodeService(s), [...UNHASHED, ...UNTOLD]) as Record<string, Json>
  const hashes: Record<string, string> = {}
  const visit = (value: Json, path: string) => {
    if (SWARMS.some(swarms => path === swarms || path.startsWith(`${swarms}.`))) return
    const inside = value !== null && typeof value === 'object' && !Array.isArray(value) && Object.entries(value)
    if (inside && inside.length > 0) for (const [key, inner] of inside) visit(inner, `${path}.${key}`)
    // A network may be named with nothing said of it; elsewhere an empty mapping says nothing.
    else if (!inside || path.startsWith('networks.')) hashes[path] = short(inside ? 'null' : goJson(value))
  }
  // The hash writes these two as null where nothing is said.
  for (const [key, value] of Object.entries(told)) if (value !== null) visit(value, key)
  for (const reference of s.configs ?? []) {
    const content = contentOf(project.configs[reference.source], contents)
    if (content !== undefined) hashes[`configs.${reference.source}`] = short(content)
  }
  for (const reference of s.secrets ?? []) {
    const content = contentOf(project.secrets[reference.source], contents)
    if (content === undefined) continue
    hashes[`secrets.${reference.source}`] ??= guarded(content, [project.name, service, reference.source])
  }
  return hashes
}

function contentOf(object: FileObject | undefined, contents: Contents | undefined): string | Uint8Array | undefined {
  return object?.file === undefined ? object?.content : contents?.get(object.file)
}

/** Never reaches the container, so that changing it replaces nothing. */
const UNTOLD = ['attach', 'develop', 'pre_stop', 'env_file', 'label_file', 'extends']

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
  return [...paths].filter(path => before[path] !== hashes[path]).toSorted()
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

const guards = new Map<string, string>()

/** Slow on purpose, and salted with where the secret goes: a label must not give a short password away. */
function guarded(content: string | Uint8Array, salt: readonly string[]): string {
  const key = sha256(JSON.stringify([sha256(content), ...salt]))
  const known = guards.get(key)
  if (known !== undefined) return known
  const hash = scryptSync(content, JSON.stringify(salt), 4, { N: 4096, r: 8, p: 1 }).toString('hex')
  guards.set(key, hash)
  return hash
}

function short(text: string | Uint8Array): string {
  return sha256(text).slice(0, 8)
}

function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

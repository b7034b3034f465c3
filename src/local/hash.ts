import { hash } from 'node:crypto'
import { namespaceOwner } from '../model/graph.ts'
import type { Json, Project, Service } from '../model/project.ts'
import { encodeNetwork, encodeService, encodeVolume, goJson } from '../spec/encode.ts'
import { withApiSocket } from './container/api-socket.ts'

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
  return sha256(goJson(hashedForm(project.services[service]!)))
}

/** What `serviceHash` is taken of. */
export function hashedText(project: Project, service: string, parent: Parent): string {
  return goJson(hashedForm(withParents(written(project, service), parent)))
}

/** A service as docker compose hashes it: `use_api_socket` written out, and the default platform of what is built. */
export function written(project: Project, service: string): Service {
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
const UNHASHED = new Set(['build', 'pull_policy', 'scale', 'depends_on', 'profiles'])

/** A service's written form without what has no part in its containers. */
export function hashedForm(service: Service): Readonly<Record<string, Json>> {
  const entries = Object.entries(encodeService(service) as Record<string, Json>).filter(([key]) => !UNHASHED.has(key))
  return Object.fromEntries(entries.map(([key, value]) => [key, key === 'deploy' ? withoutReplicas(value) : value]))
}

function withoutReplicas(deploy: Json): Json {
  const { replicas: _, ...rest } = deploy as Record<string, Json>
  return rest
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

export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text)
}

import { order } from '../base/dag.ts'
import type { Dependency, Project, Service } from './project.ts'

/** How one service comes to need another: the attribute that says so. */
export type Road = 'depends_on' | 'links' | 'volumes_from' | 'network_mode' | 'ipc' | 'pid' | 'uts'

export interface Need extends Dependency {
  readonly road: Road
}

/**
 * The services that a service needs, by every road. What `depends_on` says wins over what follows from another
 * attribute. A shared namespace ends with its owner, so those roads carry `restart`; borrowed volumes do not.
 */
export function dependencies(service: Service): ReadonlyMap<string, Need> {
  const needs = new Map<string, Need>()
  for (const [name, dependency] of Object.entries(service.depends_on ?? {}))
    needs.set(name, { ...dependency, road: 'depends_on' })
  const imply = (name: string, road: Road, restart: boolean) => {
    if (needs.has(name)) return
    needs.set(name, { condition: 'service_started', ...(restart && { restart }), required: true, road })
  }
  for (const link of service.links ?? []) imply(linked(link), 'links', true)
  for (const road of ['network_mode', 'ipc', 'pid', 'uts'] as const) {
    const owner = namespaceOwner(service[road])
    if (owner !== undefined) imply(owner, road, true)
  }
  for (const from of service.volumes_from ?? []) {
    if (!from.startsWith('container:')) imply(from.split(':')[0]!, 'volumes_from', false)
  }
  return needs
}

/** `service:db` is "db"; anything else names no service. */
export function namespaceOwner(mode: string | undefined): string | undefined {
  return mode?.startsWith('service:') ? mode.slice('service:'.length) : undefined
}

/** `db:database` is "db"; with more colons than one, docker compose takes the whole text for the name. */
function linked(link: string): string {
  const parts = link.split(':')
  return parts.length === 2 ? parts[0]! : link
}

/** Names of the project's services, each after those that it needs; ties in name order. Throws `Cycle`. */
export function inOrder(project: Pick<Project, 'services'>): readonly string[] {
  const { services } = project
  const known = (name: string) => Object.hasOwn(services, name)
  return order(Object.keys(services).toSorted(), name =>
    [...dependencies(services[name]!).keys()].filter(known).toSorted(),
  )
}

/** Names of the services that need any of these, directly or through others, themselves left out. */
export function dependents(project: Pick<Project, 'services'>, names: Iterable<string>): ReadonlySet<string> {
  const given = new Set(names)
  const found = new Set(given)
  for (const name of inOrder(project))
    if ([...dependencies(project.services[name]!).keys()].some(need => found.has(need))) found.add(name)
  return found.difference(given)
}

import { defined } from '../../base/defined.ts'
import type { ContainerSpec, EndpointSpec } from '../../engine/engine.ts'
import type { Attachment, Project, Service } from '../../model/project.ts'
import type { Given } from '../given.ts'
import { containerNameOf } from './container-name.ts'
import { namespace } from './namespaces.ts'
import { byPriority } from './network-order.ts'

const INTERFACE_NAME = 'com.docker.network.endpoint.ifname'

type Networking = Pick<ContainerSpec, 'network_mode' | 'networks' | 'network_disabled' | 'mac_address'>

/** Which networks a container is on, and as what: the main one first. */
export function endpoints(project: Project, key: string, service: Service, number: number, given: Given): Networking {
  const { network_mode, mac_address, networks = {} } = service
  if (network_mode !== undefined) {
    return defined({
      network_mode: namespace(project, network_mode, given),
      network_disabled: network_mode === 'disabled' || undefined,
      mac_address,
    })
  }
  const keys = byPriority(networks)
  if (keys.length === 0) return { network_mode: 'none' }
  const names = [containerNameOf(project, key, number, given.separator), key]
  const linked = links(project, service, given)
  const all = keys.map((network, i) => {
    const attachment = networks[network] ?? {}
    // A service's own address is its first network's.
    const own = i === 0 ? mac_address : undefined
    return endpoint(
      project,
      network,
      defined({ ...attachment, mac_address: attachment.mac_address ?? own }),
      names,
      linked,
    )
  })
  return { network_mode: all[0]!.network, networks: all }
}

function endpoint(
  project: Project,
  network: string,
  attachment: Attachment,
  names: readonly string[],
  linked: readonly string[] | undefined,
): EndpointSpec {
  const { interface_name, driver_opts } = attachment
  return defined({
    network: project.networks[network]?.name ?? network,
    aliases: [...new Set([...names, ...(attachment.aliases ?? [])])],
    links: linked,
    ipv4_address: attachment.ipv4_address,
    ipv6_address: attachment.ipv6_address,
    link_local_ips: attachment.link_local_ips,
    mac_address: attachment.mac_address,
    driver_opts: interface_name === undefined ? driver_opts : { ...driver_opts, [INTERFACE_NAME]: interface_name },
    gw_priority: attachment.gw_priority,
  })
}

/** `container:alias`, three for each container of a linked service: the alias, service and number, and the full name. */
export function links(project: Project, service: Service, given: Given): readonly string[] | undefined {
  const { separator } = given
  const inside = (service.links ?? []).flatMap(link => {
    const [name, alias] = twoParts(link)
    const replicas = given.linked?.(name) ?? fresh(project, name, given)
    return replicas.flatMap(({ name: container, number }) => [
      `${container}:${alias}`,
      `${container}:${name}${separator}${number}`,
      `${container}:${project.name}${separator}${name}${separator}${number}`,
    ])
  })
  const outside = (service.external_links ?? []).map(link => twoParts(link).join(':'))
  const all = [...inside, ...outside]
  return all.length > 0 ? all : undefined
}

function fresh(project: Project, service: string, given: Given) {
  const count = replicas(project.services[service])
  return Array.from({ length: count }, (_, i) => ({
    name: containerNameOf(project, service, i + 1, given.separator),
    number: i + 1,
  }))
}

/** How many containers a service declares. */
export function replicas(service: Service | undefined): number {
  return service?.scale ?? service?.deploy?.replicas ?? 1
}

function twoParts(link: string): [string, string] {
  const parts = link.split(':')
  return parts.length === 2 ? [parts[0]!, parts[1]!] : [parts[0]!, parts[0]!]
}

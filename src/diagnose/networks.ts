import { freeSubnet, overlap } from '../base/subnets.ts'
import type { NetworkDetail } from '../engine/engine.ts'
import { LABEL } from '../model/names.ts'
import type { Diagnosis } from './diagnosis.ts'
import { nearest } from './ports.ts'
import type { Route, Scene } from './scene.ts'
import { didNotStart, logged, refused } from './telling.ts'

/** Networks that cannot be, cannot be joined, or lead nowhere. */
export const networks: readonly Diagnosis[] = [
  logged({
    code: 'no-egress',
    cause: 'The container has no way out: it is on internal networks only, or has no network.',
    evidence: 'The log says "Network is unreachable", and no network of it leads outside.',
    fix: 'Add a second network that is not internal.',
    says: /Network is unreachable|ENETUNREACH|Errno 101/i,
    tell(_, { service, container }, { scene }) {
      const none = container?.spec.network_mode === 'none'
      const inner = container?.networks.every(n => scene.networks.find(o => o.id === n.id)?.internal)
      if (!none && !inner) return undefined
      return {
        message: none ? `"${service}" has no network` : `"${service}" is on internal networks only, which lead nowhere`,
        hint: 'add a network that is not internal',
        attribute: [none ? 'network_mode' : 'networks'],
      }
    },
  }),
  refused({
    code: 'netns-owner-gone',
    cause:
      'The service borrows another container’s network, and that container is gone, was replaced, or does not run.',
    evidence:
      'The engine says "cannot join network namespace of a non running container" or "joining network namespace of container: No such container".',
    fix: 'Start the owner, then run "gantry up"; depends_on with restart: true does it each time.',
    says: /cannot join network (?:namespace )?of a non running container|joining network namespace of container: |No such container: /i,
    tell({ 0: words }, subject, { declared }) {
      const [, kind, owner] = /^(service|container):(.+)$/.exec(declared?.network_mode ?? '') ?? []
      if (owner === undefined && words.startsWith('No such')) return undefined
      return {
        message: `${didNotStart(subject)}: it borrows the network of ${owner === undefined ? 'another container' : `"${owner}"`}, which does not run or was replaced`,
        hint:
          kind === 'service'
            ? `bring "${owner}" up, then "gantry up ${subject.service}"`
            : 'start that container, or name a service of this file: network_mode: service:NAME',
        ...(kind === 'service' && {
          fix: `depends_on:\n  ${owner}:\n    condition: service_started\n    restart: true`,
        }),
        attribute: ['network_mode'],
      }
    },
  }),
  refused({
    code: 'network-pool-exhausted',
    cause: 'The engine has no address range left for another network.',
    evidence: 'The engine says "all predefined address pools have been fully subnetted".',
    fix: 'Remove networks that nothing uses (docker network prune), or declare a small subnet.',
    doing: ['network'],
    says: /all predefined address pools have been fully subnetted|could not find an available, non-overlapping IPv4 address pool/,
    tell(_, { name }, { scene }) {
      const bridges = scene.networks.filter(n => n.driver === 'bridge')
      const used = new Set(scene.neighbours.flatMap(c => c.networks.map(n => n.id)))
      const idle = bridges.filter(n => !used.has(n.id) && n.name !== 'bridge')
      return {
        message: `the engine has no address range left for network "${name}"${
          bridges.length === 0
            ? ''
            : `: it has ${bridges.length} networks${idle.length === 0 ? '' : `, and no container uses ${idle.length} of them`}`
        }`,
        evidence: idle.length === 0 ? [] : [{ field: 'unused', value: some(idle.map(n => n.name)) }],
        hint: 'remove networks that nothing uses ("docker network prune"), or declare a small subnet',
        ...subnetToWrite(name, scene),
      }
    },
  }),
  refused({
    code: 'subnet-overlap',
    cause: 'The declared subnet overlaps with that of another network.',
    evidence: 'The engine says "Pool overlaps with other one on this address space".',
    fix: 'Declare another subnet.',
    doing: ['network'],
    says: /Pool overlaps with other one on this address space/i,
    tell(_, { name }, { scene }) {
      const [, own] = declaredNetwork(name, scene) ?? []
      const wanted = (own?.ipam?.config ?? []).flatMap(({ subnet }) => subnet ?? [])
      const there = scene.networks.flatMap(network =>
        subnetsOf(network).flatMap(subnet => (wanted.some(one => overlap(one, subnet)) ? [{ network, subnet }] : [])),
      )
      const [first] = there
      const project = first?.network.labels[LABEL.project]
      return {
        message: `the subnet ${wanted.join(', ')} of network "${name}" overlaps with that of ${
          first
            ? `network "${first.network.name}"${project === undefined ? '' : ` of project "${project}"`}: ${first.subnet}`
            : 'another network of the engine'
        }`,
        evidence: there.map(({ network, subnet }) => ({ field: `IPAM of ${network.name}`, value: subnet })),
        hint: 'declare a subnet that nobody has, or none: the engine then chooses one',
        ...subnetToWrite(name, scene),
      }
    },
  }),
  {
    code: 'subnet-shadows-route',
    cause:
      'The subnet of a network is also one that the engine’s machine reaches in another way: an office, a VPN. It is cut off from there.',
    evidence: 'A route of the machine (ip route) through another device has addresses of the network’s subnet.',
    fix: 'Declare another subnet for the network (ipam), then "gantry down" and "gantry up".',
    severity: 'warning',
    find({ service, container }, { scene, ask }) {
      if (container?.state !== 'running') return undefined
      const networks = scene.networks.filter(network => container.networks.some(n => n.id === network.id))
      // The engine itself keeps off routes that there are; a subnet that somebody declares it takes as it is.
      const declared = networks.filter(({ name }) => declaredNetwork(name, scene)?.[1].ipam?.config)
      if (declared.length === 0) return undefined
      const routes = ask({ what: 'routes' })
      const [found] = routes === 'unknown' ? [] : declared.flatMap(network => shadowed(network, scene.networks, routes))
      if (!found) return undefined
      const { network, subnet, route } = found
      return {
        message: `network "${network.name}" of "${service}" has the subnet ${subnet}, which cuts the engine's machine off from ${route.subnet} through ${route.device}`,
        evidence: [{ field: 'route', value: `${route.subnet} dev ${route.device}` }],
        certainty: 'certain',
        hint: 'declare another subnet, or none, then "gantry down" and "gantry up"',
        ...subnetToWrite(network.name, scene),
      }
    },
  },
  refused({
    code: 'static-ip',
    cause:
      'The fixed address cannot be had: it is taken, lies outside of the subnet, or the network has no subnet of its own.',
    evidence:
      'The engine says "Address already in use", "no configured subnet … contain the IP address", or "supported only when connecting to networks with user configured subnets".',
    fix: 'Declare a subnet for the network and a free address within it.',
    says: /(Address already in use)|no configured subnet or ip-range contain the IP address (\S+)|(user specified IP address is supported only)/,
    tell([, inUse, outside], subject, { declared }) {
      const network = Object.entries(declared?.networks ?? {}).find(
        ([, attachment]) => attachment?.ipv4_address ?? attachment?.ipv6_address,
      )
      const address = outside ?? network?.[1]?.ipv4_address ?? 'its fixed address'
      return {
        message: inUse
          ? `${didNotStart(subject)}: the address ${address} is taken`
          : outside
            ? `${didNotStart(subject)}: ${address} lies outside of the network's subnet`
            : `${didNotStart(subject)}: ${address} needs a network with a declared subnet`,
        hint: inUse ? 'choose a free address' : 'declare a subnet for the network, and an address within it',
        attribute: network ? ['networks', network[0]] : ['networks'],
      }
    },
  }),
  refused({
    code: 'external-missing',
    cause: 'A network or volume is declared as external, and the engine does not have it.',
    evidence: 'The engine does not know the name.',
    fix: 'Make it (docker network create NAME, docker volume create NAME), or leave "external: true" out.',
    doing: ['network', 'volume', 'create', 'start'],
    says: /(network|volume) "?([\w.-]+)"? (?:declared as external, but could not be found|not found)/,
    tell([, kind, name = ''], _, { scene }) {
      const known = scene.neighbours.flatMap(c =>
        kind === 'network' ? c.networks.map(n => n.name) : c.mounts.map(m => m.name ?? ''),
      )
      return {
        message: `the external ${kind} "${name}" is not there${nearest(name, new Set(known.filter(n => n !== '')))}`,
        hint: `make it ("docker ${kind} create ${name}"), or leave "external: true" out`,
      }
    },
  }),
  refused({
    code: 'firewall-chains-gone',
    cause: 'A reload of the host’s firewall removed the engine’s rules.',
    evidence: 'The engine says "iptables: No chain/target/match by that name" or "Failed to Setup IP tables".',
    fix: 'Restart the engine, not the project.',
    doing: ['network', 'create', 'start'],
    says: /No chain\/target\/match by that name|Failed to Setup IP tables/,
    tell() {
      return {
        message: 'the firewall of the engine’s host has lost the engine’s rules: somebody reloaded it',
        hint: 'restart the engine; the project is not at fault',
      }
    },
  }),
]

const subnetsOf = ({ ipam }: Pick<NetworkDetail, 'ipam'>) => (ipam?.config ?? []).flatMap(({ subnet }) => subnet ?? [])

/** A network of the file by its name on the engine: as what it is declared, and how. */
const declaredNetwork = (name: string, { project }: Scene) =>
  Object.entries(project?.networks ?? {}).find(([, network]) => network.name === name)

/** Subnets of a network to which the machine has another way than over a bridge of the engine. */
export function shadowed(
  network: Pick<NetworkDetail, 'name' | 'ipam'>,
  all: readonly Pick<NetworkDetail, 'id' | 'driver_opts'>[],
  routes: readonly Route[],
) {
  const bridges = new Set(all.flatMap(n => [`br-${n.id.slice(0, 12)}`, bridgeOf(n) ?? '']))
  return subnetsOf(network).flatMap(subnet =>
    routes
      .filter(({ device, subnet: other }) => !bridges.has(device) && !ofPodman.test(device) && overlap(other, subnet))
      .map(route => ({ network, subnet, route })),
  )
}

/** It does not tell which of its networks has which. */
const ofPodman = /^(?:cni-)?podman\d+$/

const bridgeOf = ({ driver_opts }: Pick<NetworkDetail, 'driver_opts'>) =>
  driver_opts?.['com.docker.network.bridge.name']

/** The lines that give a network a subnet that is free. */
function subnetToWrite(name: string, scene: Scene): { readonly fix: string; readonly path: readonly string[] } {
  const [key = 'default', own] = declaredNetwork(name, scene) ?? []
  return {
    fix: `networks:\n  ${key}:\n    ipam:\n      config:\n        - subnet: ${freeSubnet(scene.networks.flatMap(subnetsOf))}`,
    path: ['networks', key, ...(own?.ipam?.config ? ['ipam', 'config', '0', 'subnet'] : [])],
  }
}

/** The first few of many. */
const some = (names: readonly string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')

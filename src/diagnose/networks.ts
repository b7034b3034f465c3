import type { Diagnosis } from './diagnosis.ts'
import { nearest } from './ports.ts'
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
    says: /(?:cannot join network (?:namespace )?of a non running container|joining network namespace of container): (?:container )?(?:No such container: )?([\w.-]+)?/i,
    tell(_, subject, { declared }) {
      const owner = declared?.network_mode?.replace(/^(?:service|container):/, '') ?? 'another container'
      return {
        message: `${didNotStart(subject)}: it borrows the network of "${owner}", which does not run or was replaced`,
        hint: `bring "${owner}" up, then "gantry up ${subject.service}"`,
        fix: `depends_on:\n  ${owner}:\n    condition: service_started\n    restart: true`,
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
    tell() {
      return {
        message: 'the engine has no address range left for another network',
        hint: 'remove networks that nothing uses ("docker network prune"), or declare a small subnet',
        fix: 'networks:\n  default:\n    ipam:\n      config:\n        - subnet: 10.77.1.0/24',
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
    tell() {
      return {
        message: 'the declared subnet overlaps with that of another network of the engine',
        hint: 'declare a subnet that nobody has',
        fix: 'ipam:\n  config:\n    - subnet: 10.77.2.0/24',
      }
    },
  }),
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

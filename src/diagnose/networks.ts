import type { ContainerDetail } from '../engine/engine.ts'
import { LABEL } from '../model/names.ts'
import type { About, Diagnosis } from './diagnosis.ts'
import { nearest } from './ports.ts'
import type { Subject } from './scene.ts'
import { didNotStart, logged, refused } from './telling.ts'

/** Names that do not resolve, addresses that nobody answers at, networks that cannot be. */
export const networks: readonly Diagnosis[] = [
  logged({
    code: 'localhost-trap',
    cause:
      'The program asks localhost for a service that runs in another container: localhost is the container itself.',
    evidence:
      'The log says that a connection to 127.0.0.1 or localhost was refused; nothing listens there, and another service of the project has that port.',
    fix: 'Write the service’s name in place of localhost: DATABASE_HOST: db.',
    says: /(?:ECONNREFUSED|refused|Errno 111|connect)\D*(?:127\.0\.0\.1|localhost|::1)\D*?(\d{2,5})|(?:127\.0\.0\.1|localhost|::1)\S*?[:)]?(?: port)? ?(\d{2,5})?\D*(?:refused|ECONNREFUSED)/i,
    tell([, after, before], { service, container }, { scene, ask, declared }) {
      if (!container || /^(?:host|container:|service:)/.test(container.spec.network_mode)) return undefined
      const port = Number(after ?? before ?? Number.NaN)
      const sockets = container.state === 'running' ? ask({ what: 'sockets', container: container.id }) : 'unknown'
      if (sockets !== 'unknown' && sockets.listening.some(s => s.port === port)) return undefined
      const sibling = Object.entries(scene.project?.services ?? {}).find(
        ([name, other]) =>
          name !== service &&
          listensOn(
            other,
            port,
            scene.subjects.find(s => s.service === name),
          ),
      )?.[0]
      if (sibling === undefined) return undefined
      const variable = Object.entries(declared?.environment ?? {}).find(([, value]) =>
        /localhost|127\.0\.0\.1/.test(value ?? ''),
      )
      return {
        message: `"${service}" asks localhost, which is "${service}" itself: port ${port} is at "${sibling}"`,
        certainty: 'likely',
        hint: `write "${sibling}" in place of localhost`,
        ...(variable && {
          fix: `environment:\n  ${variable[0]}: ${(variable[1] ?? '').replace(/localhost|127\.0\.0\.1/, sibling)}`,
          attribute: ['environment', variable[0]],
        }),
      }
    },
  }),
  logged({
    code: 'dns-name-unknown',
    cause:
      'The program asks for a name that no container on its networks has: a slip, no network in common, or a container that does not run.',
    evidence: 'The log says "bad address", "Name or service not known", "NXDOMAIN" or "ENOTFOUND" with the name.',
    fix: 'Correct the name, put both services on one network, or let the service wait for the other one (depends_on).',
    says: /bad address '([^'\s]+)'|could not translate host name "([^"]+)"|ENOTFOUND ([\w.-]+)|(?:resolve|lookup|Name or service not known|NXDOMAIN)\W+(?:host\W+)?([\w-][\w.-]*)|host ['"]?([\w-]+)['"]?.*(?:not known|not found|unknown)/i,
    tell([, ...names], subject, about) {
      const name = names.find(n => n !== undefined)
      return name === undefined ? undefined : unknownName(name, subject, about)
    },
  }),
  {
    code: 'bind-loopback-only',
    cause: 'The program listens on 127.0.0.1 inside its container, where nobody else can reach it.',
    evidence: '/proc/net/tcp of the container shows the published port at 127.0.0.1 only.',
    fix: 'Let it listen on 0.0.0.0 (often an environment variable such as HOST).',
    find({ service, container }, { ask }) {
      const targets = publishedTargets(container)
      if (!container || targets.length === 0) return undefined
      const sockets = ask({ what: 'sockets', container: container.id })
      if (sockets === 'unknown') return undefined
      const target = targets.find(port => {
        const at = sockets.listening.filter(s => s.port === port)
        return at.length > 0 && at.every(s => s.address === '127.0.0.1' || s.address === '::1')
      })
      if (target === undefined) return undefined
      return {
        message: `"${service}" listens on 127.0.0.1 inside its container: nobody else can reach its port ${target}`,
        evidence: [{ field: '/proc/net/tcp', value: `127.0.0.1:${target} listens` }],
        certainty: 'certain',
        hint: 'let it listen on 0.0.0.0',
        fix: 'environment:\n  HOST: 0.0.0.0',
        attribute: ['ports'],
      }
    },
  },
  {
    code: 'port-wrong-target',
    cause:
      'A port is published to a port of the container on which nothing listens; the program listens on another one.',
    evidence: '/proc/net/tcp of the container shows a listener on another port than the published one.',
    fix: 'Publish the port on which the program listens: ports: ["8080:3000"].',
    find({ service, container }, { ask, scene, declared }) {
      const targets = publishedTargets(container)
      // A program that has just started may not have come to it.
      if (!container || targets.length === 0 || scene.now - container.startedAt < 5000) return undefined
      const sockets = ask({ what: 'sockets', container: container.id })
      if (sockets === 'unknown') return undefined
      const open = sockets.listening.filter(s => s.address !== '127.0.0.11')
      const missing = targets.find(port => !open.some(s => s.port === port))
      const other = open.find(s => s.address !== '127.0.0.1' && !targets.includes(s.port))
      if (missing === undefined || !other) return undefined
      const index = (declared?.ports ?? []).findIndex(p => p.target === missing)
      const published = declared?.ports?.[index]?.published
      return {
        message: `port ${missing} of "${service}" is published, and the program listens on ${other.port}`,
        evidence: [{ field: '/proc/net/tcp', value: `${other.address}:${other.port} listens` }],
        certainty: 'likely',
        hint: `publish port ${other.port} of the container`,
        fix: `ports:\n  - "${published ? `${published}:` : ''}${other.port}"`,
        attribute: index < 0 ? ['ports'] : ['ports', String(index)],
      }
    },
  },
  {
    code: 'ports-dropped',
    cause:
      'Ports are declared, and the engine publishes none: the service is on internal networks only, or on the host’s.',
    evidence: 'The service declares ports and the running container has none.',
    fix: 'Add a network that is not internal, or leave "ports" out.',
    severity: 'warning',
    find({ service, container }, { declared, scene }) {
      if (container?.state !== 'running' || !declared?.ports?.length || container.ports.some(p => p.published > 0))
        return undefined
      const host = container.spec.network_mode === 'host'
      const inner =
        container.networks.length > 0 &&
        container.networks.every(n => scene.networks.find(o => o.id === n.id)?.internal)
      if (!host && !inner) return undefined
      return {
        message: host
          ? `the ports of "${service}" are not published: it is on the host's network, where it listens itself`
          : `the ports of "${service}" are not published: it is on internal networks only`,
        evidence: [
          { field: 'NetworkSettings.Ports', value: '{}' },
          host ? { field: 'HostConfig.NetworkMode', value: 'host' } : { field: 'Internal', value: 'true' },
        ],
        certainty: 'certain',
        hint: host ? 'leave "ports" out' : 'add a network that is not internal',
        attribute: ['ports'],
      }
    },
  },
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
  logged({
    code: 'dns-upstream-broken',
    cause: 'Names outside cannot be looked up: the server that the engine asks does not answer.',
    evidence:
      'The log says "Temporary failure in name resolution" or "no servers could be reached" on a network that is not internal.',
    fix: 'Name a server (dns: [1.1.1.1]), or mend the resolver of the engine’s host; a VPN may be in the way.',
    says: /Temporary failure in name resolution|no servers could be reached|EAI_AGAIN/i,
    tell(_, { service, container }, { scene }) {
      if (container?.networks.every(n => scene.networks.find(o => o.id === n.id)?.internal)) return undefined
      return {
        message: `"${service}" cannot look up names: the name server of the engine's host does not answer`,
        certainty: 'likely',
        hint: 'name another server, or mend the resolver of the engine’s host',
        fix: 'dns:\n  - 1.1.1.1',
        attribute: ['dns'],
      }
    },
  }),
  {
    code: 'alias-collision',
    cause: 'One name on a network belongs to several containers of different services or projects: answers alternate.',
    evidence: 'Two containers of one network bear the same name or alias.',
    fix: 'Give each an alias of its own (aliases: [shop-db]); leave "hostname" out.',
    severity: 'warning',
    find({ service, container }, { scene }) {
      if (container?.state !== 'running') return undefined
      for (const network of container.networks) {
        const others = scene.neighbours.filter(
          c =>
            c.id !== container.id &&
            c.state === 'running' &&
            (c.labels[LABEL.service] !== service || c.labels[LABEL.project] !== container.labels[LABEL.project]) &&
            c.networks.some(
              n => n.id === network.id && (n.aliases.includes(service) || c.labels[LABEL.service] === service),
            ),
        )
        if (others.length > 0)
          return {
            message: `"${service}" on network "${network.name}" is ${others.length + 1} containers: ${[container.name, ...others.map(c => c.name)].join(' and ')}`,
            evidence: [
              { field: `aliases on ${network.name}`, value: [container, ...others].map(c => c.name).join(', ') },
            ],
            certainty: 'certain',
            hint: 'give each an alias of its own, and ask for that',
            fix: `networks:\n  ${network.name}:\n    aliases: [${scene.project?.name ?? 'my'}-${service}]`,
            attribute: ['networks'],
          }
      }
      return undefined
    },
  },
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
  logged({
    code: 'port-in-use-inside',
    cause:
      'Two programs in one network namespace want the same port: services that share a network, or one that starts twice.',
    evidence: 'The log says EADDRINUSE or "Address already in use".',
    fix: 'Let one of them listen on another port.',
    says: /EADDRINUSE|[Aa]ddress already in use/,
    tell(_, { service }, { declared }) {
      const owner = declared?.network_mode?.startsWith('service:')
        ? declared.network_mode.slice('service:'.length)
        : undefined
      return {
        message: owner
          ? `"${service}" wants a port that "${owner}", whose network it shares, has already`
          : `"${service}" wants a port twice inside its container`,
        certainty: owner ? 'certain' : 'likely',
        hint: 'let one of them listen on another port',
        attribute: [owner ? 'network_mode' : 'command'],
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

/** Container ports that are published, of a container that runs. */
function publishedTargets(container: ContainerDetail | undefined): readonly number[] {
  if (container?.state !== 'running') return []
  return [...new Set(container.ports.filter(p => p.published > 0 && p.protocol === 'tcp').map(p => p.target))]
}

const databasePorts: Readonly<Record<string, number>> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  redis: 6379,
  valkey: 6379,
  mongo: 27017,
  rabbitmq: 5672,
  memcached: 11211,
  elasticsearch: 9200,
}

type Declared = NonNullable<About['declared']>

function listensOn(service: Declared, port: number, subject: Subject | undefined): boolean {
  const image = /([^/:@]+)(?:[:@].*)?$/.exec(service.image ?? '')?.[1] ?? ''
  return (
    (service.ports ?? []).some(p => p.target === port) ||
    (service.expose ?? []).some(p => p.startsWith(String(port))) ||
    (subject?.image?.exposed ?? []).includes(`${port}/tcp`) ||
    databasePorts[image] === port
  )
}

function unknownName(
  name: string,
  subject: Subject,
  { scene, declared }: About,
): ReturnType<Parameters<typeof logged>[0]['tell']> {
  const { service, container } = subject
  const services = scene.project?.services ?? {}
  const other = services[name]
  if (container?.spec.network_mode === 'bridge')
    return {
      message: `"${service}" asks for "${name}" on the engine's default network, where there are no names`,
      hint: 'leave "network_mode: bridge" out',
      attribute: ['network_mode'],
    }
  if (!other) {
    const off = scene.project?.disabled[name]
    if (off)
      return {
        message: `"${service}" asks for "${name}", which no active profile turns on`,
        hint: `give --profile ${off.profiles?.[0] ?? ''}`,
      }
    const near = nearest(name, Object.keys(services))
    if (near === '' || name.includes('.')) return undefined
    return {
      message: `"${service}" asks for "${name}", and no service has that name${near}`,
      certainty: 'likely',
      hint: 'correct the name where the program takes it from',
      attribute: ['environment'],
    }
  }
  const mine = new Set(Object.keys(declared?.networks ?? {}))
  const shared = Object.keys(other.networks ?? {}).some(network => mine.has(network))
  if (!shared)
    return {
      message: `"${service}" and "${name}" share no network`,
      hint: `put both on one network`,
      fix: `networks:\n${Object.keys(other.networks ?? {})
        .map(n => `  ${n}:`)
        .join('\n')}`,
      attribute: ['networks'],
    }
  const target = scene.subjects.find(s => s.service === name)?.container
  if (target?.state === 'running' && target.startedAt < (container?.startedAt ?? 0)) return undefined
  return {
    message: `"${service}" asked for "${name}" when that one did not run: a stopped container has no name`,
    certainty: 'likely',
    hint: 'let it wait',
    fix: `depends_on:\n  - ${name}`,
    attribute: ['depends_on'],
  }
}

import { LABEL } from '../model/names.ts'
import type { About, Diagnosis } from './diagnosis.ts'
import { nearest } from './ports.ts'
import type { Subject } from './scene.ts'
import { logged } from './telling.ts'

/** Names that do not resolve, or that stand for something else than was meant. */
export const names: readonly Diagnosis[] = [
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
    evidence:
      'The log says "bad address", "Name or service not known", "NXDOMAIN", "ENOTFOUND" or "host not found" with the name.',
    fix: 'Correct the name, put both services on one network, or let the service wait for the other one (depends_on).',
    says: /host not found in upstream "([\w.-]+)|bad address '([^'\s]+)'|could not translate host name "([^"]+)"|ENOTFOUND ([\w.-]+)|(?:resolve|lookup|Name or service not known|NXDOMAIN)\W+(?:host\W+)?([\w-][\w.-]*)|host ['"]?([\w-]+)['"]?.*(?:not known|not found|unknown)/i,
    tell([, ...names], subject, about) {
      const name = names.find(n => n !== undefined)
      return name === undefined ? undefined : unknownName(name, subject, about)
    },
  }),
  logged({
    code: 'dns-upstream-broken',
    cause: 'Names outside cannot be looked up: the server that the engine asks does not answer.',
    evidence:
      'The log says "Temporary failure in name resolution" or "no servers could be reached" on a network that is not internal.',
    fix: 'Name a server (dns: [1.1.1.1]), or mend the resolver of the engine’s host; a VPN may be in the way.',
    says: /Temporary failure in name resolution|no servers could be reached|SERVFAIL|EAI_AGAIN/i,
    tell({ input }, { service, container }, { scene, declared, ask }) {
      if (container?.networks.every(n => scene.networks.find(o => o.id === n.id)?.internal)) return undefined
      // Of a service that does not run the engine's server knows nothing, and asks outside as well.
      const known = Object.keys(scene.project?.services ?? {})
      if (known.some(name => new RegExp(`(?:EAI_AGAIN|host name|host) "?${name}\\b`).test(input))) return undefined
      const servers = declared?.dns ?? []
      const file = container ? ask({ what: 'file', container: container.id, path: '/etc/resolv.conf' }) : 'unknown'
      const asked = file === 'unknown' ? undefined : /^# ExtServers: .*$/m.exec(file.head)?.[0]
      return {
        message:
          servers.length > 0
            ? `"${service}" cannot look up names: the name server that it was given, ${servers.join(', ')}, does not answer`
            : `"${service}" cannot look up names: the name server of the engine's host does not answer`,
        evidence: asked === undefined ? [] : [{ field: '/etc/resolv.conf', value: asked }],
        certainty: 'likely',
        hint:
          servers.length > 0
            ? 'name another server, or leave "dns" out'
            : 'name another server, or mend the resolver of the engine’s host; a VPN may be in the way',
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
]

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

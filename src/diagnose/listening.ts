import type { ContainerDetail } from '../engine/engine.ts'
import type { Diagnosis } from './diagnosis.ts'
import { logged } from './telling.ts'

/** Ports of a container that nobody reaches, or that two programs want. */
export const listening: readonly Diagnosis[] = [
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
]

/** Container ports that are published, of a container that runs. */
function publishedTargets(container: ContainerDetail | undefined): readonly number[] {
  if (container?.state !== 'running') return []
  return [...new Set(container.ports.filter(p => p.published > 0 && p.protocol === 'tcp').map(p => p.target))]
}

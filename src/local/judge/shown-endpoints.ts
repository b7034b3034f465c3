import type { ContainerDetail } from '../../engine/engine.ts'
import type { DesiredService } from '../desired.ts'

/** What a live container has on a network, as services declare it: `networks.front.aliases`; undefined where it has nothing there. */
export function liveEndpoint(path: string, service: DesiredService, detail: ContainerDetail): string | undefined {
  const [, key = '', what] = /^networks\.([^.]+)\.(aliases|ipv4_address|ipv6_address)$/.exec(path) ?? []
  const live = detail.networks.find(n => n.name === service.networkName(key))
  switch (what) {
    case 'aliases': {
      // Names that nobody declares: ours, docker compose's, and the engine's own.
      const given = [service.name, detail.name, detail.id.slice(0, 12), detail.id]
      return live?.aliases.filter(alias => !given.includes(alias)).join(' ') || undefined
    }
    case 'ipv4_address':
      return live?.ipv4_address
    case 'ipv6_address':
      return live?.ipv6_address
    default:
      return undefined
  }
}

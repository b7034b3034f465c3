import { withoutLines } from './lines.ts'
import { anyAddress, publishedBy, usuallyInside } from './ports.ts'
import type { Rule } from './rule.ts'
import { entry, partOf, writtenAt } from './written.ts'

/** Names, networks, and who reaches what. */
export const networks: readonly Rule[] = [
  {
    code: 'port-public',
    pack: 'security',
    severity: 'hint',
    why: 'Without an address the port is open on every address of the machine, past most firewalls of hosts.',
    bad: 'services:\n  web: {image: app, ports: ["8080:80"]}\n',
    good: 'services:\n  web: {image: app, ports: ["127.0.0.1:8080:80"]}\n',
    except: 'ports 80 and 443, which are there to be reached',
    // Never mended: what is reached from outside on purpose would not be any more.
    *remarks({ services, at }) {
      for (const { name, service, port, index } of publishedBy(services)) {
        if (!anyAddress(port) || /^(?:80|443)$/.test(port.published ?? '') || service.profiles?.length) continue
        if (usuallyInside(port)) continue
        const place = at('services', name, 'ports', String(index))
        yield {
          at: place,
          message: `port ${port.target} of "${name}" is open to everyone who can reach this machine`,
          hint: 'publish it on 127.0.0.1 where only this machine needs it',
        }
      }
    },
  },
  {
    code: 'container-name-fixed',
    pack: 'style',
    severity: 'hint',
    why: 'There is one such name on an engine: no second replica, and no second checkout of the project.',
    bad: 'services:\n  db:\n    image: app\n    container_name: db\n',
    good: 'services:\n  db:\n    image: app\n',
    except: 'tools outside ask for the name',
    fixes: true,
    *remarks({ written }) {
      for (const { name, node } of written) {
        const found = entry(node, 'container_name')
        if (found)
          yield {
            at: found.key,
            message: `"${name}" can be there once on an engine, whatever the project`,
            hint: 'remove it; other services find it by the name of the service',
            ...withoutLines(found.key, found.node.at),
          }
      }
    },
  },
  {
    code: 'hostname-is-service',
    pack: 'style',
    severity: 'warning',
    why: 'The name of another service then stands for both containers.',
    bad: 'services:\n  web:\n    image: app\n    hostname: db\n  db: {image: app}\n',
    good: 'services:\n  web:\n    image: app\n  db: {image: app}\n',
    except: 'the service of that name',
    fixes: true,
    *remarks({ services, at, written }) {
      const names = new Set(services.map(({ name }) => name))
      for (const { name, service } of services) {
        if (service.hostname === undefined || service.hostname === name || !names.has(service.hostname)) continue
        const found = written.flatMap(one => (one.name === name ? (entry(one.node, 'hostname') ?? []) : []))
        yield {
          at: at('services', name, 'hostname'),
          message: `"${service.hostname}" is another service, and its name would stand for both`,
          hint: 'remove it',
          ...(found.length === 1 && withoutLines(found[0]!.key, found[0]!.node.at)),
        }
      }
    },
  },
  {
    code: 'shared-network-alias',
    pack: 'prod',
    severity: 'warning',
    why: 'In a network that projects share, two services of one name answer in turn.',
    bad: 'services:\n  db: {image: app, networks: [shared]}\nnetworks: {shared: {external: true}}\n',
    good: 'services:\n  db: {image: app, networks: {shared: {aliases: [shop-db]}}}\nnetworks: {shared: {external: true}}\n',
    *remarks({ services, at, project }) {
      const common =
        /^(?:db|database|web|api|app|backend|frontend|redis|cache|postgres|mysql|mongo|proxy|nginx|server)$/
      for (const { name, service } of services)
        for (const [network, attachment] of Object.entries(service.networks ?? {})) {
          if (!common.test(name) || !project.networks[network]?.external || attachment?.aliases?.length) continue
          yield {
            at: at('services', name, 'networks', network),
            message: `"${name}" is a name that other projects of "${network}" may have as well`,
            hint: `give it a name of its own there: aliases: [${project.name}-${name}]`,
          }
        }
    },
  },
  {
    code: 'host-network',
    pack: 'security',
    severity: 'warning',
    why: 'The container is not apart from the machine’s network, and its ports are not the file’s.',
    bad: 'services:\n  web: {image: app, network_mode: host}\n',
    good: 'services:\n  web: {image: app, ports: ["80:80"]}\n',
    except: 'programs that need it: DHCP, mDNS, VPN',
    *remarks({ services, at }) {
      for (const { name, service } of services)
        if (
          service.network_mode === 'host' &&
          !/dhcp|mdns|avahi|vpn|wireguard|tailscale|homeassistant|home-assistant/i.test(service.image ?? '')
        )
          yield {
            at: at('services', name, 'network_mode'),
            message: `"${name}" has this machine’s network as its own`,
            hint: 'publish the ports that it needs',
          }
    },
  },
  {
    code: 'default-bridge',
    pack: 'prod',
    severity: 'warning',
    why: 'In the engine’s default network no container is found by its name.',
    bad: 'services:\n  web: {image: app, network_mode: bridge}\n',
    good: 'services:\n  web: {image: app}\n',
    *remarks({ services, at }) {
      for (const { name, service } of services)
        if (service.network_mode === 'bridge')
          yield {
            at: at('services', name, 'network_mode'),
            message: `"${name}" is in a network without names: it finds no service, and none finds it`,
            hint: 'remove it',
          }
    },
  },
  {
    code: 'subnet-wide',
    pack: 'prod',
    severity: 'hint',
    why: 'A network as wide as that takes the way to real ones, of a VPN for one, without an error.',
    bad: 'services:\n  web: {image: app, networks: [n]}\nnetworks: {n: {ipam: {config: [{subnet: 172.16.0.0/12}]}}}\n',
    good: 'services:\n  web: {image: app, networks: [n]}\nnetworks: {n: {ipam: {config: [{subnet: 172.30.5.0/24}]}}}\n',
    *remarks({ project, at }) {
      for (const [name, { ipam }] of Object.entries(project.networks))
        for (const [i, { subnet = '' }] of (ipam?.config ?? []).entries()) {
          const [, bits] = /^\d+\.\d+\.\d+\.\d+\/(\d+)$/.exec(subnet) ?? []
          if (bits === undefined || Number(bits) >= 16) continue
          const place = at('networks', name, 'ipam', 'config', String(i), 'subnet')
          yield {
            at: place && writtenAt(place).includes(subnet) ? partOf(place, subnet) : place,
            message: `${subnet} is ${2 ** (32 - Number(bits))} addresses, and the way to all of them`,
            hint: 'take a /24',
          }
        }
    },
  },
]

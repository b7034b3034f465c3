import type { Port, Service } from '../model/project.ts'
import type { Span } from '../text/source.ts'
import { knownImage } from './known-images.ts'
import type { Remark, Rule } from './rule.ts'
import type { Declared, Scope } from './scope.ts'
import { isForTests } from './testing.ts'
import { partOf, writtenAt } from './written.ts'

/** Programs that nobody should reach from outside, and where they listen by default. */
const internalPorts: ReadonlyMap<number, string> = new Map([
  [5432, 'PostgreSQL'],
  [3306, 'MySQL'],
  [6379, 'Redis'],
  [27017, 'MongoDB'],
  [9200, 'Elasticsearch'],
  [11211, 'memcached'],
  [2375, 'the Docker engine'],
])

/** Published ports, networks and the names that are found in them. */
export const ports: readonly Rule[] = [
  {
    code: 'db-port-public',
    pack: 'security',
    star: true,
    severity: 'warning',
    why: 'Without an address the port is open on every address of the machine, past most firewalls of hosts.',
    bad: 'services:\n  db: {image: "postgres:16", ports: ["5432:5432"], volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n',
    good: 'services:\n  db: {image: "postgres:16", ports: ["127.0.0.1:5432:5432"], volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n',
    except: 'an address is given; a service that only a profile turns on, or that is there for tests',
    fixes: true,
    *remarks({ services, at }) {
      for (const { name, service, port, index } of publishedBy(services)) {
        const program = internalPorts.get(port.target)
        if (program === undefined || service.profiles?.length || !anyAddress(port)) continue
        const place = at('services', name, 'ports', String(index))
        if (isForTests(name, service, place)) continue
        yield {
          at: place,
          message: `port ${port.target} of "${name}" (${program}) is open to everyone who can reach this machine`,
          hint: 'publish it on 127.0.0.1, or not at all: other services reach it anyway',
          ...addressEdit(place, port),
        }
      }
    },
  },
  {
    code: 'dead-ports',
    pack: 'prod',
    star: true,
    severity: 'warning',
    why: 'The ports are dropped: nothing is published, mostly without a message.',
    bad: 'services:\n  web: {image: app, network_mode: host, ports: ["80:80"]}\n',
    good: 'services:\n  web: {image: app, ports: ["80:80"]}\n',
    except: 'one more network that is not internal',
    *remarks({ services, project, at }) {
      for (const { name, service } of services) {
        if (!service.ports?.length) continue
        const attached = Object.keys(service.networks ?? {})
        const mode = service.network_mode
        const shut = attached.length > 0 && attached.every(network => project.networks[network]?.internal)
        const why =
          mode === 'host' || mode === 'none'
            ? `"network_mode: ${mode}" has no ports to publish`
            : shut
              ? `its ${attached.length === 1 ? 'network is' : 'networks are'} internal`
              : undefined
        if (why !== undefined)
          yield {
            at: at('services', name, 'ports'),
            message: `the ports of "${name}" are not published: ${why}`,
            hint:
              mode === 'host'
                ? 'remove "ports": with the host’s network every port is open as it is'
                : 'remove "ports", or attach a network that is not internal',
          }
      }
    },
  },
  {
    code: 'fixed-port-replicas',
    pack: 'prod',
    star: true,
    severity: 'error',
    why: 'Only one container can have a port of the machine: the second replica cannot start.',
    bad: 'services:\n  web: {image: app, ports: ["80:80"], deploy: {replicas: 2}}\n',
    good: 'services:\n  web: {image: app, ports: ["8080-8081:80"], deploy: {replicas: 2}}\n',
    except: 'a range with room for all, or no port of the machine',
    *remarks({ services, at }) {
      for (const { name, service, port, index } of publishedBy(services)) {
        const replicas = replicasOf(service)
        const range = rangeOf(port)
        if (replicas < 2 || !range || port.mode === 'host' || range[1] - range[0] + 1 >= replicas) continue
        yield {
          at: at('services', name, 'ports', String(index)),
          message: `"${name}" has ${replicas} replicas, and ${range[0] === range[1] ? `only one can have port ${range[0]}` : `ports ${range[0]}-${range[1]} are too few`}`,
          hint: `give a range such as "${range[0]}-${range[0] + replicas - 1}:${port.target}", or publish no port and put a proxy before them`,
        }
      }
    },
  },
  {
    code: 'duplicate-host-port',
    pack: 'prod',
    star: true,
    severity: 'error',
    why: 'Only one container can have a port of the machine: whichever starts second fails.',
    bad: 'services:\n  a: {image: app, ports: ["8080:80"]}\n  b: {image: app, ports: ["8080:3000"]}\n',
    good: 'services:\n  a: {image: app, ports: ["8080:80"]}\n  b: {image: app, ports: ["8081:3000"]}\n',
    except: 'other addresses or protocols, or services that no profile turns on together',
    *remarks({ services, at }) {
      const before = new Map<string, Published[]>()
      const told = new Set<string>()
      // A service that is scaled to nothing takes no port.
      for (const one of publishedBy(services.filter(({ service }) => replicasOf(service) > 0))) {
        const range = rangeOf(one.port)
        if (!range || range[0] !== range[1]) continue
        const key = `${range[0]}/${one.port.protocol ?? 'tcp'}`
        const others = before.get(key) ?? []
        const other = others.find(candidate => collide(candidate, one))
        before.set(key, [...others, one])
        const place = at('services', one.name, 'ports', String(one.index))
        // Each port of a range would say the same.
        const pair = `${place?.start} ${other?.name} ${one.name}`
        if (!other || told.has(pair)) continue
        told.add(pair)
        const note = at('services', other.name, 'ports', String(other.index))
        yield {
          at: place,
          message: `port ${range[0]} is published by "${other.name}" already`,
          hint: 'publish another one',
          ...(note && { notes: [{ message: `"${other.name}" publishes it here`, at: note }] }),
        }
      }
    },
  },
  {
    code: 'localhost-to-sibling',
    pack: 'prod',
    star: true,
    severity: 'warning',
    why: 'Inside a container localhost is the container itself, not the machine and not another service.',
    bad: 'services:\n  web:\n    image: app\n    environment: {DB_URL: "postgres://localhost:5432/x"}\n  db: {image: "postgres:16", volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n',
    good: 'services:\n  web:\n    image: app\n    environment: {DB_URL: "postgres://db:5432/x"}\n  db: {image: "postgres:16", volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n',
    except: 'both share a network namespace; addresses that browsers are told',
    remarks: localhosts,
  },
]

const forBrowsers =
  /PUBLIC|BROWSER|FRONTEND|CLIENT|CORS|ORIGIN|ALLOWED|EXTERNAL|REDIRECT|CALLBACK|SITE|HOMEPAGE|ADVERTISED|ROOT_URL|BASE_URL|APP_URL/i

function* localhosts({ services, at }: Scope): Generator<Remark> {
  const listening = services.map(({ name, service }) => ({ name, on: listensOn(service) }))
  const published = new Set(
    publishedBy(services).flatMap(({ port }) => {
      const range = rangeOf(port)
      return range ? [range[0]] : []
    }),
  )
  for (const { name, service } of services) {
    if (service.network_mode !== undefined && service.network_mode !== 'bridge') continue
    const own = listensOn(service)
    for (const [key, value] of Object.entries(service.environment ?? {})) {
      if (!value || forBrowsers.test(key)) continue
      for (const match of value.matchAll(
        /(?:([a-z][a-z0-9+.-]*):\/\/(?:[^\s/@]*@)?)?\b(localhost|127\.0\.0\.1):(\d+)/gi,
      )) {
        const port = Number(match[3])
        if (own.has(port) || (/^https?$/i.test(match[1] ?? '') && published.has(port))) continue
        const siblings = listening.filter(other => other.name !== name && other.on.has(port))
        const [sibling] = siblings
        if (!sibling) continue
        const which =
          siblings.length === 1 ? `"${sibling.name}"` : siblings.map(other => `"${other.name}"`).join(' or ')
        yield {
          at: partOf(at('services', name, 'environment', key), `${match[2]}:${port}`),
          message: `${match[2]}:${port} is "${name}" itself, and nothing listens there; ${which} does`,
          hint: `write ${sibling.name}:${port}`,
        }
      }
    }
  }
}

/** Ports that a service says or is known to listen on. */
function listensOn({ ports: published = [], expose = [], image }: Service): ReadonlySet<number> {
  const exposed = expose.map(text => Number(/^\d+/.exec(text)?.[0]))
  return new Set([...published.map(({ target }) => target), ...exposed, ...(knownImage(image)?.ports ?? [])])
}

interface Published extends Declared {
  readonly port: Port
  readonly index: number
}

export function publishedBy(services: readonly Declared[]): readonly Published[] {
  return services.flatMap(({ name, service }) =>
    service.network_mode === 'host' || service.network_mode === 'none'
      ? []
      : (service.ports ?? []).map((port, index) => ({ name, service, port, index })),
  )
}

/** The ports of the machine; undefined where the engine chooses. */
function rangeOf({ published }: Port): readonly [number, number] | undefined {
  const [low, high = low] = (published ?? '').split('-').map(Number)
  return low && high ? [low, high] : undefined
}

export const usuallyInside = ({ target }: Port): boolean => internalPorts.has(target)

/** Whether a port is open on every address. */
export const anyAddress = ({ host_ip }: Port): boolean =>
  host_ip === undefined || ['', '0.0.0.0', '::', '[::]'].includes(host_ip)

function collide(a: Published, b: Published): boolean {
  const families = (port: Port) => (port.host_ip === undefined || port.host_ip === '' ? 'any' : port.host_ip)
  const [one, other] = [families(a.port), families(b.port)]
  const isSix = (address: string) => address.includes(':')
  const wild = (address: string) => address === '0.0.0.0' || address === '::'
  const same =
    one === other || one === 'any' || other === 'any' || (isSix(one) === isSix(other) && (wild(one) || wild(other)))
  // The same line read as a range, or one service's own mistake, which the loader tells.
  return same && (a.name === b.name ? a.port.target !== b.port.target : together(a.service, b.service))
}

/** Whether some set of profiles turns both on, other than "all". */
export function together(a: Service, b: Service): boolean {
  const [one, other] = [a.profiles ?? [], b.profiles ?? []]
  return one.length === 0 || other.length === 0 || one.some(profile => other.includes(profile))
}

/** `127.0.0.1:` before a short form that has no address. */
function addressEdit(at: Span | undefined, { published }: Port): Pick<Remark, 'edits'> {
  if (!at || published === undefined) return {}
  const [, quote = '', spec] = /^(["']?)(\d[\d-]*:\d[\d-]*(?:\/\w+)?)\1$/.exec(writtenAt(at)) ?? []
  return spec === undefined ? {} : { edits: [{ at, text: `${quote || '"'}127.0.0.1:${spec}${quote || '"'}` }] }
}

const replicasOf = ({ scale, deploy }: Service): number => scale ?? deploy?.replicas ?? 1

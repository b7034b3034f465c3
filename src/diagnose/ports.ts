import { suggest } from '../base/suggest.ts'
import { LABEL } from '../model/names.ts'
import type { About, Diagnosis } from './diagnosis.ts'
import type { Scene, Subject } from './scene.ts'
import { didNotStart, inRange, portAttribute, refused } from './telling.ts'

// 28.5 goes on with the container's address and port: "bind host port for 0.0.0.0:8080:172.18.0.2:80/tcp".
const taken =
  /(?:Bind for|bind host port(?: for)?|listen (?:tcp|udp|sctp)[46]?) (?:\[[^\]\s]*\]|[\d.]*|::):(\d+)[:/ ].*(?:port is already allocated|address already in use)/

/** What is known of a port that is taken: by which container, if by one, and what is published there. */
function takenPort(port: string, subject: Subject, { scene, declared }: About) {
  const number = Number(port)
  const attribute = portAttribute(declared, number)
  const own = attribute[1] === undefined ? undefined : declared?.ports?.[Number(attribute[1])]
  const holder = holderOf(number, subject.name, scene)
  const ofProject = holder !== undefined && holder.project === scene.project?.name
  const isTwin = ofProject && holder.service === subject.service
  const lines = (published: string) =>
    `ports:\n  - "${own?.host_ip ? `${own.host_ip}:` : ''}${published}:${own?.target ?? 80}${own?.protocol === 'udp' ? '/udp' : ''}"`
  const many = declared?.scale ?? declared?.deploy?.replicas ?? 2
  return {
    holder,
    ofProject,
    isTwin,
    attribute,
    range: lines(`${port}-${number + Math.max(many, 2) - 1}`),
    another: lines(String(freePort(number, scene))),
  }
}

/** The next port that neither a container nor this project publishes. What else listens there only the host knows. */
function freePort(port: number, { neighbours, project }: Scene): number {
  const taken = new Set(neighbours.flatMap(c => c.ports.map(p => p.published)))
  const declared = Object.values(project?.services ?? {}).flatMap(service => service.ports ?? [])
  for (let next = port + 1; next < 65_536; next++)
    if (!taken.has(next) && !declared.some(({ published }) => inRange(published, next))) return next
  return port + 1
}

/** Why a port could not be published. */
export const ports: readonly Diagnosis[] = [
  refused({
    code: 'port-fixed-scaled',
    cause: 'Several containers of one service are to publish the same port of the host: only the first can.',
    evidence: 'The engine says that the port is taken, and it is by another container of the same service.',
    fix: 'Publish a range ("8080-8081:80"), or let the engine choose (ports: ["80"]).',
    says: taken,
    tell([, port = ''], subject, about) {
      const { holder, isTwin, attribute, range } = takenPort(port, subject, about)
      if (!holder || !isTwin) return undefined
      return {
        message: `${didNotStart(subject)}: port ${port} is held by another container of the same service, "${holder.name}"`,
        evidence: [{ field: 'published by', value: holder.name }],
        hint: 'publish a range of ports, or let the engine choose one',
        fix: range,
        attribute,
      }
    },
  }),
  refused({
    code: 'port-taken',
    cause: 'Another container publishes this port of the host.',
    evidence: 'The engine says "port is already allocated", and the list of containers tells which one has it.',
    fix: 'Publish another port, or stop the container that holds it.',
    says: taken,
    tell([, port = ''], subject, about) {
      const { holder, ofProject, isTwin, attribute, another } = takenPort(port, subject, about)
      if (!holder || isTwin) return undefined
      const whose = ofProject
        ? `service "${holder.service}" of this project`
        : `container "${holder.name}"${holder.project ? ` of project "${holder.project}"` : ''}`
      return {
        message: `${didNotStart(subject)}: port ${port} is held by ${whose}`,
        evidence: [{ field: 'published by', value: holder.name }],
        hint: 'publish another port, or stop that container',
        fix: another,
        attribute,
      }
    },
  }),
  refused({
    code: 'port-taken-by-process',
    cause: 'A program of the engine’s host listens on the port that is to be published; no container has it.',
    evidence: 'The engine says "address already in use" or "port is already allocated", and no container publishes it.',
    fix: 'Publish another port, or stop that program (on the host: ss -ltnp).',
    says: taken,
    tell([, port = ''], subject, about) {
      const { holder, attribute, another } = takenPort(port, subject, about)
      if (holder) return undefined
      return {
        message: `${didNotStart(subject)}: port ${port} is taken by a program of the engine's host, not by a container`,
        certainty: 'likely',
        hint: `publish another port, or stop what listens there ("ss -ltnp 'sport = :${port}'" on the host tells)`,
        fix: another,
        attribute,
      }
    },
  }),
  refused({
    code: 'port-address-missing',
    cause: 'The port is to be published at an address that the engine’s host does not have.',
    evidence: 'The engine says "cannot assign requested address".',
    fix: 'Leave the address out, or write 127.0.0.1.',
    says: /(?:bind host port(?: for)?|listen (?:tcp|udp|sctp)[46]?) ([^:\s]+|\[[^\]]+\]):(\d+).*cannot assign requested address/,
    tell([, address, port], subject, { declared }) {
      return {
        message: `${didNotStart(subject)}: the engine's host has no address ${address}, at which port ${port} is to be published`,
        hint: 'leave the address out, or write 127.0.0.1',
        attribute: portAttribute(declared, Number(port)),
      }
    },
  }),
  refused({
    code: 'netns-ports-refused',
    cause: 'A service that borrows another one’s network cannot publish ports of its own.',
    evidence: 'The engine says "conflicting options: port publishing and the container type network mode".',
    fix: 'Move "ports" to the service that owns the network.',
    says: /conflicting options: port publishing and the container type network mode/,
    tell(_, subject, { declared }) {
      const owner = declared?.network_mode?.replace(/^(?:service|container):/, '')
      return {
        message: `${didNotStart(subject)}: it borrows the network of "${owner ?? 'another container'}" and cannot publish ports itself`,
        hint: `move "ports" to "${owner ?? 'the owner of the network'}"`,
        attribute: ['ports'],
      }
    },
  }),
  refused({
    code: 'name-conflict',
    cause: 'Another container of the engine has the name that this one is to have.',
    evidence: 'The engine answers 409: "The container name … is already in use".',
    fix: 'Leave "container_name" out, or remove the other container.',
    says: /container name "\/?([^"]+)" is already in use by container "?([0-9a-f]+)/,
    tell([, name, id = ''], subject, { scene, declared }) {
      const holder = scene.neighbours.find(c => c.id.startsWith(id.slice(0, 12)) || c.name === name)
      const project = holder?.labels[LABEL.project]
      return {
        message: `${didNotStart(subject)}: the name "${name}" is taken by ${project ? `a container of project "${project}"` : 'another container'}`,
        evidence: holder ? [{ field: 'container', value: `${holder.id.slice(0, 12)}, ${holder.status}` }] : [],
        hint: declared?.container_name
          ? 'leave "container_name" out, or remove the other container'
          : 'remove or rename the other container',
        ...(declared?.container_name !== undefined && { attribute: ['container_name'] }),
      }
    },
  }),
]

interface Holder {
  readonly name: string
  readonly service: string | undefined
  readonly project: string | undefined
}

/** The container that publishes a port of the host. */
function holderOf(port: number, except: string, { neighbours }: Scene): Holder | undefined {
  const holder = neighbours.find(c => c.name !== except && c.ports.some(p => p.published === port))
  return holder && { name: holder.name, service: holder.labels[LABEL.service], project: holder.labels[LABEL.project] }
}

/** "did you mean", as a half sentence. */
export function nearest(name: string, known: Iterable<string>): string {
  const near = suggest(name, [...known])
  return near === undefined ? '' : `; did you mean "${near}"?`
}

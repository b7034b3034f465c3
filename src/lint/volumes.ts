import type { Mount, Service } from '../model/project.ts'
import { databaseOf } from './known-images.ts'
import { together } from './ports.ts'
import type { Rule } from './rule.ts'
import { isForTests } from './testing.ts'

/** Where data lies, and for how long. */
export const volumes: readonly Rule[] = [
  {
    code: 'db-without-volume',
    pack: 'prod',
    star: true,
    severity: 'warning',
    why: 'Its data is in a volume without a name: after "down" and "up" there is a new one, and the data seems gone.',
    bad: 'services:\n  db:\n    image: postgres:16\n',
    good: 'services:\n  db:\n    image: postgres:16\n    volumes: ["pgdata:/var/lib/postgresql/data"]\nvolumes:\n  pgdata:\n',
    except:
      'a tmpfs there, which says that the data may go; a service that is there for tests, by its name, profile or file',
    // Never mended: the new volume would be empty, and what is in the one without a name would seem lost.
    *remarks({ services, at }) {
      for (const { name, service } of services) {
        const image = databaseOf(service)
        const kept = dataOf(service)
        if (
          !image ||
          kept === undefined ||
          service.volumes_from?.length ||
          isForTests(name, service, at('services', name))
        )
          continue
        if (service.tmpfs?.some(path => covers(path.split(':')[0]!, kept))) continue
        if (service.volumes?.some(mount => covers(mount.target, kept) && !isAnonymous(mount))) continue
        yield {
          at: at('services', name, 'image') ?? at('services', name),
          message: `"${name}" keeps its data in ${kept}, where no volume with a name is`,
          hint: `give it one: volumes: ["${name.toLowerCase()}-data:${kept}"]; what is there now has to be copied into it`,
        }
      }
    },
  },
  {
    code: 'db-volume-shared',
    pack: 'prod',
    star: true,
    severity: 'error',
    why: 'Two database servers on one directory both start, since no lock is seen across containers, and destroy the data.',
    bad: 'services:\n  a: {image: "postgres:16", volumes: ["pg:/var/lib/postgresql/data"]}\n  b: {image: "postgres:16", volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n',
    good: 'services:\n  a: {image: "postgres:16", volumes: ["pg-a:/var/lib/postgresql/data"]}\n  b: {image: "postgres:16", volumes: ["pg-b:/var/lib/postgresql/data"]}\nvolumes: {pg-a: , pg-b: }\n',
    except: 'a mount that is read-only, a client of the same image such as pg_dump',
    *remarks({ services, at }) {
      const before = new Map<string, { readonly name: string; readonly service: Service; readonly index: number }[]>()
      for (const { name, service } of services) {
        const kept = databaseOf(service) ? dataOf(service) : undefined
        const index = (service.volumes ?? []).findIndex(
          mount => kept !== undefined && covers(mount.target, kept) && !mount.read_only && mount.source !== undefined,
        )
        const mount = service.volumes?.[index]
        if (!mount) continue
        const place = at('services', name, 'volumes', String(index))
        const replicas = service.scale ?? service.deploy?.replicas ?? 1
        if (replicas > 1)
          yield {
            at: place,
            message: `${replicas} replicas of "${name}" write to the same data directory`,
            hint: 'run one, or give each a service and a volume of its own',
          }
        const key = `${mount.type} ${mount.source} ${mount.volume?.subpath ?? ''}`
        const others = before.get(key) ?? []
        const other = others.find(candidate => together(candidate.service, service))
        before.set(key, [...others, { name, service, index }])
        if (!other) continue
        const note = at('services', other.name, 'volumes', String(other.index))
        yield {
          at: place,
          message: `"${name}" and "${other.name}" are database servers that write to the same data directory`,
          hint: 'give each a volume of its own',
          ...(note && { notes: [{ message: `"${other.name}" has it here`, at: note }] }),
        }
      }
    },
  },
]

/** Where a database of this image and these variables has its data. */
function dataOf(service: Service): string | undefined {
  const image = databaseOf(service)
  const moved = image?.dataVariable === undefined ? undefined : service.environment?.[image.dataVariable]
  return moved || image?.data
}

/** A mount at a directory, above it, or in it: PGDATA is often a directory further down. */
function covers(target: string, kept: string): boolean {
  const [one, other] = [target, kept].map(path => `${path.replace(/\/+$/, '')}/`) as [string, string]
  return one !== '/' && (other.startsWith(one) || one.startsWith(other))
}

const isAnonymous = ({ type, source }: Mount) => type === 'volume' && source === undefined

import type { Mount, Service } from '../model/project.ts'
import { databaseOf } from './known-images.ts'
import { together } from './ports.ts'
import type { Edit, Rule } from './rule.ts'
import type { Scope, WrittenService } from './scope.ts'
import { entry, isDict, isScalar } from './written.ts'

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
    except: 'a tmpfs there, which says that the data may go; a service of a profile such as test or ci',
    fixes: true,
    *remarks(scope) {
      for (const { name, service } of scope.services) {
        const image = databaseOf(service)
        const kept = dataOf(service)
        if (!image || kept === undefined || service.volumes_from?.length || isThrownAway(service)) continue
        if (service.tmpfs?.some(path => covers(path.split(':')[0]!, kept))) continue
        if (service.volumes?.some(mount => covers(mount.target, kept) && !isAnonymous(mount))) continue
        const edits = service.volumes ? undefined : volumeEdits(scope, name, kept)
        yield {
          at: scope.at('services', name, 'image') ?? scope.at('services', name),
          message: `"${name}" keeps its data in ${kept}, where no volume with a name is`,
          hint: `give it one: volumes: ["${volumeName(name)}:${kept}"]`,
          ...(edits && { edits }),
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

const isThrownAway = ({ profiles = [] }: Service) => profiles.some(profile => /test|^ci$|e2e/i.test(profile))

const volumeName = (service: string) => `${service.toLowerCase()}-data`

/** A volume for the service, and its declaration: in files that are written in blocks. */
function volumeEdits({ written, documents, project }: Scope, name: string, kept: string): readonly Edit[] | undefined {
  const volume = volumeName(name)
  const own = written.filter(one => one.name === name)
  const [one] = own
  const document = documents.find(({ at }) => one && at.source === one.node.at.source)
  if (!one || !document || !isDict(document) || own.length > 1 || Object.hasOwn(project.volumes, volume))
    return undefined
  const { source } = one.node.at
  const image = entry(one.node, 'image')
  const column = imageColumn(one)
  if (!image || !isScalar(image.node) || column === undefined || image.node.at.source !== source) return undefined
  const below = lineEnd(source.text, image.node.at.end)
  const line = `\n${' '.repeat(column)}volumes: ["${volume}:${kept}"]`
  const declared = document.entries.get('volumes')
  if (declared && (!isDict(declared.node) || /^[[{]/.test(source.text.slice(declared.node.at.start)))) return undefined
  const eof = source.text.trimEnd().length
  const declaration = declared
    ? { at: place(source, lineEnd(source.text, declared.key.end)), text: `\n  ${volume}:` }
    : { at: place(source, Math.max(eof, below)), text: `\nvolumes:\n  ${volume}:` }
  if (declared && isDict(declared.node) && columnOf(source.text, declared.node.at.start) !== 2) return undefined
  return [{ at: place(source, below), text: line }, declaration]
}

/** How far keys of the service are indented; undefined for one in braces. */
function imageColumn({ node }: WrittenService): number | undefined {
  const key = entry(node, 'image')?.key
  if (!key || key.source !== node.at.source) return undefined
  const column = columnOf(key.source.text, key.start)
  const before = key.source.text.slice(key.start - column, key.start)
  return /^ *$/.test(before) ? column : undefined
}

const columnOf = (text: string, offset: number) => offset - (text.lastIndexOf('\n', offset - 1) + 1)

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  const found = end < 0 ? text.length : end
  return text[found - 1] === '\r' ? found - 1 : found
}

const place = (source: Edit['at']['source'], at: number) => ({ source, start: at, end: at })

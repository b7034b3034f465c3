import { createHash } from 'node:crypto'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { decode } from '../../text/encoding.ts'
import type { Dict, Node, Scalar } from '../../text/node.ts'
import { parse } from '../../text/parse.ts'
import type { Report } from '../../text/problem.ts'
import type { Source } from '../../text/source.ts'
import { disk } from '../files.ts'
import { shownPath } from '../shown-path.ts'
import { fill, parseTemplate } from '../variables/template.ts'
import { remoteKind } from './remote.ts'

/** A file as it travels: its text names the others that travel with it by the names that they have there. */
export interface Travelling {
  readonly name: string
  readonly kind: 'compose' | 'extended' | 'env'
  readonly text: string
  /** As it lies here. */
  readonly source: Source
  readonly documents: readonly Node[]
}

export interface BundleOptions {
  /** The compose files, absolute. */
  readonly files: readonly string[]
  readonly directory: string
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  /** Hears what cannot travel. */
  readonly report: Report
}

/**
 * The compose files of a project with those that they extend and their env files, which all get names without directories. What is
 * brought in by `include`, and files of labels, cannot travel: nothing reads them where they would arrive.
 */
export function bundle({ files, directory, cwd, environment, report }: BundleOptions): readonly Travelling[] {
  const found = new Map<string, Travelling>()

  const filled = (text: string) => {
    const nothing = () => {}
    return fill(parseTemplate(text), { lookup: name => environment[name], unset: nothing, missing: nothing })
  }
  const read = (path: string): Source => decode(shownPath(path, cwd), disk.read(path)).source

  /** The same wherever the project lies, so that the same project gives the same artifact. */
  const nameOf = (path: string, extension: string) => {
    const way = relative(directory, path).split(sep).join('/')
    return `${createHash('sha256').update(way).digest('hex')}.${extension}`
  }

  function composeFile(path: string, kind: 'compose' | 'extended', base: string): void {
    const key = `${kind}\0${path}`
    if (found.has(key)) return
    const source = read(path)
    const documents = parse(source, () => {})
    const name = kind === 'compose' ? basename(path) : nameOf(path, 'yaml')
    // Noted before its own links are followed, which may lead back to it.
    found.set(key, { name, kind, text: source.text, source, documents })
    const changes = new Map<number, Change>()
    const replace = ({ at }: Scalar, text: string) => void changes.set(at.start, { ...at, text })
    for (const document of documents) {
      if (document.kind !== 'dict') continue
      for (const item of includesIn(document))
        report({
          code: 'include-not-published',
          severity: 'error',
          message: 'what is included from this machine cannot be published',
          hint: 'name the file with -f instead, or include it from a registry or a repository',
          at: item.at,
        })
      for (const service of servicesIn(document)) {
        for (const file of envFilesIn(service)) {
          const env = resolve(base, filled(String(file.value)))
          const as = envFile(env)
          if (as !== undefined) replace(file, as)
        }
        const extended = textAt(service, 'extends', 'file')
        if (extended && !remoteKind(filled(String(extended.value)))) {
          const other = resolve(base, filled(String(extended.value)))
          composeFile(other, 'extended', dirname(other))
          replace(extended, nameOf(other, 'yaml'))
        }
        for (const file of labelFilesIn(service))
          report({
            code: 'label-file-not-published',
            severity: 'error',
            message: `"${String(file.value)}" with labels cannot be published`,
            hint: 'write the labels into the compose file',
            at: file.at,
          })
      }
    }
    found.set(key, { ...found.get(key)!, text: changed(source.text, [...changes.values()]) })
  }

  /** Undefined where there is none, which is no mistake of one that is not required. */
  function envFile(path: string): string | undefined {
    const name = nameOf(path, 'env')
    if (found.has(path)) return name
    if (!disk.stat(path)) return undefined
    const source = read(path)
    found.set(path, { name, kind: 'env', text: source.text, source, documents: [] })
    return name
  }

  for (const path of files) composeFile(path, 'compose', directory)
  const order = { compose: 0, extended: 1, env: 2 }
  return [...found.values()].toSorted((a, b) => order[a.kind] - order[b.kind])
}

interface Change {
  readonly start: number
  readonly end: number
  readonly text: string
}

function changed(text: string, changes: readonly Change[]): string {
  return changes
    .toSorted((a, b) => b.start - a.start)
    .reduce((done, change) => done.slice(0, change.start) + change.text + done.slice(change.end), text)
}

/** Paths of this machine under a top-level `include`. */
function includesIn(document: Dict): readonly Scalar[] {
  const node = document.entries.get('include')?.node
  const items = node?.kind === 'list' ? node.items : []
  return items
    .flatMap(item => {
      const path = item.kind === 'dict' ? item.entries.get('path')?.node : item
      return path?.kind === 'list' ? path.items : path ? [path] : []
    })
    .filter((path): path is Scalar => path.kind === 'scalar' && !remoteKind(String(path.value)))
}

/** The services of a document. */
export function servicesIn(document: Node): readonly Dict[] {
  const services = document.kind === 'dict' ? document.entries.get('services')?.node : undefined
  const nodes = services?.kind === 'dict' ? [...services.entries.values()].map(({ node }) => node) : []
  return nodes.filter(node => node.kind === 'dict')
}

function envFilesIn(service: Dict): readonly Scalar[] {
  return pathsIn(service, 'env_file')
}

const labelFilesIn = (service: Dict) => pathsIn(service, 'label_file')

/** A path, or a list of paths or of maps with one. */
function pathsIn(service: Dict, key: string): readonly Scalar[] {
  const node = service.entries.get(key)?.node
  const items = node?.kind === 'list' ? node.items : node ? [node] : []
  return items
    .map(item => (item.kind === 'dict' ? item.entries.get('path')?.node : item))
    .filter(item => item?.kind === 'scalar')
}

function textAt(service: Dict, key: string, inner: string): Scalar | undefined {
  const node = service.entries.get(key)?.node
  const text = node?.kind === 'dict' ? node.entries.get(inner)?.node : undefined
  return text?.kind === 'scalar' && typeof text.value === 'string' ? text : undefined
}

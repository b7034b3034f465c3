import { resolve } from 'node:path'
import type { Files } from '../load/files.ts'
import type { Project, Service } from '../model/project.ts'
import type { Dict, Node } from '../text/node.ts'
import { UserError } from '../text/problem.ts'
import type { Span } from '../text/source.ts'
import { type Dockerfile, parseDockerfile } from './dockerfile.ts'
import { inlineDockerfile } from './inline-dockerfile.ts'
import { entry, isDict } from './written.ts'

/** All that a rule may look at: what the files come to, and how they are written. */
export interface Scope {
  readonly project: Project
  /** Those that are on, or all there are. */
  readonly services: readonly Declared[]
  /** Where an attribute of the project was written. */
  readonly at: (...path: string[]) => Span | undefined
  /** As they are written: before variables, defaults and other files. */
  readonly documents: readonly Node[]
  readonly written: readonly WrittenService[]
  readonly dockerfiles: readonly Dockerfile[]
  /** Of a service that is built from a directory here, with the stage that it builds. */
  readonly dockerfileOf: (service: Service) => Dockerfile | undefined
  readonly files: Pick<Files, 'stat' | 'read'>
}

export interface Declared {
  readonly name: string
  readonly service: Service
}

/** A service as one file has it. */
export interface WrittenService {
  readonly name: string
  readonly key: Span
  readonly node: Dict
}

export interface ScopeOptions {
  readonly project: Project
  readonly at: (path: readonly string[]) => Span | undefined
  readonly documents: readonly Node[]
  /** Also services that no profile turns on. */
  readonly disabled: boolean
  readonly files: Pick<Files, 'stat' | 'read'>
  /** Named by the user, besides those of services. */
  readonly dockerfiles?: readonly Dockerfile[]
  /** As the user would type it. */
  readonly shown: (path: string) => string
}

export function scopeOf({ project, at, documents, disabled, files, dockerfiles = [], shown }: ScopeOptions): Scope {
  const services = Object.entries({ ...project.services, ...(disabled && project.disabled) })
  const readable = quietly(files)
  const read = new Map<string, Dockerfile | undefined>()
  const fileAt = (path: string, context: string): Dockerfile | undefined => {
    if (!read.has(path)) {
      const found = readable.stat(path)?.kind === 'file'
      const text = found ? Buffer.from(readable.read(path)).toString('utf8') : undefined
      read.set(path, text === undefined ? undefined : parseDockerfile(path, { name: shown(path), text }, context))
    }
    return read.get(path)
  }
  const dockerfileFor = (name: string, { build }: Service): Dockerfile | undefined => {
    if (!build || build.context === undefined || /^[a-z]+:\/\/|^git@/.test(build.context)) return undefined
    const { context, dockerfile_inline: text, target } = build
    const path = resolve(context, build.dockerfile ?? 'Dockerfile')
    const place = at(['services', name, 'build', 'dockerfile_inline'])
    if (text !== undefined && !place) return undefined
    const found = text === undefined ? fileAt(path, context) : inlineDockerfile(text, place!, { path, context })
    return found && target !== undefined ? { ...found, target } : found
  }
  const all = services.map(([name, service]) => ({ name, service }))
  const known = new Map(all.map(({ name, service }) => [service, dockerfileFor(name, service)]))
  const dockerfileOf = (service: Service) => known.get(service)
  return {
    project,
    services: all,
    at: (...path) => at(path),
    documents,
    written: documents.flatMap(servicesIn).filter(({ name }) => disabled || Object.hasOwn(project.services, name)),
    dockerfiles: [...new Set([...dockerfiles, ...all.flatMap(({ service }) => dockerfileOf(service) ?? [])])],
    dockerfileOf,
    files: readable,
  }
}

/** What may not be looked at is not there: nobody asked for these files. */
function quietly({ stat, read }: Pick<Files, 'stat' | 'read'>): Pick<Files, 'stat' | 'read'> {
  const attempt = <T>(work: () => T, instead: T): T => {
    try {
      return work()
    } catch (error) {
      if (error instanceof UserError) return instead
      throw error
    }
  }
  return {
    stat: path => attempt(() => stat(path), undefined),
    read: path => attempt(() => read(path), new Uint8Array()),
  }
}

function servicesIn(document: Node): readonly WrittenService[] {
  const services = entry(document, 'services')?.node
  if (!services || !isDict(services)) return []
  return [...services.entries].flatMap(([name, { key, node }]) => (isDict(node) ? [{ name, key, node }] : []))
}

import { relative } from 'node:path'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { imageOf } from '../../local/images/names.ts'
import { dependencies } from '../../model/graph.ts'
import type { Project } from '../../model/project.ts'
import type { Origin } from '../../text/origin.ts'
import type { Emit, WatchEvent } from '../event.ts'
import { build } from '../images/prepare.ts'
import { restart } from '../lifecycle.ts'
import { membersOf } from '../members.ts'
import type { ActionOptions } from '../options.ts'
import { up } from '../up.ts'
import type { Rule } from './rules.ts'

/** A rule, and which paths made it act. */
export interface Hit {
  readonly rule: Rule
  readonly paths: readonly string[]
}

export interface ReactionOptions extends ActionOptions {
  readonly engine: LiveEngine
  readonly prune?: boolean
}

/** Builds services anew, those that share a build once, and puts containers of the new image in place of the old ones. */
export async function rebuild(
  hits: readonly Hit[],
  project: Project,
  origin: Origin,
  options: ReactionOptions,
): Promise<WatchEvent[]> {
  const { engine, separator = '-', prune = true } = options
  const services = distinct(hits.map(hit => hit.rule.service))
  const because = firstPaths(hits, project)
  for (const service of services) options.emit({ type: 'watched', service, did: 'rebuild', because })
  const began = performance.now()
  const images = distinct(services.map(service => imageOf(project, service, separator)))
  const before = await Promise.all(images.map(image => engine.inspectImage(image)))
  await build(project, { ...options, origin, services })
  const after = Object.keys(project.services).filter(name => dependsOn(project, name, services))
  await up(project, {
    ...options,
    emit: withoutPlans(options.emit),
    origin,
    services: [...services, ...after],
    noDeps: true,
    noBuild: true,
  })
  if (prune)
    await removeNameless(
      engine,
      before.flatMap(image => (image ? [image.id] : [])),
    )
  return services.map(service => ({ type: 'watched', service, did: 'rebuilt', elapsed: performance.now() - began }))
}

export async function restartServices(
  hits: readonly Hit[],
  project: Project,
  options: ReactionOptions,
): Promise<WatchEvent[]> {
  const services = distinct(hits.map(hit => hit.rule.service))
  const began = performance.now()
  await restart(project.name, project, { ...options, emit: withoutPlans(options.emit), services })
  const because = firstPaths(hits, project)
  return services.map(service => ({
    type: 'watched',
    service,
    did: 'restart',
    because,
    elapsed: performance.now() - began,
  }))
}

/** Runs the rule's command in each running container of its service. Throws where it ends with another code than 0. */
export async function runIn(
  { service, exec }: Rule,
  project: Project,
  { engine, emit, signal }: ReactionOptions,
): Promise<WatchEvent[]> {
  if (!exec?.command) return []
  const { command, user, privileged, working_dir, environment } = exec
  const env = Object.entries(environment ?? {}).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
  const members = (await membersOf(engine, project.name, { all: false })).filter(
    m => m.service === service && !m.oneoff,
  )
  const began = performance.now()
  for (const { id, label } of members) {
    const spec = {
      command,
      ...(user !== undefined && { user }),
      ...(privileged !== undefined && { privileged }),
      ...(working_dir !== undefined && { working_dir }),
      ...(env.length > 0 && { env }),
    }
    const onOutput = ({ stream, bytes }: { readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }) => {
      for (const line of Buffer.from(bytes).toString('utf8').trimEnd().split('\n'))
        emit({ type: 'log', container: label, service, stream, line: Buffer.from(line) })
    }
    const code = await engine.exec(id, spec, { signal, onOutput })
    if (code !== 0) throw new Error(`"${command.join(' ')}" ended with ${code} in ${label}`)
  }
  return [{ type: 'watched', service, did: 'exec', because: command.join(' '), elapsed: performance.now() - began }]
}

/** Images that a rebuild took the name from, unless something still runs on them. */
async function removeNameless(engine: LiveEngine, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      const image = await engine.inspectImage(id)
      if (image && image.tags.length === 0) await engine.removeImage(id)
    } catch (error) {
      if (!isEngineError(error)) throw error
    }
  }
}

function dependsOn(project: Project, name: string, services: readonly string[]): boolean {
  return (
    !services.includes(name) &&
    [...dependencies(project.services[name]!).keys()].some(needed => services.includes(needed))
  )
}

const withoutPlans =
  (emit: Emit): Emit =>
  event => {
    if (event.type !== 'plan') emit(event)
  }

function firstPaths(hits: readonly Hit[], { working_dir }: Project): string {
  const paths = distinct(hits.flatMap(hit => hit.paths)).map(path => relative(working_dir, path) || path)
  return paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ')
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

import type { ContainerState, Engine, PublishedPort } from '../engine/engine.ts'
import type { Project } from '../model/project.ts'
import { checkServices, type Member, membersOf } from './members.ts'

export type { PublishedPort } from '../engine/engine.ts'

export interface StatusOptions {
  readonly engine: Pick<Engine, 'listContainers' | 'inspectContainer'>
  /** All without it. */
  readonly services?: readonly string[]
  /** Also containers that do not run, and those of `run`. */
  readonly all?: boolean
  /** Only in one of these states, whatever that is: then those of `run` are among them, as docker compose has it. */
  readonly states?: readonly string[]
  /** Leave out containers of services that the file does not have. */
  readonly declaredOnly?: boolean
}

/** A container as `ps` shows it. */
export interface Status {
  readonly id: string
  readonly name: string
  readonly project: string
  readonly service: string
  readonly image: string
  readonly command: string
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly state: ContainerState
  /** The engine's words: "Up 3 minutes (healthy)". */
  readonly status: string
  /** "", "starting", "healthy" or "unhealthy". */
  readonly health: string
  readonly exitCode: number
  readonly ports: readonly PublishedPort[]
  readonly networks: readonly string[]
  /** Names of volumes, sources of binds. */
  readonly mounts: readonly string[]
  readonly localVolumes: number
  readonly labels: Readonly<Record<string, string>>
}

/** A project's containers by name. Throws UserError for services that neither the file nor a container knows. */
export async function status(
  name: string,
  project: Project | undefined,
  options: StatusOptions,
): Promise<readonly Status[]> {
  const { engine, services = [], states = [], declaredOnly = false } = options
  const all = options.all === true || states.length > 0
  const members = await membersOf(engine, name, { all: all || services.length > 0 })
  checkServices(services, project, members)
  const declared = new Set([...Object.keys(project?.services ?? {}), ...Object.keys(project?.disabled ?? {})])
  const runs = (m: Member) => ['running', 'paused', 'restarting'].includes(m.summary.state)
  const chosen = members.filter(
    m =>
      (services.length === 0 || services.includes(m.service)) &&
      (all || (runs(m) && !m.oneoff)) &&
      (states.length === 0 || states.includes(m.summary.state)) &&
      (!declaredOnly || project === undefined || declared.has(m.service)),
  )
  return Promise.all(chosen.map(member => statusOf(member, name, engine)))
}

async function statusOf(
  { id, name, service, summary }: Member,
  project: string,
  engine: Pick<Engine, 'inspectContainer'>,
): Promise<Status> {
  const { image, command, created, state, status, labels, ports, networks, mounts } = summary
  const known = exitCodeIn(summary.state, summary.status)
  const exitCode = known ?? (await engine.inspectContainer(id)).exitCode
  return {
    id,
    name,
    project,
    service,
    image,
    command,
    created,
    state,
    status,
    health: healthIn(status),
    exitCode,
    ports,
    networks: networks.map(network => network.name),
    mounts: mounts.map(mount => mount.name ?? mount.source),
    localVolumes: mounts.filter(mount => mount.driver === 'local').length,
    labels,
  }
}

/** The list says it in words, so that no container need be looked at by itself: `Exited (3) 5 seconds ago`. */
function exitCodeIn(state: ContainerState, words: string): number | undefined {
  const code = /^(?:Exited|Restarting) \((-?\d+)\)/.exec(words)?.[1]
  if (code !== undefined) return Number(code)
  return state === 'running' || state === 'paused' || state === 'created' ? 0 : undefined
}

/** `Up 4 seconds (health: starting)`, `Up 4 seconds (healthy)`. */
function healthIn(words: string): string {
  return /\((?:health: )?(starting|healthy|unhealthy)\)/.exec(words)?.[1] ?? ''
}

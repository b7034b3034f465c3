import { setTimeout as sleep } from 'node:timers/promises'
import type {
  AttachedNetwork,
  ContainerDetail,
  ContainerState,
  ContainerSummary,
  Engine,
  LiveMount,
  NetworkDetail,
  VolumeDetail,
} from '../engine/engine.ts'
import { isEngineError } from '../engine/errors.ts'
import { LABEL, OUR_LABEL } from '../model/names.ts'
import { type HookMarks, hookMarks } from './hook-marks.ts'

/** What the engine has under a project's name, read once so that planning needs no engine. */
export interface Observed {
  /** Those of services first by number, then one-offs and hooks. */
  readonly containers: readonly ObservedContainer[]
  readonly networks: readonly ObservedNetwork[]
  readonly volumes: readonly ObservedVolume[]
  /** Networks and volumes that exist, by their names, whoever made them. */
  readonly named: {
    readonly networks: ReadonlyMap<string, NetworkDetail>
    readonly volumes: ReadonlyMap<string, VolumeDetail>
  }
  /** Volumes that stand for commands at work on the project. */
  readonly claims: readonly VolumeDetail[]
  /** What is left of hooks, by container. */
  readonly hookMarks: ReadonlyMap<string, HookMarks>
  /** Equal for two looks whose lists are the same. */
  readonly lists: string
}

export interface ObservedContainer {
  readonly id: string
  readonly name: string
  readonly service: string
  /** 0 for one-offs and hooks. */
  readonly number: number
  /** `stranger`: somebody gave it the project's label, and nothing else of ours. */
  readonly kind: 'replica' | 'oneoff' | 'hook' | 'stranger'
  readonly state: ContainerState
  readonly hash: string
  readonly imageId: string
  readonly labels: Readonly<Record<string, string>>
  readonly networks: readonly AttachedNetwork[]
  readonly mounts: readonly LiveMount[]
  /** What inspecting says; absent where it was not asked for, or the container went meanwhile. */
  readonly detail?: ContainerDetail
}

/** Whether its process is there, so that it must be stopped before it can go. */
export const isUp = ({ state }: Pick<ObservedContainer, 'state'>): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting'

export interface ObservedNetwork {
  readonly id: string
  readonly name: string
  readonly key: string
  /** "" where it was made without one. */
  readonly hash: string
  readonly created: number
}

export interface ObservedVolume {
  readonly name: string
  readonly key: string
  readonly hash: string
}

/** What to look up besides what carries the project's label. */
export interface Lookup {
  /** Names or ids of networks and volumes that others have made: engines find some of these which they do not list. */
  readonly networks?: readonly string[]
  readonly volumes?: readonly string[]
  /** Which containers to inspect: judging replicas needs it, stopping them does not. */
  readonly inspect?: (container: ObservedContainer) => boolean
  /** Given back, with all that was inspected, where the lists are still the same. */
  readonly before?: Observed
}

type Reading = Pick<
  Engine,
  'listContainers' | 'listNetworks' | 'listVolumes' | 'inspectContainer' | 'inspectNetwork' | 'inspectVolume'
>

/** Milliseconds between two looks at whether a container has gone, and in all. */
const going = { again: 30, patience: 20_000 }

/** One list call each for containers, networks and volumes, and one inspection for each thing that lists leave open. */
export async function observe(engine: Reading, project: string, lookup: Lookup = {}): Promise<Observed> {
  const { inspect = () => false, before } = lookup
  const [summaries, allNetworks, allVolumes] = await Promise.all([
    settled(engine, project),
    engine.listNetworks(),
    engine.listVolumes(),
  ])
  const ours = <T extends Labelled>(all: readonly T[], label: string) =>
    all.filter(({ labels }) => labels[LABEL.project] === project && labels[label])
  // Engines list in any order, and what follows from the same things is to be the same.
  const networks = ours(allNetworks, LABEL.network)
    .toSorted((a, b) => byItsName(a, b) || a.created - b.created || (a.id < b.id ? -1 : 1))
    .map(({ id, name, labels, created }) => ({
      id,
      name,
      key: labels[LABEL.network] ?? '',
      hash: labels[LABEL.config_hash] ?? '',
      created,
    }))
  const volumes = ours(allVolumes, LABEL.volume)
    .toSorted(byItsName)
    .map(({ name, labels }) => ({ name, key: labels[LABEL.volume] ?? '', hash: labels[LABEL.config_hash] ?? '' }))
  const listed = summaries.map(parsed).toSorted((a, b) => rank(a) - rank(b) || byItsName(a, b))
  const marks = hookMarks(allVolumes, project)
  const lists = JSON.stringify([listed, networks, volumes, [...marks].map(([id, m]) => [id, m.marks])])
  if (lists === before?.lists) return before
  const [containers, foundNetworks, foundVolumes] = await Promise.all([
    Promise.all(listed.map(async c => (inspect(c) ? inspected(engine, c) : c))),
    byName(lookup.networks ?? [], allNetworks, name => engine.inspectNetwork(name)),
    byName(lookup.volumes ?? [], allVolumes, name => engine.inspectVolume(name)),
  ])
  return {
    containers: containers.filter(c => c !== undefined),
    networks,
    volumes,
    named: { networks: foundNetworks, volumes: foundVolumes },
    claims: allVolumes.filter(({ labels }) => labels[OUR_LABEL.claimed] === project),
    hookMarks: marks,
    lists,
  }
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>
}

/** The project's containers, once none of them is just being removed: such a one has its name, and nothing can be done with it. */
async function settled(engine: Reading, project: string): Promise<readonly ContainerSummary[]> {
  for (const until = performance.now() + going.patience; ; await sleep(going.again)) {
    const all = await engine.listContainers({ project, all: true })
    if (!all.some(c => c.state === 'removing') || performance.now() > until) return all
  }
}

const byItsName = (a: { readonly name: string }, b: { readonly name: string }) =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0

const rank = (c: ObservedContainer) => (c.kind === 'replica' ? c.number : Number.MAX_SAFE_INTEGER)

function parsed(c: ContainerSummary): ObservedContainer {
  const { id, name, state, imageId, labels, networks, mounts } = c
  const kind = kindOf(labels)
  return {
    id,
    name,
    service: labels[LABEL.service] ?? '',
    number: kind === 'replica' ? Number(labels[LABEL.number]) || 1 : 0,
    kind,
    state,
    hash: labels[LABEL.config_hash] ?? '',
    imageId,
    labels,
    networks,
    mounts,
  }
}

function kindOf(labels: Readonly<Record<string, string>>): ObservedContainer['kind'] {
  if (labels[LABEL.oneoff] === 'True') return 'oneoff'
  if (labels[LABEL.config_hash]) return 'replica'
  return labels[LABEL.hook] ? 'hook' : 'stranger'
}

/** With its details; undefined for one that went between list and inspection. */
async function inspected(engine: Reading, c: ObservedContainer): Promise<ObservedContainer | undefined> {
  const detail = await engine.inspectContainer(c.id).catch((error: unknown) => {
    if (isEngineError(error, 'not-found')) return undefined
    throw error
  })
  return detail && { ...c, state: detail.state, networks: detail.networks, detail }
}

/** All that is listed by name, and of the wanted what is found in spite of not being listed. */
async function byName<T extends { readonly name: string }>(
  wanted: readonly string[],
  listed: readonly T[],
  look: (name: string) => Promise<T | undefined>,
): Promise<ReadonlyMap<string, T>> {
  const known = new Map(listed.map(thing => [thing.name, thing]))
  const rest = wanted.filter(name => !known.has(name))
  for (const [name, found] of await Promise.all(rest.map(async name => [name, await look(name)] as const)))
    if (found) known.set(name, found)
  return known
}

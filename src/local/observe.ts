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
import { LABEL } from '../model/names.ts'

/** What the engine has under a project's name, read once so that planning needs no engine. */
export interface Observed {
  /** Those of services first by number, then one-offs and hooks. */
  readonly containers: readonly ObservedContainer[]
  readonly networks: readonly ObservedNetwork[]
  readonly volumes: readonly ObservedVolume[]
  /** Networks and volumes that are declared and exist, by their names, whoever made them. */
  readonly named: {
    readonly networks: ReadonlyMap<string, NetworkDetail>
    readonly volumes: ReadonlyMap<string, VolumeDetail>
  }
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
}

export interface ObservedVolume {
  readonly name: string
  readonly key: string
  readonly hash: string
}

/** What to look up besides what carries the project's label. */
export interface Lookup {
  /** Names that the project declares, external ones too. */
  readonly networks?: readonly string[]
  readonly volumes?: readonly string[]
  /** Which containers to inspect: judging replicas needs it, stopping them does not. */
  readonly inspect?: (container: ObservedContainer) => boolean
}

type Reading = Pick<
  Engine,
  'listContainers' | 'listNetworks' | 'listVolumes' | 'inspectContainer' | 'inspectNetwork' | 'inspectVolume'
>

/** One list call each for containers, networks and volumes, and one inspection for each thing that lists leave open. */
export async function observe(engine: Reading, project: string, lookup: Lookup = {}): Promise<Observed> {
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({ project, all: true }).then(all => inspected(engine, all.map(parsed), lookup)),
    engine.listNetworks(project),
    engine.listVolumes(project),
  ])
  const [foundNetworks, foundVolumes] = await Promise.all([
    byName(lookup.networks ?? [], networks, name => engine.inspectNetwork(name)),
    byName(lookup.volumes ?? [], volumes, name => engine.inspectVolume(name)),
  ])
  return {
    containers: containers.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)),
    // Engines list in any order, and what follows from the same things is to be the same.
    networks: networks
      .filter(n => n.labels[LABEL.network])
      .toSorted(byItsName)
      .map(n => ({
        id: n.id,
        name: n.name,
        key: n.labels[LABEL.network] ?? '',
        hash: n.labels[LABEL.config_hash] ?? '',
      })),
    volumes: volumes
      .filter(v => v.labels[LABEL.volume])
      .toSorted(byItsName)
      .map(v => ({ name: v.name, key: v.labels[LABEL.volume] ?? '', hash: v.labels[LABEL.config_hash] ?? '' })),
    named: { networks: foundNetworks, volumes: foundVolumes },
  }
}

const byItsName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1)

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

/** With details where they are asked for. A container that went between list and inspection is left out. */
async function inspected(
  engine: Reading,
  containers: readonly ObservedContainer[],
  { inspect = () => false }: Lookup,
): Promise<ObservedContainer[]> {
  const found = await Promise.all(
    containers.map(async c => {
      if (!inspect(c)) return c
      const detail = await engine.inspectContainer(c.id).catch((error: unknown) => {
        if (isEngineError(error, 'not-found')) return undefined
        throw error
      })
      return detail && { ...c, state: detail.state, networks: detail.networks, detail }
    }),
  )
  return found.filter(c => c !== undefined)
}

/** Things by name: of those listed, else looked up one by one. */
async function byName<T extends { readonly name: string }>(
  names: readonly string[],
  listed: readonly T[],
  look: (name: string) => Promise<T | undefined>,
): Promise<Map<string, T>> {
  const known = new Map(listed.map(thing => [thing.name, thing]))
  const found = await Promise.all(names.map(async name => [name, known.get(name) ?? (await look(name))] as const))
  return new Map(found.filter((pair): pair is [string, T] => pair[1] !== undefined))
}

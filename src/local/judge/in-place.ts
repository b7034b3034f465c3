import type { ContainerSpec, ContainerUpdate, EndpointSpec, Feature } from '../../engine/engine.ts'
import { OUR_LABEL } from '../../model/names.ts'
import type { Reason } from '../../plan/plan.ts'
import type { Origin } from '../../text/origin.ts'
import type { DesiredService } from '../desired.ts'
import type { ObservedContainer, ObservedNetwork } from '../observe.ts'
import { drift, driftedEndpoints, endpointUnlike, inPlace } from './drift.ts'
import { type Limit, limitOf, limits } from './limits.ts'
import { placeOf, reason } from './reasons.ts'
import { liveValue } from './shown-values.ts'

/** What of a container can be put right without making a new one. */
export interface Mending {
  readonly update?: ContainerUpdate
  readonly detach: readonly string[]
  readonly attach: readonly EndpointSpec[]
  readonly why: readonly Reason[]
}

/**
 * Parts the reasons for which a container is not as declared: those that only a new container settles, and those that
 * the live one settles by what it is now, whatever its label says of the past.
 */
export function onlyByReplacing(
  reasons: readonly Reason[],
  container: ObservedContainer,
  service: DesiredService,
  features: ReadonlySet<Feature>,
): readonly Reason[] {
  if (reasons.length === 0) return []
  // Nothing but a new container settles a hash that is another one, where nothing tells what it was taken of.
  const told = container.labels[OUR_LABEL.attributes] !== undefined || features.has('tells-settings')
  if (!told && !service.hasHash(container.hash)) return reasons
  const spec = service.plainSpec(container.number)
  return reasons.filter(({ path = '' }) => !(isLimit(path, spec, features) || isNetwork(path, spec, container)))
}

/** Limits that somebody set behind our back and that nobody declares: an engine cannot take them away again. */
export function foreignLimits(
  container: ObservedContainer,
  service: DesiredService,
  features: ReadonlySet<Feature>,
): Reason[] {
  const { detail } = container
  if (!detail) return []
  const { resources } = service.plainSpec(container.number)
  const isOwn = (key: Limit['key']) =>
    ownOnly.has(key) ||
    (features.has('tells-settings') &&
      Number(detail.spec[key]) > 0 &&
      (key !== 'memory_swap' || detail.spec.memory === 0))
  return [
    ...limits
      .filter(({ key }) => isOwn(key) && resources?.[key] === undefined && Boolean(detail.spec[key]))
      .map(({ path }) => reason('drifted', { path, from: liveValue(path, detail) ?? '' })),
    ...rare.flatMap(({ path, key }) => {
      const [from, to] = [detail.spec.settings.resources[key], resources?.[key]]
      // What is not there was dropped: a kernel without such a limit gives none.
      if (from === undefined || from === to) return []
      return [reason('drifted', { path, from: String(from), ...(to !== undefined && { to: String(to) }) })]
    }),
  ]
}

/** Limits that hardly a kernel has, and that are set by a new container only. */
const rare = [
  { path: 'blkio_config.weight', key: 'blkio_weight' },
  { path: 'cpu_rt_period', key: 'cpu_realtime_period' },
  { path: 'cpu_rt_runtime', key: 'cpu_realtime_runtime' },
] as const

/** What to change of a container that stays. */
export function mending(
  container: ObservedContainer,
  service: DesiredService,
  changed: readonly Reason[],
  networks: readonly ObservedNetwork[],
  features: ReadonlySet<Feature>,
  origin: Origin,
): Mending {
  const { detail } = container
  if (!detail || service.recreate === 'never') return { detach: [], attach: [], why: [] }
  const spec = service.plainSpec(container.number)
  const update = features.has('update') ? inPlace(spec, detail) : undefined
  const drifted = update ? drift(spec, detail).filter(r => !r.path?.startsWith('networks.')) : []
  const off = dropped(container, service, changed, networks)
  const keyOf = (name: string) =>
    Object.keys(service.model.networks ?? {}).find(key => service.networkName(key) === name) ?? name
  const again = endpointsToRenew(spec, container, changed, keyOf)
  const why = [
    ...drifted.map(
      r => told(r, changed) ?? reason('drifted', { ...r, ...placeOf(origin, service.name, r.path ?? '') }),
    ),
    ...again.flatMap(endpoint => {
      const path = `networks.${keyOf(endpoint.network)}`
      const told = changed.filter(r => r.path === path || r.path?.startsWith(`${path}.`))
      if (told.length > 0) return told
      return endpointUnlike(endpoint, detail).map(({ path: part, ...values }) =>
        reason('drifted', { path: `${path}.${part}`, ...values, ...placeOf(origin, service.name, path) }),
      )
    }),
    ...off.map(({ key, name }) => {
      const path = `networks.${key}`
      return reason('changed', { path, from: name, ...placeOf(origin, service.name, path) })
    }),
  ]
  return {
    ...(update && { update }),
    detach: [...again.map(e => e.network), ...off.map(n => n.name)],
    attach: again,
    why,
  }
}

/** Limits that not even Podman sets by itself: where one stands and is not declared, somebody gave it. */
const ownOnly: ReadonlySet<string> = new Set(['memory', 'memory_reservation', 'nano_cpus', 'cpu_shares', 'cpuset_cpus'])

/** One that is no longer declared is not among them: engines can set limits, and not take them away. */
function isLimit(path: string, { resources }: ContainerSpec, features: ReadonlySet<Feature>): boolean {
  if (!features.has('update')) return false
  if (path === 'restart' || path.startsWith('deploy.restart_policy')) return true
  const key = limitOf(path)
  return key !== undefined && resources?.[key] !== undefined
}

/** Being on a network, with aliases and addresses; the main one is part of the container, and its other attributes are. */
function isNetwork(path: string, { network_mode }: ContainerSpec, { networks }: ObservedContainer): boolean {
  if (!/^networks\.[^.]+(\.(aliases|ipv4_address|ipv6_address))?$/.test(path)) return false
  return networks.some(n => n.name === network_mode)
}

/** Networks of the project that the service was on by declaration, and no longer is. */
function dropped(
  container: ObservedContainer,
  { model }: DesiredService,
  changed: readonly Reason[],
  networks: readonly ObservedNetwork[],
): readonly ObservedNetwork[] {
  const keys = changed.map(r => /^networks\.([^.]+)/.exec(r.path ?? '')?.[1])
  return networks.filter(
    n =>
      keys.includes(n.key) &&
      !Object.hasOwn(model.networks ?? {}, n.key) &&
      container.networks.some(c => c.id === n.id),
  )
}

/** Endpoints that lack something declared, or have an alias that was taken out of the declaration. */
function endpointsToRenew(
  spec: ContainerSpec,
  container: ObservedContainer,
  changed: readonly Reason[],
  keyOf: (name: string) => string,
): EndpointSpec[] {
  const lacking = driftedEndpoints(spec, container.detail!)
  return (spec.networks ?? []).filter(endpoint => {
    if (lacking.includes(endpoint)) return true
    if (!changed.some(r => r.path === `networks.${keyOf(endpoint.network)}.aliases`)) return false
    const live = container.networks.find(n => n.name === endpoint.network)
    return live?.aliases.some(alias => !endpoint.aliases?.includes(alias)) ?? false
  })
}

/** A limit whose declaration changed, rather than one that drifted. */
function told(drifted: Reason, changed: readonly Reason[]): Reason | undefined {
  const key = limitOf(drifted.path ?? '')
  return changed.find(r => r.path === drifted.path || (key !== undefined && limitOf(r.path ?? '') === key))
}

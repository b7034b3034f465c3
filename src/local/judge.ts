import type { ContainerUpdate, EndpointSpec } from '../engine/engine.ts'
import { namespaceOwner } from '../model/graph.ts'
import { LABEL } from '../model/names.ts'
import type { Question, Reason } from '../plan/plan.ts'
import type { Origin } from '../text/origin.ts'
import type { Problem } from '../text/problem.ts'
import type { Desired, DesiredService } from './desired.ts'
import { judgeNetworks, judgeVolumes, type NetworkVerdict, type VolumeVerdict } from './judge-resources.ts'
import { foreignLimits, mending, onlyByReplacing } from './in-place.ts'
import type { Observed, ObservedContainer } from './observe.ts'
import { judgeOrphans } from './orphans.ts'
import { differences, placeOf, reason } from './reasons.ts'
import { type Replica, replicasOf } from './replicas.ts'

export interface Policy {
  readonly orphans: 'keep' | 'remove'
  /** Without it containers are made and nothing is started. */
  readonly start: boolean
  /** Whether all must be healthy, or done, at the end. `timeout` in milliseconds; 0 is for ever. */
  readonly wait?: { readonly timeout: number }
  /** How long a container may take to stop, in milliseconds; without it, its own. */
  readonly timeout?: number
  /** New containers get new anonymous volumes instead of those of the ones they replace. */
  readonly renewAnonVolumes?: boolean
  /** Answers so far, by question. */
  readonly consents: ReadonlyMap<string, boolean>
  readonly origin: Origin
  /** Services whose image may be another one once it has been pulled or built. */
  readonly uncertain: ReadonlySet<string>
}

/** What is to become of each thing, and why. No order yet: that is the draft's business. */
export interface Judgement {
  readonly networks: readonly NetworkVerdict[]
  readonly volumes: readonly VolumeVerdict[]
  readonly containers: readonly Verdict[]
  /** Numbers of replicas that have no container yet, by service. */
  readonly missing: ReadonlyMap<string, readonly number[]>
  readonly questions: readonly Question[]
  /** Errors stop everything before anything is touched. */
  readonly problems: readonly Problem[]
}

/** Of one container. `service` is absent where none that is asked for is behind it. */
export type Verdict = {
  readonly container: ObservedContainer
  readonly service?: DesiredService
  readonly why: readonly Reason[]
} & (
  | { readonly verdict: 'keep' }
  | { readonly verdict: 'amend'; readonly amend: Amendment }
  /** The new one is made before the old one goes; `made` is there already, left by an interrupted run. */
  | { readonly verdict: 'replace'; readonly made?: ObservedContainer }
  /** Cannot stand beside a new one, since its volume goes: removed first. */
  | { readonly verdict: 'rebuild' }
  | { readonly verdict: 'remove' }
  /** A new container that its predecessor's verdict speaks of. */
  | { readonly verdict: 'adopt' }
)

/** What changes while the container stays the same. */
export interface Amendment {
  readonly rename?: string
  readonly update?: ContainerUpdate
  readonly detach: readonly string[]
  readonly attach: readonly EndpointSpec[]
  readonly run?: 'start' | 'restart'
}

/** Pure: same inputs, same judgement. */
export function judge(desired: Desired, observed: Observed, policy: Policy): Judgement {
  const networks = judgeNetworks(desired, observed, policy)
  const volumes = judgeVolumes(desired, observed, policy)
  const court: Court = {
    desired,
    observed,
    policy,
    networks: networks.verdicts,
    volumes: volumes.verdicts,
    fate: new Map(),
  }
  const missing = new Map<string, readonly number[]>()
  // Services come after those they stand on, so what becomes of these is known.
  const replicas = desired.services.flatMap(service => {
    const judged = judgeService(service, court)
    missing.set(service.name, judged.missing)
    court.fate.set(service.name, fateOf(judged.verdicts, judged.missing))
    return judged.verdicts
  })
  const rest = judgeOrphans(
    desired,
    observed.containers.filter(c => !replicas.some(v => v.container === c)),
    policy,
  )
  return {
    networks: networks.verdicts,
    volumes: volumes.verdicts,
    containers: [...replicas, ...rest.verdicts].map(v => displaced(v, court)),
    missing,
    questions: [...networks.questions, ...volumes.questions],
    problems: [...networks.problems, ...volumes.problems, ...rest.problems],
  }
}

interface Court {
  readonly desired: Desired
  readonly observed: Observed
  readonly policy: Policy
  readonly networks: readonly NetworkVerdict[]
  readonly volumes: readonly VolumeVerdict[]
  /** What happens to the containers of services judged so far. */
  readonly fate: Map<string, Fate>
}

/** The most that happens to any container of a service: others follow from it. */
type Fate = 'replaced' | 'started' | 'kept'

function fateOf(verdicts: readonly Verdict[], missing: readonly number[]): Fate {
  if (missing.length > 0 || verdicts.some(v => v.verdict === 'replace' || v.verdict === 'rebuild')) return 'replaced'
  return verdicts.some(v => v.verdict === 'amend' && v.amend.run) ? 'started' : 'kept'
}

function judgeService(service: DesiredService, court: Court): { verdicts: Verdict[]; missing: number[] } {
  const replicas = replicasOf(service, court.observed).map(r => settleLeftovers(r, service, court))
  const ranked = replicas.toSorted((a, b) => Number(a.stale) - Number(b.stale) || a.number - b.number)
  const kept = new Set(ranked.slice(0, service.scale))
  const verdicts = replicas.flatMap(replica => {
    const { main, others } = replica
    if (kept.has(replica)) return [main, ...others]
    return [main, ...others].map(
      (v): Verdict => ({
        container: v.container,
        service,
        verdict: 'remove',
        why: v.verdict === 'remove' ? v.why : scaledDown(service, court),
      }),
    )
  })
  const highest = Math.max(0, ...replicas.map(r => r.number))
  const short = Math.max(0, service.scale - kept.size)
  return { verdicts, missing: Array.from({ length: short }, (_, i) => highest + 1 + i) }
}

const scaledDown = ({ name, scale }: DesiredService, { policy }: Court) => [
  reason('scaled-down', { path: 'scale', to: String(scale), ...placeOf(policy.origin, name, 'scale') }),
]

interface Settled {
  readonly number: number
  readonly stale: boolean
  readonly main: Verdict
  readonly others: readonly Verdict[]
}

/** Decides between a replica's container and the new ones that an interrupted run left beside it. */
function settleLeftovers({ number, main, made, extra }: Replica, service: DesiredService, court: Court): Settled {
  const why = [reason('leftover')]
  const others = (kept?: ObservedContainer): Verdict[] => [
    ...made.filter(c => c !== kept).map((container): Verdict => ({ container, service, verdict: 'remove', why })),
    ...extra.map((container): Verdict => ({ container, service, verdict: 'remove', why: [reason('duplicate')] })),
  ]
  const { features } = court.desired
  const stale = (c: ObservedContainer, reasons: readonly Reason[]) =>
    onlyByReplacing(reasons, c, service, features).length > 0
  const fresh = made.filter(c => !stale(c, staleness(c, service, court, { leftover: true })))
  const [best] = [...fresh.filter(running), ...fresh]
  if (main) {
    const reasons = staleness(main, service, court)
    if (best && (stale(main, reasons) || !running(main))) {
      const all: Reason[] = [...reasons, ...why]
      return {
        number,
        stale: true,
        main: { container: main, service, verdict: 'replace', made: best, why: all },
        others: [{ container: best, service, verdict: 'adopt', why: [] }, ...others(best)],
      }
    }
    return {
      number,
      stale: stale(main, reasons),
      main: judgeContainer(main, service, reasons, court),
      others: others(),
    }
  }
  const [heir] = [best, ...made.filter(running), ...made].filter(c => c !== undefined)
  const reasons = staleness(heir!, service, court, { leftover: true })
  const judged = judgeContainer(heir!, service, reasons, court)
  const rename = service.containerName(number)
  const renamed: Verdict =
    judged.verdict === 'keep'
      ? { container: heir!, service, verdict: 'amend', amend: { rename, detach: [], attach: [] }, why }
      : judged.verdict === 'amend'
        ? { ...judged, amend: { ...judged.amend, rename }, why: [...why, ...judged.why] }
        : judged
  return { number, stale: stale(heir!, reasons), main: renamed, others: others(heir) }
}

const running = (c: ObservedContainer) => c.state === 'running' || c.state === 'paused' || c.state === 'restarting'

/** Why a container can no longer stand for its service; none: it can. */
function staleness(
  container: ObservedContainer,
  service: DesiredService,
  { policy, fate, desired }: Court,
  { leftover = false } = {},
): Reason[] {
  const { origin } = policy
  if (service.recreate === 'never') return []
  if (service.recreate === 'always' && !leftover) return [reason('forced')]
  const replaced = service.parents.find(parent => fate.get(parent) === 'replaced')
  if (replaced !== undefined) return [parentReplaced(service, replaced, origin)]
  const reasons = [...differences(container, service, origin), ...foreignLimits(container, service)]
  // A hash that differs while no attribute does: it is the parent's id in it.
  if (reasons.length === 0 && !service.hasHash(container.hash) && service.parents.length > 0)
    reasons.push(parentReplaced(service, service.parents[0]!, origin))
  const had = container.labels[LABEL.image] ?? container.imageId
  if (service.image !== undefined && had !== service.image && !reasons.some(r => r.path === 'image'))
    reasons.push(
      reason('changed', {
        path: 'image',
        from: short(had),
        to: short(service.image),
        ...placeOf(origin, service.name, 'image'),
      }),
    )
  for (const mount of service.model.volumes ?? []) {
    if (mount.type !== 'volume' || mount.source === undefined) continue
    const wanted = desired.volumes.find(v => v.key === mount.source)
    const live = container.mounts.find(m => m.target === mount.target)
    if (
      wanted &&
      live?.name !== undefined &&
      live.name !== wanted.name &&
      !reasons.some(r => r.path?.startsWith('volumes'))
    )
      reasons.push(
        reason('changed', {
          path: `volumes.${wanted.key}`,
          from: live.name,
          to: wanted.name,
          ...placeOf(origin, service.name, 'volumes'),
        }),
      )
  }
  return reasons
}

const short = (digest: string) => digest.replace(/^sha256:/, '').slice(0, 12)

function parentReplaced(service: DesiredService, parent: string, origin: Origin): Reason {
  const { model } = service
  const path = (['network_mode', 'ipc', 'pid', 'uts'] as const).find(key => namespaceOwner(model[key]) === parent)
  return reason('parent-replaced', {
    path: path ?? 'volumes_from',
    to: parent,
    ...placeOf(origin, service.name, path ?? 'volumes_from'),
  })
}

function judgeContainer(
  container: ObservedContainer,
  service: DesiredService,
  reasons: readonly Reason[],
  court: Court,
): Verdict {
  const lost = court.volumes.filter(
    v => v.verdict === 'recreate' && container.mounts.some(m => m.name === v.volume.name),
  )
  if (lost.length > 0 || container.state === 'dead') {
    const why = lost.length > 0 ? lost.map(v => reason('volume-recreated', { to: v.volume.name })) : [reason('dead')]
    return { container, service, verdict: 'rebuild', why }
  }
  if (onlyByReplacing(reasons, container, service, court.desired.features).length > 0)
    return { container, service, verdict: 'replace', why: reasons }
  const moved = networkChanges(container, service, court)
  const { desired, observed, policy } = court
  const mended = mending(container, service, reasons, observed.networks, desired.features, policy.origin)
  const started = runReason(container, service, court)
  const why = [...moved.why, ...mended.why, ...(started ? [started.why] : [])]
  if (why.length === 0) return { container, service, verdict: 'keep', why }
  return {
    container,
    service,
    verdict: 'amend',
    amend: {
      detach: [...new Set([...moved.detach, ...mended.detach])],
      attach: [...moved.attach, ...mended.attach.filter(e => !moved.attach.some(m => m.network === e.network))],
      ...(mended.update && { update: mended.update }),
      ...(started && { run: started.run }),
    },
    why,
  }
}

/** Networks that a container is to be put on or taken off: those it lacks, and those of the project under an older name. */
function networkChanges(
  container: ObservedContainer,
  service: DesiredService,
  { networks, policy }: Court,
): { detach: string[]; attach: EndpointSpec[]; why: Reason[] } {
  const detach: string[] = []
  const wanted: string[] = []
  const why: Reason[] = []
  if (service.model.network_mode !== undefined) return { detach, attach: [], why }
  for (const key of Object.keys(service.model.networks ?? {})) {
    const verdict = networks.find(n => n.network.key === key)
    if (!verdict || verdict.verdict === 'recreate') continue // all are taken off and put back on it, see `displaced`
    const { name } = verdict.network
    const live = container.networks.find(n => n.name === name)
    // A container that never started may not know its network's id yet.
    if (live && verdict.live !== undefined && (live.id === '' || live.id === verdict.live)) continue
    // Known by a name whose network has gone meanwhile: the stale entry is in the way of the new one.
    if (live) detach.push(name)
    if (verdict.old && container.networks.some(n => n.id === verdict.old!.id)) detach.push(verdict.old.name)
    wanted.push(name)
    why.push(
      reason('detached', { path: `networks.${key}`, ...placeOf(policy.origin, service.name, `networks.${key}`) }),
    )
  }
  return { detach, attach: wanted.length ? endpointsOf(container, service, wanted) : [], why }
}

function endpointsOf(container: ObservedContainer, service: DesiredService, names: readonly string[]): EndpointSpec[] {
  const { networks = [] } = service.spec(container.number, { parent: () => undefined })
  return networks.filter(n => names.includes(n.network))
}

function runReason(
  container: ObservedContainer,
  service: DesiredService,
  { policy, fate }: Court,
): { run: 'start' | 'restart'; why: Reason } | undefined {
  if (!policy.start) return undefined
  if (!running(container)) {
    const code = container.state === 'created' ? 'created' : 'exited'
    const exitCode = container.detail?.exitCode
    return {
      run: 'start',
      why: reason(code, code === 'exited' && exitCode !== undefined ? { from: String(exitCode) } : {}),
    }
  }
  // Its namespace is a new one now: without a restart it stays in the old, where nobody answers.
  const parent = service.parents.find(p => fate.get(p) === 'started' && service.needs.get(p)?.restart)
  if (parent !== undefined) return { run: 'restart', why: reason('parent-started', { to: parent }) }
  const dependency = [...service.needs].find(([name, need]) => need.restart && fate.get(name) === 'replaced')
  if (dependency)
    return {
      run: 'restart',
      why: reason('dependency-replaced', {
        path: 'depends_on',
        to: dependency[0],
        ...placeOf(policy.origin, service.name, `depends_on.${dependency[0]}`),
      }),
    }
  return undefined
}

/** A container on a network that is recreated is put back on it, with all that it had there; one whose volume goes, goes too. */
function displaced(verdict: Verdict, { networks, volumes }: Court): Verdict {
  const { container, service } = verdict
  if (verdict.verdict !== 'keep' && verdict.verdict !== 'amend') return verdict
  if (!service && volumes.some(v => v.verdict === 'recreate' && container.mounts.some(m => m.name === v.volume.name)))
    return { container, verdict: 'remove', why: [reason('volume-recreated')] }
  const recreated = networks.filter(
    n => n.verdict === 'recreate' && (expects(service, n) || container.networks.some(live => live.id === n.live)),
  )
  if (recreated.length === 0) return verdict
  const names = recreated.map(n => n.network.name)
  const endpoints = service ? endpointsOf(container, service, names) : []
  const attach = names.flatMap(name => endpoints.find(e => e.network === name) ?? liveEndpoint(container, name) ?? [])
  const before = verdict.verdict === 'amend' ? verdict.amend : { detach: [], attach: [] }
  const amend: Amendment = {
    ...before,
    detach: before.detach.filter(name => !names.includes(name)),
    attach: [...before.attach.filter(e => !names.includes(e.network)), ...attach],
  }
  return {
    container,
    ...(service && { service }),
    verdict: 'amend',
    amend,
    why: [...verdict.why, ...recreated.map(n => reason('network-recreated', { path: `networks.${n.network.key}` }))],
  }
}

function expects(service: DesiredService | undefined, { network }: NetworkVerdict): boolean {
  return service?.model.network_mode === undefined && Object.hasOwn(service?.model.networks ?? {}, network.key)
}

/** What a container that we know nothing else of has on a network: enough to put it back. */
function liveEndpoint(container: ObservedContainer, network: string): EndpointSpec | undefined {
  const live = container.networks.find(n => n.name === network)
  if (!live) return undefined
  return {
    network,
    aliases: live.aliases,
    ...(live.ipv4_address !== undefined && { ipv4_address: live.ipv4_address }),
    ...(live.ipv6_address !== undefined && { ipv6_address: live.ipv6_address }),
  }
}

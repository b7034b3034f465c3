import type { ContainerUpdate, EndpointSpec } from '../../engine/engine.ts'
import type { Question, Reason } from '../../plan/plan.ts'
import type { Origin } from '../../text/origin.ts'
import type { Problem } from '../../text/problem.ts'
import type { Desired, DesiredService } from '../desired.ts'
import type { Observed, ObservedContainer } from '../observe.ts'
import { displaced } from './attachments.ts'
import { judgeOrphans } from './orphans.ts'
import { placeOf, reason } from './reasons.ts'
import { judgeReplica } from './replica.ts'
import { replicasOf } from './replicas.ts'
import { judgeNetworks, judgeVolumes, type NetworkVerdict, type VolumeVerdict } from './resources.ts'

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
  /** Of these, those whose variables a provider or a model has yet to tell. */
  readonly untold?: ReadonlySet<string>
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
  /** `hook`: it runs, and what was to follow its start is not done. */
  readonly run?: 'start' | 'restart' | 'hook'
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
    court.fate.set(service.name, fateOf(judged.verdicts))
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
    problems: [...networks.problems, ...volumes.problems, ...rest.problems, ...paused(replicas)],
  }
}

/** Somebody froze it on purpose, so it stays frozen; but it answers nobody, and the user is told. */
function paused(verdicts: readonly Verdict[]): Problem[] {
  return verdicts
    .filter(v => v.container.state === 'paused' && (v.verdict === 'keep' || v.verdict === 'amend'))
    .map(({ container: { name } }) => ({
      code: 'paused',
      severity: 'warning',
      message: `container "${name}" is paused`,
      hint: 'run "gantry unpause" to let it go on',
    }))
}

/** What judging one thing may look at. */
export interface Court {
  readonly desired: Desired
  readonly observed: Observed
  readonly policy: Policy
  readonly networks: readonly NetworkVerdict[]
  readonly volumes: readonly VolumeVerdict[]
  /** What happens to the containers of services judged so far. */
  readonly fate: Map<string, Fate>
}

/** What others follow from. */
interface Fate {
  /** What happens to the first container, whose namespaces and volumes others borrow. */
  readonly first: 'replaced' | 'started' | 'kept'
  /** Whether any container is replaced. */
  readonly replaced: boolean
}

function fateOf(verdicts: readonly Verdict[]): Fate {
  const isReplaced = (v: Verdict) => v.verdict === 'replace' || v.verdict === 'rebuild'
  const first = verdicts.find(v => v.verdict !== 'remove' && v.verdict !== 'adopt')
  const started = first?.verdict === 'amend' && first.amend.run !== undefined && first.amend.run !== 'hook'
  return {
    first: !first || isReplaced(first) ? 'replaced' : started ? 'started' : 'kept',
    replaced: verdicts.some(isReplaced),
  }
}

function judgeService(service: DesiredService, court: Court): { verdicts: Verdict[]; missing: number[] } {
  const replicas = replicasOf(service, court.observed).map(r => judgeReplica(r, service, court))
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

import type { Reason } from '../../plan/plan.ts'
import type { DesiredService } from '../desired.ts'
import { owesHooks } from '../hook-marks.ts'
import { isUp, type ObservedContainer } from '../observe.ts'
import { isFirm, lostVolumes, networkChanges } from './attachments.ts'
import { mending, onlyByReplacing } from './in-place.ts'
import type { Court, Verdict } from './judge.ts'
import { placeOf, reason } from './reasons.ts'
import type { Replica } from './replicas.ts'
import { staleness } from './staleness.ts'

/** What becomes of a replica: of its container, and of others that bear its number. */
export interface JudgedReplica {
  readonly number: number
  readonly stale: boolean
  readonly main: Verdict
  readonly others: readonly Verdict[]
}

/** Decides between a replica's container and the new ones that an interrupted run left beside it. */
export function judgeReplica(
  { number, main, made, extra }: Replica,
  service: DesiredService,
  court: Court,
): JudgedReplica {
  const why = [reason('leftover')]
  const others = (kept?: ObservedContainer): Verdict[] => [
    ...made.filter(c => c !== kept).map((container): Verdict => ({ container, service, verdict: 'remove', why })),
    ...extra.map((container): Verdict => ({ container, service, verdict: 'remove', why: [reason('duplicate')] })),
  ]
  const { features } = court.desired
  const stale = (c: ObservedContainer, reasons: readonly Reason[]) =>
    isStuck(c) || onlyByReplacing(reasons, c, service, features).length > 0
  const fresh = made.filter(
    c => isFirm(c, service, court) && !stale(c, staleness(c, service, court, { leftover: true })),
  )
  const [best] = [...fresh.filter(isUp), ...fresh]
  if (main) {
    const reasons = staleness(main, service, court)
    // A volume that goes takes the old container with it first, so that nothing could be left of it to fall back on.
    const held = lostVolumes(main, court).length > 0
    if (best && !held && (stale(main, reasons) || !isUp(main))) {
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
      main: underItsName(judgeContainer(main, service, reasons, court), number, court),
      others: others(),
    }
  }
  const [heir] = [best, ...made.filter(isUp), ...made].filter(c => c !== undefined)
  const reasons = staleness(heir!, service, court, { leftover: true })
  const judged = judgeContainer(heir!, service, reasons, court)
  const renamed = withName(judged, service.containerName(number), why)
  return { number, stale: stale(heir!, reasons), main: renamed, others: others(heir) }
}

/** One that stays is given its name, whatever else becomes of it. */
function withName(judged: Verdict, rename: string, why: readonly Reason[]): Verdict {
  if (judged.verdict === 'amend') return { ...judged, amend: { ...judged.amend, rename }, why: [...why, ...judged.why] }
  return judged.verdict === 'keep'
    ? { ...judged, verdict: 'amend', amend: { rename, detach: [], attach: [] }, why }
    : judged
}

/** Somebody may have given a container another name; both spellings of its own, "shop-web-1" and "shop_web_1", are right. */
function underItsName(judged: Verdict, number: number, { observed }: Court): Verdict {
  const { container, service } = judged
  const name = service?.containerName(number)
  const bare = (spelled: string) => spelled.replaceAll('_', '-')
  if (!name || service?.bystander || bare(container.name) === bare(name)) return judged
  if (observed.containers.some(c => c.name === name)) return judged
  return withName(judged, name, [reason('renamed', { from: container.name, to: name })])
}

function judgeContainer(
  container: ObservedContainer,
  service: DesiredService,
  reasons: readonly Reason[],
  court: Court,
): Verdict {
  const lost = lostVolumes(container, court)
  if (lost.length > 0 || container.state === 'dead') {
    const why = lost.length > 0 ? lost.map(to => reason('volume-recreated', { to })) : [reason('dead')]
    return { container, service, verdict: 'rebuild', why }
  }
  if (isStuck(container)) return { container, service, verdict: 'replace', why: [...reasons, reason('stuck')] }
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

/** An engine that is killed while it starts a container leaves its task to containerd, and refuses every start from then on (20.10.24). */
const isStuck = (c: ObservedContainer) => !isUp(c) && /\btask [0-9a-f]{64}: already exists/.test(c.detail?.error ?? '')

function runReason(
  container: ObservedContainer,
  service: DesiredService,
  { observed, policy, fate }: Court,
): { run: 'start' | 'restart' | 'hook'; why: Reason } | undefined {
  if (!policy.start || service.bystander) return undefined
  if (!isUp(container)) {
    const code = container.state === 'created' ? 'created' : 'exited'
    const exitCode = container.detail?.exitCode
    return {
      run: 'start',
      why: reason(code, code === 'exited' && exitCode !== undefined ? { from: String(exitCode) } : {}),
    }
  }
  // Its namespace is a new one now: without a restart it stays in the old, where nobody answers.
  const parent = service.parents.find(p => fate.get(p)?.first === 'started' && service.needs.get(p)?.restart)
  if (parent !== undefined) return { run: 'restart', why: reason('parent-started', { to: parent }) }
  const dependency = [...service.needs].find(([name, need]) => need.restart && fate.get(name)?.replaced)
  if (dependency)
    return {
      run: 'restart',
      why: reason('dependency-replaced', {
        path: 'depends_on',
        to: dependency[0],
        ...placeOf(policy.origin, service.name, `depends_on.${dependency[0]}`),
      }),
    }
  if (container.state === 'running' && owesHooks(observed, container.id))
    return { run: 'hook', why: reason('undone', { path: 'post_start' }) }
  return undefined
}

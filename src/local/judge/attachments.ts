import type { EndpointSpec } from '../../engine/engine.ts'
import type { Reason } from '../../plan/plan.ts'
import type { DesiredService } from '../desired.ts'
import type { ObservedContainer } from '../observe.ts'
import type { Amendment, Court, Verdict } from './judge.ts'
import { placeOf, reason } from './reasons.ts'
import type { NetworkVerdict } from './resources.ts'

/** Networks that a container is to be put on or taken off: those it lacks, and those of the project under an older name. */
export function networkChanges(
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
    const before = container.networks.find(n => n.id === verdict.old?.id)
    if (before) detach.push(before.name)
    wanted.push(name)
    const path = `networks.${key}`
    const about = { path, ...placeOf(policy.origin, service.name, path) }
    why.push(before ? reason('renamed', { ...about, from: before.name, to: name }) : reason('detached', about))
  }
  return { detach, attach: wanted.length ? endpointsOf(container, service, wanted) : [], why }
}

function endpointsOf(container: ObservedContainer, service: DesiredService, names: readonly string[]): EndpointSpec[] {
  const { networks = [] } = service.plainSpec(container.number)
  return networks.filter(n => names.includes(n.network))
}

/** Whether a container can be started as it is: on networks that are there and stay, with volumes that stay. */
export function isFirm(container: ObservedContainer, service: DesiredService, court: Court): boolean {
  const { attach, detach } = networkChanges(container, service, court)
  const shaken = court.networks.some(n => n.verdict === 'recreate' && expects(service, n))
  return attach.length === 0 && detach.length === 0 && !shaken && lostVolumes(container, court).length === 0
}

/** Names of the volumes of a container that are about to be made anew. */
export function lostVolumes({ mounts }: ObservedContainer, { volumes }: Court): string[] {
  return volumes
    .filter(v => v.verdict === 'recreate' && mounts.some(m => m.name === v.volume.name))
    .map(v => v.volume.name)
}

/** A container on a network that is recreated is put back on it, with all that it had there; one whose volume goes, goes too. */
export function displaced(verdict: Verdict, court: Court): Verdict {
  const { networks } = court
  const { container, service } = verdict
  if (verdict.verdict !== 'keep' && verdict.verdict !== 'amend') return verdict
  if (!service && lostVolumes(container, court).length > 0)
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

import type { Feature } from '../../engine/engine.ts'
import { namespaceOwner } from '../../model/graph.ts'
import { LABEL } from '../../model/names.ts'
import type { Reason } from '../../plan/plan.ts'
import type { Origin } from '../../text/origin.ts'
import type { Desired, DesiredService } from '../desired.ts'
import type { Observed, ObservedContainer } from '../observe.ts'
import { foreignLimits } from './in-place.ts'
import type { Court } from './judge.ts'
import { differences, placeOf, reason } from './reasons.ts'

/** Why a container can no longer stand for its service; none: it can. */
export function staleness(
  container: ObservedContainer,
  service: DesiredService,
  { policy, fate, desired, observed }: Court,
  { leftover = false } = {},
): Reason[] {
  const { origin } = policy
  if (service.recreate === 'never') return []
  if (service.recreate === 'always' && !leftover) return [reason('forced')]
  const replaced = service.parents.find(parent => fate.get(parent)?.first === 'replaced')
  if (replaced !== undefined) return [parentReplaced(service, replaced, origin)]
  const told = differences(container, service, origin, desired.features).map(r =>
    isRenamed(r, desired, observed) ? { ...r, code: 'changed' } : r,
  )
  const foreign = foreignLimits(container, service, desired.features)
  const reasons = [...told, ...foreign.filter(({ path }) => !told.some(r => r.path === path))]
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
  else if (runsAnother(container, service, desired.features) && !reasons.some(r => r.path === 'image'))
    reasons.push(
      reason('drifted', {
        path: 'image',
        from: short(container.imageId),
        to: short(service.image!),
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

/** Whether a mount is of a volume whose declaration has another name by now: nobody but the file has changed it. */
function isRenamed({ code, path, from, to }: Reason, { volumes }: Desired, observed: Observed): boolean {
  if (code !== 'drifted' || !path?.startsWith('volumes.')) return false
  const now = volumes.find(v => v.name === to)
  return now !== undefined && observed.volumes.some(v => v.name === from && v.key === now.key)
}

/**
 * Whether a container that somebody made anew, labels and all, runs another image than its label says. Where the engine stores
 * whole manifests its id tells nothing: an index changes with every attestation.
 */
function runsAnother(
  { imageId }: ObservedContainer,
  { imageDetail }: DesiredService,
  features: ReadonlySet<Feature>,
): boolean {
  if (!imageDetail || !features.has('tells-settings')) return false
  return imageDetail.id === imageDetail.digest && imageId !== imageDetail.id
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

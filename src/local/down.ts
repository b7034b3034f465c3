import { LABEL } from '../model/names.ts'
import { draft, type Plan } from '../plan/plan.ts'
import type { Problem } from '../text/problem.ts'
import { addStop } from './draft/drafting.ts'
import { addForgetting } from './hook-marks.ts'
import { reason } from './judge/reasons.ts'
import { hooksOf, type LifecycleWishes } from './lifecycle.ts'
import { isUp, type Observed, type ObservedContainer } from './observe.ts'
import { closure, dependantsOf, inOrderOf, noSuchService, relations } from './relations.ts'
import type { Step } from './steps.ts'
import { containerUnit, imageUnit, networkUnit, volumeUnit } from './units.ts'

export interface DownWishes extends LifecycleWishes {
  /** Also volumes: the project's, and anonymous ones. */
  readonly volumes?: boolean
  readonly removeOrphans?: boolean
  /** Images to be removed, by name. */
  readonly images?: readonly string[]
}

/** Everything of the project stopped and removed, dependants first; volumes only on demand. */
export function planDown(
  observed: Observed,
  wishes: DownWishes,
): { readonly plan: Plan<Step>; readonly problems: readonly Problem[] } {
  const { name, project, separator, services = [], timeout } = wishes
  const replicas = observed.containers.filter(c => c.kind === 'replica')
  const all = relations(replicas, project)
  const problems: Problem[] = []
  const unknown = services.find(service => !all.has(service))
  if (project && unknown !== undefined) throw noSuchService(unknown, all)
  const chosen = services.length ? closure(services, service => dependantsOf(service, all)) : undefined
  const going = new Set(
    observed.containers.filter(c => (chosen ? chosen.has(c.service) && c.kind === 'replica' : goes(c, wishes))),
  )

  const plan = draft<Step>()
  const why = [reason('asked')]
  const removed = new Map<string, number>()
  const stopped = new Map<string, readonly number[]>()
  const end = (c: ObservedContainer, before: readonly number[]): readonly number[] => {
    const unit = containerUnit(c.name, name, separator)
    plan.change(unit, 'remove', why)
    const policy = timeout === undefined ? {} : { timeout }
    const { preStop } = hooksOf(project, c.service)
    const stop = isUp(c)
      ? addStop({ plan, observed, project: name, policy }, unit, c, preStop, why, ...before)
      : undefined
    const step: Step = { op: 'remove-container', container: c.id, volumes: wishes.volumes ?? false }
    removed.set(c.id, plan.add(unit, step, why, stop))
    return stop === undefined ? before : [stop]
  }
  for (const service of inOrderOf(all).toReversed()) {
    const before = dependantsOf(service, all).flatMap(d => [...(stopped.get(d) ?? [])])
    const mine = replicas.filter(c => c.service === service && going.has(c))
    stopped.set(service, mine.length ? mine.flatMap(c => [...end(c, before)]) : before)
  }
  for (const c of going) if (!removed.has(c.id)) end(c, [])

  const after = [...removed.values()]
  for (const network of observed.networks) {
    const users = observed.containers.filter(c => c.networks.some(n => n.id === network.id || n.name === network.name))
    // With services named, a network that others are on is theirs to keep.
    if (chosen && (users.length === 0 || users.some(c => !going.has(c)))) continue
    plan.change(networkUnit(network.name), 'remove', why)
    const step: Step = { op: 'remove-network', network: network.id, tolerate: true }
    plan.add(networkUnit(network.name), step, why, ...users.map(c => removed.get(c.id)))
  }
  if (wishes.volumes) {
    const declared =
      project &&
      new Set(
        Object.values(project.volumes)
          .filter(v => !v.external)
          .map(v => v.name),
      )
    for (const volume of observed.volumes) {
      const users = observed.containers.filter(c => c.mounts.some(m => m.name === volume.name))
      if ((declared && !declared.has(volume.name)) || (chosen && users.some(c => !going.has(c)))) continue
      if (chosen && users.length === 0) continue
      plan.change(volumeUnit(volume.name), 'remove', [reason('data-goes')])
      const step: Step = { op: 'remove-volume', name: volume.name, tolerate: true }
      plan.add(volumeUnit(volume.name), step, why, ...users.map(c => removed.get(c.id)))
    }
  }
  for (const image of wishes.images ?? []) {
    plan.change(imageUnit(image), 'remove', why)
    plan.add(imageUnit(image), { op: 'remove-image', image, tolerate: true }, why, ...after)
  }
  addForgetting(plan, observed)
  const done = plan.done()
  if (done.steps.length === 0 && !chosen)
    problems.push({
      code: 'nothing-to-remove',
      severity: 'warning',
      message: `No resource found to remove for project "${name}".`,
    })
  return { plan: done, problems }
}

/** Without services named: all replicas of what is declared; others, and one-offs, only as orphans; what hooks left, always. */
function goes(c: ObservedContainer, { project, removeOrphans = false }: DownWishes): boolean {
  if (c.kind === 'hook') return true
  if (c.kind === 'stranger') return false
  if (c.kind === 'oneoff') return removeOrphans
  if (!project || Object.hasOwn(project.services, c.service) || Object.hasOwn(project.disabled, c.service)) return true
  const made = c.labels[LABEL.working_dir]
  return removeOrphans && (made === undefined || made === project.working_dir)
}

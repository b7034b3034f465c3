import type { EndpointSpec, LiveMount } from '../../engine/engine.ts'
import { replacementName } from '../../model/names.ts'
import type { Reason } from '../../plan/plan.ts'
import type { DesiredService } from '../desired.ts'
import type { Amendment, Verdict } from '../judge/judge.ts'
import { parentIn } from '../judge/replicas.ts'
import { isUp, type ObservedContainer } from '../observe.ts'
import type { Late, Step } from '../steps.ts'
import {
  type After,
  addGoingOn,
  addHooked,
  addPostStart,
  addStart,
  addStop,
  type Drafting,
  dependenciesReady,
  finalCondition,
  freed,
  namesakes,
  unitOf,
} from './drafting.ts'

/** The steps of one container, in two parts, so that something can come between: all is prepared, then it starts. */
export interface Drafted {
  /** The last steps of the first part. */
  readonly prepared: After
  /** Drafts the second part, and gives the steps after which the container runs under its name. */
  readonly finish: (gate: After) => readonly number[]
}

export function draftRemoval({ container, service, verdict, why }: Verdict, drafting: Drafting): void {
  const { plan, gone } = drafting
  const unit = unitOf(container.name, drafting)
  if (verdict === 'remove') plan.change(unit, 'remove', why)
  const stop = isUp(container) ? addStop(drafting, unit, container, service?.preStop ?? [], why) : undefined
  gone.set(container.id, plan.add(unit, { op: 'remove-container', container: container.id, volumes: false }, why, stop))
}

/** What changes of a container that stays, and then its start where it does not run. */
export function draftAmendment(
  { container, why }: Verdict,
  { rename, update, detach, attach, run }: Amendment,
  service: DesiredService | undefined,
  drafting: Drafting,
): Drafted {
  const { plan, observed, networks, halted } = drafting
  const unit = unitOf(rename ?? container.name, drafting)
  plan.change(unit, run ?? (update ? 'update' : attach.length || detach.length ? 'reattach' : 'rename'), why)
  const { id } = container
  const ids: number[] = []
  if (update) ids.push(plan.add(unit, { op: 'update-container', container: id, change: update }, why))
  const detached = detach.map(network => plan.add(unit, { op: 'disconnect-network', network, container: id }, why))
  for (const endpoint of attach) {
    const { network } = endpoint
    const step: Step = { op: 'connect-network', network, container: id, endpoint: again(endpoint, drafting) }
    ids.push(plan.add(unit, step, why, networks.get(network), ...detached))
  }
  ids.push(...detached)
  if (rename !== undefined)
    ids.push(plan.add(unit, { op: 'rename-container', container: id, to: rename }, why, freed(rename, drafting)))
  if (!run || !service) return { prepared: ids, finish: () => ids }
  return {
    prepared: [halted.get(id), ...ids],
    finish(gate) {
      const after = [
        halted.get(id),
        ...ids,
        ...dependenciesReady(service, drafting),
        ...namesakes(container, drafting),
        ...gate,
      ]
      if (run === 'hook') return [addPostStart(drafting, unit, id, service, why, observed.hookMarks.get(id), ...after)]
      if (run === 'start' || halted.has(id)) return [addStart(drafting, unit, id, service, why, ...after)]
      const { timeout } = drafting.policy
      const step = { op: 'restart-container', container: id, ...(timeout !== undefined && { timeout }) } as const
      return [addHooked(drafting, unit, step, service, why, ...after)]
    },
  }
}

/** A container keeps the MAC address of its first network, where its engine knows no other: it is not asked for again. */
function again({ mac_address, ...endpoint }: EndpointSpec, { desired }: Drafting): EndpointSpec {
  return desired.features.has('endpoint-mac') && mac_address !== undefined ? { ...endpoint, mac_address } : endpoint
}

/** A new container under its own name; `predecessor` has been removed by then and leaves it its anonymous volumes. */
export function draftCreation(
  service: DesiredService,
  number: number,
  verdict: 'create' | 'recreate',
  why: readonly Reason[],
  drafting: Drafting,
  predecessor?: ObservedContainer,
): Drafted {
  const { plan, gone, policy } = drafting
  const name = service.containerName(number)
  const unit = unitOf(name, drafting)
  plan.change(unit, verdict, why)
  const made = plan.add(
    unit,
    createStep(name, service, number, drafting, predecessor),
    why,
    ...foundations(service, drafting),
    freed(name, drafting),
    predecessor && gone.get(predecessor.id),
  )
  return {
    prepared: [made],
    finish: gate =>
      policy.start && !(service.bystander && predecessor && !isUp(predecessor))
        ? [addStart(drafting, unit, name, service, why, made, ...dependenciesReady(service, drafting), ...gate)]
        : [made],
  }
}

/**
 * The new container is made before the old one stops, and the old one is removed only once the new one has been seen to
 * run: whatever fails in between, one of the two can run.
 */
export function draftReplacement(
  { container: old, made, why }: Verdict & { readonly verdict: 'replace' },
  service: DesiredService,
  drafting: Drafting,
): Drafted {
  const { plan, policy, halted, judgement, gated, desired } = drafting
  const name = service.containerName(old.number)
  const unit = unitOf(name, drafting)
  plan.change(unit, 'replace', why)
  const fresh = made?.id ?? replacementName(old.id, name)
  const created = made
    ? undefined
    : plan.add(
        unit,
        createStep(fresh, service, old.number, drafting, old),
        why,
        ...foundations(service, drafting),
        freed(fresh, drafting),
      )
  const dependants = judgement.containers
    .filter(v => v.service?.needs.get(service.name)?.restart)
    .map(v => halted.get(v.container.id))
  // What nobody starts would be waited for without end.
  const ready = policy.start ? dependenciesReady(service, drafting) : []
  const waits = [...ready, ...namesakes(old, drafting)]
  const stopped = isUp(old)
    ? addStop(drafting, unit, old, service.preStop, why, created, ...dependants, ...waits)
    : undefined
  return {
    prepared: [created, stopped, ...waits],
    finish(gate) {
      let seen: number | undefined
      if (policy.start) {
        const after = [stopped, created, ...waits, ...gate]
        const goesOn = made && isUp(made)
        const started = goesOn
          ? addGoingOn(drafting, unit, made.id, service, why, ...after)
          : addStart(drafting, unit, fresh, service, why, ...after)
        const asked = policy.wait ? finalCondition(service.name, desired) : 'running'
        const step: Step = {
          op: 'wait',
          containers: [fresh],
          service: service.name,
          condition: gated.has(service.name) ? 'service_healthy' : asked,
          required: true,
          timeout: policy.wait?.timeout ?? 0,
        }
        seen = plan.add(unit, step, why, started)
      }
      const drop: Step = { op: 'remove-container', container: old.id, volumes: false }
      const removed = plan.add(unit, drop, why, created, stopped, seen)
      return [plan.add(unit, { op: 'rename-container', container: fresh, to: name }, why, removed)]
    },
  }
}

/** What a container must find when it is made: networks, volumes, and those whose namespaces or volumes it borrows. */
function foundations({ model, parents }: DesiredService, { networks, volumes, ready, desired }: Drafting): After {
  const sources = (model.volumes ?? []).filter(v => v.type === 'volume').map(v => v.source)
  return [
    ...desired.networks.filter(n => Object.hasOwn(model.networks ?? {}, n.key)).map(n => networks.get(n.name)),
    ...desired.volumes.filter(v => sources.includes(v.key)).map(v => volumes.get(v.name)),
    ...parents.flatMap(parent => ready.get(parent) ?? []),
  ]
}

function createStep(
  name: string,
  service: DesiredService,
  number: number,
  drafting: Drafting,
  predecessor?: ObservedContainer,
): Step {
  const { parent, late } = borrowing(service, drafting)
  const mounts = drafting.policy.renewAnonVolumes ? undefined : predecessor?.mounts.filter(isAnonymous)
  const spec = service.spec(number, {
    parent,
    linked: name => containersOf(name, drafting),
    ...(predecessor && { replaces: true }),
    ...(mounts && { inherited: { mounts, imageVolumes: service.imageVolumes } }),
  })
  return { op: 'create-container', name, spec, files: service.files, ...(late && { late }) }
}

/** What a service is going to have, by name: of one that is not touched, what there is. */
function containersOf(name: string, { desired, judgement, observed }: Drafting) {
  const service = desired.services.find(s => s.name === name)
  const kept = service
    ? judgement.containers
        .filter(v => v.service === service && v.verdict !== 'remove' && v.verdict !== 'adopt')
        .map(v => v.container.number)
    : observed.containers.filter(c => c.kind === 'replica' && c.service === name).map(c => c.number)
  const numbers = [...kept, ...(judgement.missing.get(name) ?? [])].toSorted((a, b) => a - b)
  const nameOf = (number: number) =>
    service?.containerName(number) ??
    observed.containers.find(c => c.service === name && c.number === number && c.kind === 'replica')!.name
  return [...new Set(numbers)].map(number => ({ name: nameOf(number), number }))
}

/** Placeholders for the containers that a service borrows from, and what they stand for. */
export function borrowing(
  service: DesiredService,
  drafting: Drafting,
): { readonly parent: (service: string) => string | undefined; readonly late?: Late } {
  const refs = service.parents.flatMap(parent => {
    const ref = parentRef(parent, drafting)
    return ref === undefined ? [] : [{ parent, ref, placeholder: `{{container of ${parent}}}` }]
  })
  const parent = (name: string) => refs.find(r => r.parent === name)?.placeholder
  if (refs.length === 0) return { parent }
  const parents = Object.fromEntries(refs.map(r => [r.placeholder, r.ref]))
  return { parent, late: { parents, hashed: service.hashed(parent) } }
}

/** A volume that nobody named. A named one that the service no longer mounts is not to come back as an anonymous one. */
const isAnonymous = ({ type, name = '' }: LiveMount) => type === 'volume' && /^[0-9a-f]{64}$/.test(name)

/** The first container of a service: by id where it is there and stays, else by the name it is going to have. */
function parentRef(service: string, { refs, observed }: Drafting): string | undefined {
  return refs.has(service) ? refs.get(service)![0] : parentIn(observed)(service)
}

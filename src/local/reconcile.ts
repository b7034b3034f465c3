import type { LiveMount } from '../engine/engine.ts'
import { replacementName } from '../model/names.ts'
import { type Draft, draft, type Plan, type Reason, type Unit } from '../plan/plan.ts'
import type { Problem } from '../text/problem.ts'
import type { Desired, DesiredService } from './desired.ts'
import { type Amendment, judge, type Judgement, type Policy, type Verdict } from './judge.ts'
import type { Observed, ObservedContainer } from './observe.ts'
import { reason } from './reasons.ts'
import { draftResources, type Made } from './reconcile-resources.ts'
import { parentIn } from './replicas.ts'
import type { Late, Step } from './steps.ts'
import { containerUnit, serviceUnit } from './units.ts'

export interface Reconciled {
  readonly plan: Plan<Step>
  readonly problems: readonly Problem[]
}

/** The steps that turn `observed` into `desired`. Pure: same inputs, same plan, to the byte. */
export function reconcile(desired: Desired, observed: Observed, policy: Policy): Reconciled {
  const judgement = judge(desired, observed, policy)
  const plan = draft<Step>()
  const court: Court = {
    desired,
    observed,
    policy,
    judgement,
    plan,
    gone: new Map(),
    halted: new Map(),
    ready: new Map(),
    refs: new Map(),
    waits: new Map(),
    gated: gatedServices(desired, judgement),
    networks: new Map(),
    volumes: new Map(),
  }
  for (const v of judgement.containers) if (v.verdict === 'remove' || v.verdict === 'rebuild') draftRemoval(v, court)
  haltDependants(court)
  const resources = draftResources(judgement, court.gone, plan)
  court.networks = resources.networks
  court.volumes = resources.volumes
  for (const service of desired.services) draftService(service, court)
  for (const v of judgement.containers)
    if (!v.service && v.verdict === 'amend') draftAmendment(v, v.amend, undefined, court)
  resources.dropOld([...court.ready.values()].flat())
  if (policy.wait && policy.start)
    for (const service of desired.services)
      awaited(service.name, finalCondition(service, desired), court, policy.wait.timeout)
  for (const question of judgement.questions) plan.ask(question)
  return { plan: plan.done(), problems: judgement.problems }
}

interface Court {
  readonly desired: Desired
  readonly observed: Observed
  readonly policy: Policy
  readonly judgement: Judgement
  readonly plan: Draft<Step>
  /** By container id: the step that removes it. */
  readonly gone: Map<string, number>
  /** By container id: the step that stops it, because what it depends on is about to be replaced. */
  readonly halted: Map<string, number>
  /** By service: the steps after which its containers run, under their names. */
  readonly ready: Map<string, readonly number[]>
  /** By service: its containers, by id where they are there already, else by name. */
  readonly refs: Map<string, readonly string[]>
  readonly waits: Map<string, number>
  /** Services whose health others wait for. */
  readonly gated: ReadonlySet<string>
  networks: Made
  volumes: Made
}

type Condition = Extract<Step, { op: 'wait' }>['condition']

const unitOf = (name: string, { desired }: Court): Unit => containerUnit(name, desired.project, desired.separator)
const isUp = (c: ObservedContainer) => c.state === 'running' || c.state === 'paused' || c.state === 'restarting'
const stopTimeout = ({ policy }: Court) => (policy.timeout === undefined ? {} : { timeout: policy.timeout })

function draftRemoval({ container, verdict, why }: Verdict, court: Court): void {
  const { plan, gone } = court
  const unit = unitOf(container.name, court)
  if (verdict === 'remove') plan.change(unit, 'remove', why)
  const stop = isUp(container)
    ? plan.add(unit, { op: 'stop-container', container: container.id, ...stopTimeout(court) }, why)
    : undefined
  gone.set(container.id, plan.add(unit, { op: 'remove-container', container: container.id, volumes: false }, why, stop))
}

/** Dependants that ask for it (`depends_on.restart`) stop before what they depend on does. */
function haltDependants(court: Court): void {
  for (const v of court.judgement.containers) {
    if (v.verdict !== 'amend' || v.amend.run !== 'restart' || !v.why.some(r => r.code === 'dependency-replaced'))
      continue
    const unit = unitOf(v.container.name, court)
    court.halted.set(
      v.container.id,
      court.plan.add(unit, { op: 'stop-container', container: v.container.id, ...stopTimeout(court) }, v.why),
    )
  }
}

/** Services that somebody who is about to start waits for, to be healthy. */
function gatedServices(desired: Desired, judgement: Judgement): Set<string> {
  const starting = desired.services.filter(
    s =>
      judgement.missing.get(s.name)!.length > 0 ||
      judgement.containers.some(
        v =>
          v.service === s &&
          (v.verdict === 'replace' || v.verdict === 'rebuild' || (v.verdict === 'amend' && v.amend.run)),
      ),
  )
  const needs = starting.flatMap(s => [...s.needs])
  return new Set(needs.filter(([, n]) => n.condition === 'service_healthy' && n.required).map(([name]) => name))
}

function finalCondition({ name }: DesiredService, desired: Desired): Condition {
  const conditions = desired.services.map(s => s.needs.get(name)?.condition)
  return conditions.includes('service_completed_successfully') ? 'service_completed_successfully' : 'running_or_healthy'
}

function draftService(service: DesiredService, court: Court): void {
  const ready: number[] = []
  const refs: string[] = []
  const mine = court.judgement.containers.filter(v => v.service === service)
  for (const v of mine) {
    const name = service.containerName(v.container.number)
    if (v.verdict === 'amend') ready.push(...draftAmendment(v, v.amend, service, court))
    if (v.verdict === 'replace') ready.push(draftReplacement(v, service, court))
    if (v.verdict === 'rebuild')
      ready.push(draftCreation(service, v.container.number, 'recreate', v.why, court, v.container))
    if (v.verdict === 'keep' && court.policy.uncertain.has(service.name))
      court.plan.change(unitOf(v.container.name, court), 'check', [
        reason('if-changed', { path: 'image', to: service.imageName }),
      ])
    if (v.verdict === 'keep' || v.verdict === 'amend') refs.push(v.container.id)
    if (v.verdict === 'replace' || v.verdict === 'rebuild') refs.push(name)
  }
  for (const number of court.judgement.missing.get(service.name)!) {
    const at = court.policy.origin.at(['services', service.name])
    ready.push(draftCreation(service, number, 'create', [reason('missing', at ? { at } : {})], court))
    refs.push(service.containerName(number))
  }
  court.ready.set(service.name, ready)
  court.refs.set(service.name, refs)
}

/** Everything that must be so before a container of a service starts. */
function dependenciesReady(service: DesiredService | undefined, court: Court): (number | undefined)[] {
  return [...(service?.needs ?? [])].flatMap(([name, { condition, required }]): (number | undefined)[] => {
    if (condition === 'service_started' || !court.refs.has(name)) return [...(court.ready.get(name) ?? [])]
    return [...(court.ready.get(name) ?? []), awaited(name, condition, court, 0, required)]
  })
}

/** The step that waits for a service, the same one for all who wait alike. */
function awaited(
  name: string,
  condition: Condition,
  court: Court,
  timeout: number,
  required = true,
): number | undefined {
  const { waits, refs, ready, plan } = court
  const containers = refs.get(name) ?? []
  if (containers.length === 0) return undefined
  const key = `${name} ${condition} ${required} ${timeout}`
  const known = waits.get(key)
  if (known !== undefined) return known
  const step: Step = { op: 'wait', containers, service: name, condition, required, timeout }
  const id = plan.add(serviceUnit(name), step, [], ...(ready.get(name) ?? []))
  waits.set(key, id)
  return id
}

function draftAmendment(
  { container, why }: Verdict,
  { rename, update, detach, attach, run }: Amendment,
  service: DesiredService | undefined,
  court: Court,
): number[] {
  const { plan, gone, networks, halted } = court
  const unit = unitOf(rename ?? container.name, court)
  plan.change(unit, run ?? (update ? 'update' : attach.length || detach.length ? 'reattach' : 'rename'), why)
  const { id } = container
  const before: (number | undefined)[] = []
  if (update) before.push(plan.add(unit, { op: 'update-container', container: id, change: update }, why))
  const detached = detach.map(network => plan.add(unit, { op: 'disconnect-network', network, container: id }, why))
  for (const endpoint of attach) {
    const { network } = endpoint
    before.push(
      plan.add(
        unit,
        { op: 'connect-network', network, container: id, endpoint },
        why,
        networks.get(network),
        ...detached,
      ),
    )
  }
  before.push(...detached)
  if (rename !== undefined) {
    const holder = court.observed.containers.find(c => c.name === rename)
    before.push(
      plan.add(unit, { op: 'rename-container', container: id, to: rename }, why, holder && gone.get(holder.id)),
    )
  }
  const ids = before.filter(step => step !== undefined)
  if (!run || !service) return ids
  const waits = [...dependenciesReady(service, court), ...namesakes(container, court)]
  if (run === 'restart' && !halted.has(id))
    return [plan.add(unit, { op: 'restart-container', container: id, ...stopTimeout(court) }, why, ...ids, ...waits)]
  return [plan.add(unit, startStep(id, service), why, halted.get(id), ...ids, ...waits)]
}

/** Removals of others of the same service and number: what they hold (ports, addresses) this one is about to want. */
function namesakes({ id, service, number }: ObservedContainer, { observed, gone }: Court): (number | undefined)[] {
  return observed.containers
    .filter(c => c.id !== id && c.service === service && c.number === number)
    .map(c => gone.get(c.id))
}

function startStep(container: string, { files, serial }: DesiredService): Step {
  return { op: 'start-container', container, files, serial }
}

/** A new container under its own name; `predecessor` has been removed by then and leaves it its anonymous volumes. */
function draftCreation(
  service: DesiredService,
  number: number,
  verdict: string,
  why: readonly Reason[],
  court: Court,
  predecessor?: ObservedContainer,
): number {
  const { plan, gone, observed, policy } = court
  const name = service.containerName(number)
  const unit = unitOf(name, court)
  plan.change(unit, verdict, why)
  const holder = observed.containers.find(c => c.name === name)
  const made = plan.add(
    unit,
    createStep(name, service, number, court, predecessor),
    why,
    ...foundations(service, court),
    holder && gone.get(holder.id),
    predecessor && gone.get(predecessor.id),
  )
  if (!policy.start) return made
  return plan.add(unit, startStep(name, service), why, made, ...dependenciesReady(service, court))
}

/**
 * The new container is made before the old one stops, and the old one is removed only once the new one has been seen to
 * run: whatever fails in between, one of the two can run.
 */
function draftReplacement(verdict: Verdict & { verdict: 'replace' }, service: DesiredService, court: Court): number {
  const { container: old, made, why } = verdict
  const { plan, policy, gone, halted, judgement } = court
  const name = service.containerName(old.number)
  const unit = unitOf(name, court)
  plan.change(unit, 'replace', why)
  const fresh = made?.id ?? replacementName(old.id, name)
  const holder = court.observed.containers.find(c => c.name === fresh)
  const created = made
    ? undefined
    : plan.add(
        unit,
        createStep(fresh, service, old.number, court, old),
        why,
        ...foundations(service, court),
        holder && gone.get(holder.id),
      )
  const dependants = judgement.containers
    .filter(v => v.service?.needs.get(service.name)?.restart)
    .map(v => halted.get(v.container.id))
  const waits = [...dependenciesReady(service, court), ...namesakes(old, court)]
  const stopped = isUp(old)
    ? plan.add(
        unit,
        { op: 'stop-container', container: old.id, ...stopTimeout(court) },
        why,
        created,
        ...dependants,
        ...waits,
      )
    : undefined
  let seen: number | undefined
  if (policy.start) {
    const started = plan.add(unit, startStep(fresh, service), why, stopped, created, ...waits)
    const condition = court.gated.has(service.name)
      ? 'service_healthy'
      : policy.wait
        ? finalCondition(service, court.desired)
        : 'running'
    const timeout = policy.wait?.timeout ?? 0
    seen = plan.add(
      unit,
      { op: 'wait', containers: [fresh], service: service.name, condition, required: true, timeout },
      why,
      started,
    )
  }
  const removed = plan.add(
    unit,
    { op: 'remove-container', container: old.id, volumes: false },
    why,
    created,
    stopped,
    seen,
  )
  return plan.add(unit, { op: 'rename-container', container: fresh, to: name }, why, removed)
}

/** What a container must find when it is made: networks, volumes, and those whose namespaces or volumes it borrows. */
function foundations(service: DesiredService, { networks, volumes, ready, judgement }: Court): (number | undefined)[] {
  const names = (keys: Iterable<string>, of: 'networks' | 'volumes') =>
    of === 'networks'
      ? judgement.networks.filter(n => [...keys].includes(n.network.key)).map(n => networks.get(n.network.name))
      : judgement.volumes.filter(v => [...keys].includes(v.volume.key)).map(v => volumes.get(v.volume.name))
  return [
    ...names(Object.keys(service.model.networks ?? {}), 'networks'),
    ...names(
      (service.model.volumes ?? []).flatMap(v => (v.type === 'volume' && v.source !== undefined ? [v.source] : [])),
      'volumes',
    ),
    ...service.parents.flatMap(parent => ready.get(parent) ?? []),
  ]
}

function createStep(
  name: string,
  service: DesiredService,
  number: number,
  court: Court,
  predecessor?: ObservedContainer,
): Step {
  const parents = new Map(service.parents.map(parent => [parent, parentRef(parent, court)]))
  const placeholder = (parent: string) => (parents.get(parent) === undefined ? undefined : `{{container of ${parent}}}`)
  const known = [...parents].filter((pair): pair is [string, string] => pair[1] !== undefined)
  const late: Late | undefined = known.length
    ? {
        parents: Object.fromEntries(known.map(([parent, ref]) => [placeholder(parent)!, ref])),
        hashed: service.hashed(placeholder),
      }
    : undefined
  const spec = service.spec(number, {
    parent: placeholder,
    ...(predecessor && { replaces: true }),
    ...(predecessor &&
      !court.policy.renewAnonVolumes && {
        inherited: { mounts: predecessor.mounts.filter(isAnonymous), imageVolumes: service.imageVolumes },
      }),
  })
  return { op: 'create-container', name, spec, files: service.files, ...(late && { late }) }
}

/** A volume that nobody named. A named one that the service no longer mounts is not to come back as an anonymous one. */
const isAnonymous = ({ type, name = '' }: LiveMount) => type === 'volume' && /^[0-9a-f]{64}$/.test(name)

/** The first container of a service: by id where it is there and stays, else by the name it is going to have. */
function parentRef(service: string, { refs, observed }: Court): string | undefined {
  return refs.has(service) ? refs.get(service)![0] : parentIn(observed)(service)
}

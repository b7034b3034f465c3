import type { Draft, Reason, Unit } from '../../plan/plan.ts'
import type { Desired, DesiredService } from '../desired.ts'
import { begunMark, type HookMarks, OWED, owesHooks } from '../hook-marks.ts'
import type { Judgement, Policy } from '../judge/judge.ts'
import type { Observed, ObservedContainer } from '../observe.ts'
import type { KeptHook, Step } from '../steps.ts'
import { containerUnit, serviceUnit } from '../units.ts'
import type { Made } from './resources.ts'

/** What adding starts and stops with their hooks takes. */
export interface Hooking {
  readonly plan: Draft<Step>
  readonly observed: Observed
  readonly project: string
}

/** What is known while the steps of one plan are drafted. */
export interface Drafting extends Hooking {
  readonly desired: Desired
  readonly policy: Policy
  readonly judgement: Judgement
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

export type Condition = Extract<Step, { op: 'wait' }>['condition']
export type After = readonly (number | undefined)[]

export const unitOf = (name: string, { desired }: Drafting): Unit =>
  containerUnit(name, desired.project, desired.separator)

/** The step that removes whatever holds a name now. */
export function freed(name: string, { observed, gone }: Drafting): number | undefined {
  const holder = observed.containers.find(c => c.name === name)
  return holder && gone.get(holder.id)
}

/** Removals of others of the same service and number: what they hold (ports, addresses) this one is about to want. */
export function namesakes({ id, service, number }: ObservedContainer, { observed, gone }: Drafting): After {
  return observed.containers
    .filter(c => c.id !== id && c.service === service && c.number === number)
    .map(c => gone.get(c.id))
}

/** Everything that must be so before a container of a service starts. */
export function dependenciesReady(service: DesiredService | undefined, drafting: Drafting): After {
  const { ready, refs } = drafting
  return [...(service?.needs ?? [])].flatMap(([name, { condition, required }]): After => {
    if (condition === 'service_started' || !refs.has(name)) return ready.get(name) ?? []
    return [...(ready.get(name) ?? []), awaited(name, condition, drafting, 0, required)]
  })
}

/** The step that waits for a service, the same one for all who wait alike. */
export function awaited(
  name: string,
  condition: Condition,
  drafting: Drafting,
  timeout: number,
  required = true,
): number | undefined {
  const { waits, refs, ready, plan } = drafting
  const containers = refs.get(name) ?? []
  if (containers.length === 0) return undefined
  const key = `${name} ${condition} ${required} ${timeout}`
  const known = waits.get(key)
  if (known !== undefined) return known
  const step: Step = { op: 'wait', containers, service: name, condition, required, timeout }
  const id = plan.add(waitUnit(name, containers, drafting), step, [], ...(ready.get(name) ?? []))
  waits.set(key, id)
  return id
}

/** A wait for one container is told as its own, one for several as their service's. */
function waitUnit(service: string, refs: readonly string[], drafting: Drafting): Unit {
  const [ref, ...others] = refs
  if (ref === undefined || others.length > 0) return serviceUnit(service)
  return unitOf(drafting.observed.containers.find(c => c.id === ref)?.name ?? ref, drafting)
}

/** What a service is to be in the end: done, where somebody depends on that, else up and healthy. */
export function finalCondition(service: string, { services }: Desired): Condition {
  const conditions = services.map(s => s.needs.get(service)?.condition)
  return conditions.includes('service_completed_successfully') ? 'service_completed_successfully' : 'running_or_healthy'
}

/** A stop, and before it what the service wants to be run in the container. Gives the last step. */
export function addStop(
  { plan, observed, policy, project }: Hooking & { readonly policy: Pick<Policy, 'timeout'> },
  unit: Unit,
  container: ObservedContainer,
  hooks: DesiredService['preStop'],
  why: readonly Reason[],
  ...after: After
): number {
  const before = addPreStop({ plan, observed, project }, unit, container, hooks, why, ...after)
  const timeout = policy.timeout === undefined ? {} : { timeout: policy.timeout }
  return plan.add(unit, { op: 'stop-container', container: container.id, ...timeout }, why, ...before)
}

export function addPreStop(
  { plan, observed, project }: Hooking,
  unit: Unit,
  { id, service }: ObservedContainer,
  hooks: DesiredService['preStop'],
  why: readonly Reason[],
  ...after: After
): After {
  return hooks.reduce((before: After, hook, i) => {
    const kept = keptHook(begunMark('pre_stop', i), project, observed.hookMarks.get(id))
    const step: Step = { op: 'run-hook', container: id, service, hook, when: 'pre_stop', kept }
    return [plan.add(unit, step, why, ...before)]
  }, after)
}

function keptHook(mark: string, project: string, marks: HookMarks | undefined): KeptHook {
  const begun = marks?.begun.get(mark)
  return { project, mark, ...(begun !== undefined && { begun }) }
}

/** A start, and after it what the service wants to be run in the container. Gives the last step. */
export function addStart(
  hooking: Hooking,
  unit: Unit,
  container: string,
  service: Pick<DesiredService, 'name' | 'files' | 'serial' | 'postStart'>,
  why: readonly Reason[],
  ...after: After
): number {
  const { files, serial } = service
  const start: Step = { op: 'start-container', container, files, serial }
  return addHooked(hooking, unit, start, service, why, ...after)
}

/** One that an interrupted run has started: it is started no more, but what was to follow may be undone. */
export function addGoingOn(
  hooking: Hooking,
  unit: Unit,
  container: string,
  service: DesiredService,
  why: readonly Reason[],
  ...after: After
): number {
  const started = addStart(hooking, unit, container, { ...service, postStart: [] }, why, ...after)
  if (!owesHooks(hooking.observed, container)) return started
  return addPostStart(hooking, unit, container, service, why, hooking.observed.hookMarks.get(container), started)
}

/** A start or a restart, and after it the service's hooks; that they are owed is kept from before it until they are done. */
export function addHooked(
  hooking: Hooking,
  unit: Unit,
  start: Step & { readonly op: 'start-container' | 'restart-container' },
  service: Pick<DesiredService, 'name' | 'postStart'>,
  why: readonly Reason[],
  ...after: After
): number {
  const { plan, observed, project } = hooking
  if (service.postStart.length === 0) return plan.add(unit, start, why, ...after)
  const { container } = start
  const stale = observed.hookMarks.get(container)?.marks ?? []
  const owed = plan.add(unit, { op: 'owe-hooks', container, project, stale }, why, ...after)
  const started = plan.add(unit, start, why, owed)
  return addPostStart(hooking, unit, container, service, why, undefined, started)
}

/** What is to follow a start; with `marks`, what an interrupted run has left of it. */
export function addPostStart(
  { plan, project }: Hooking,
  unit: Unit,
  container: string,
  { name: service, postStart }: Pick<DesiredService, 'name' | 'postStart'>,
  why: readonly Reason[],
  marks: HookMarks | undefined,
  ...after: After
): number {
  const begun = postStart.map((_, i) => begunMark('post_start', i))
  const last = postStart.reduce((before: After, hook, i) => {
    const kept = keptHook(begun[i]!, project, marks)
    return [plan.add(unit, { op: 'run-hook', container, service, hook, when: 'post_start', kept }, why, ...before)]
  }, after)
  return plan.add(unit, { op: 'settle-hooks', container, marks: [OWED, ...begun] }, why, ...last)
}

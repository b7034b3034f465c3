import type { Draft, Reason, Unit } from '../../plan/plan.ts'
import type { Desired, DesiredService } from '../desired.ts'
import type { Judgement, Policy } from '../judge/judge.ts'
import type { Observed, ObservedContainer } from '../observe.ts'
import type { Step } from '../steps.ts'
import { containerUnit, serviceUnit } from '../units.ts'
import type { Made } from './resources.ts'

/** What is known while the steps of one plan are drafted. */
export interface Drafting {
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
  { plan, policy }: Pick<Drafting, 'plan'> & { readonly policy: Pick<Policy, 'timeout'> },
  unit: Unit,
  container: ObservedContainer,
  hooks: DesiredService['preStop'],
  why: readonly Reason[],
  ...after: After
): number {
  const before = addPreStop({ plan }, unit, container, hooks, why, ...after)
  const timeout = policy.timeout === undefined ? {} : { timeout: policy.timeout }
  return plan.add(unit, { op: 'stop-container', container: container.id, ...timeout }, why, ...before)
}

export function addPreStop(
  { plan }: Pick<Drafting, 'plan'>,
  unit: Unit,
  { id, service }: ObservedContainer,
  hooks: DesiredService['preStop'],
  why: readonly Reason[],
  ...after: After
): After {
  return hooks.reduce((before: After, hook) => {
    const step: Step = { op: 'run-hook', container: id, service, hook, when: 'pre_stop' }
    return [plan.add(unit, step, why, ...before)]
  }, after)
}

/** A start, and after it what the service wants to be run in the container. Gives the last step. */
export function addStart(
  { plan }: Pick<Drafting, 'plan'>,
  unit: Unit,
  container: string,
  service: Pick<DesiredService, 'name' | 'files' | 'serial' | 'postStart'>,
  why: readonly Reason[],
  ...after: After
): number {
  const { files, serial } = service
  const started = plan.add(unit, { op: 'start-container', container, files, serial }, why, ...after)
  return addPostStart({ plan }, unit, container, service, why, started)
}

export function addPostStart(
  { plan }: Pick<Drafting, 'plan'>,
  unit: Unit,
  container: string,
  { name, postStart }: Pick<DesiredService, 'name' | 'postStart'>,
  why: readonly Reason[],
  started: number,
): number {
  return postStart.reduce(
    (before, hook) =>
      plan.add(unit, { op: 'run-hook', container, service: name, hook, when: 'post_start' }, why, before),
    started,
  )
}

import type { Separator } from '../model/names.ts'
import type { Project } from '../model/project.ts'
import { draft, type Plan, type Unit } from '../plan/plan.ts'
import { userError } from '../text/problem.ts'
import { type HookContainer, postStart, preStop } from './container/hooks.ts'
import { injectedFiles } from './container/injected-files.ts'
import { addHooked, addPostStart, addPreStop, addStart, addStop } from './draft/drafting.ts'
import { owesHooks } from './hook-marks.ts'
import { reason } from './judge/reasons.ts'
import { isUp, type Observed, type ObservedContainer } from './observe.ts'
import { closure, dependantsOf, inOrderOf, noSuchService, type Relations, relations } from './relations.ts'
import type { InjectedFile, Step } from './steps.ts'
import { containerUnit, serviceUnit } from './units.ts'

export interface LifecycleWishes {
  readonly name: string
  readonly project: Project | undefined
  readonly separator: Separator
  /** All without it. */
  readonly services?: readonly string[]
  /** Milliseconds. */
  readonly timeout?: number
}

const asked = [reason('asked')]

/** Stops what runs, dependants first. */
export function planStop(observed: Observed, wishes: LifecycleWishes): Plan<Step> {
  const { all, mine, unit, hooks } = overview(observed, wishes)
  const chosen = new Set(wishes.services?.length ? named(wishes.services, all) : all.keys())
  const plan = draft<Step>()
  const hooking = { plan, observed, project: wishes.name }
  const stopped = new Map<string, number[]>()
  for (const service of inOrderOf(all).toReversed()) {
    if (!chosen.has(service)) continue
    const before = dependantsOf(service, all).flatMap(d => stopped.get(d) ?? [])
    const steps = mine(service)
      .filter(isUp)
      .map(c => {
        plan.change(unit(c), 'stop', asked)
        return addStop({ ...hooking, policy: timeoutOf(wishes) }, unit(c), c, hooks(service).preStop, asked, ...before)
      })
    // Between two that run may stand one that does not.
    stopped.set(service, steps.length ? steps : before)
  }
  return plan.done()
}

/** Starts what is there and does not run, and what the named services need. */
export function planStart(
  observed: Observed,
  wishes: LifecycleWishes & {
    readonly wait?: { readonly timeout: number }
    /** Containers to be run to their end before the first of a service starts; `sibling` lends them its volumes. */
    readonly preStart?: (service: string, sibling: string) => readonly HookContainer[]
  },
): Plan<Step> {
  const { all, mine, unit, hooks } = overview(observed, wishes)
  const needed = (name: string) => [...(all.get(name)?.keys() ?? [])].filter(n => all.has(n))
  const chosen = wishes.services?.length ? closure(named(wishes.services, all), needed) : new Set(all.keys())
  for (const service of wishes.services ?? [])
    if (mine(service).length === 0)
      throw userError('no-container', `service "${service}" has no container to start`, 'run "gantry up" first')
  const plan = draft<Step>()
  const hooking = { plan, observed, project: wishes.name }
  const ready = new Map<string, number[]>()
  const wait = waits(plan, mine, unit, ready)
  for (const service of inOrderOf(all)) {
    if (!chosen.has(service)) continue
    const idle = mine(service).filter(c => !isUp(c))
    const hooked = idle.length > 0 && idle.length === mine(service).length
    const hookContainers = hooked ? (wishes.preStart?.(service, idle[0]!.id) ?? []) : []
    let before: readonly (number | undefined)[] = idle.length ? conditions(service, all, wait, ready) : []
    hookContainers.forEach(({ name, spec }, i) => {
      const step: Step = { op: 'run-to-end', name, spec, what: `service "${service}" pre_start[${i}]` }
      before = [plan.add(serviceUnit(service), step, asked, ...before)]
    })
    const files = filesOf(wishes.project, service)
    const serial = wishes.project?.services[service]?.ports?.some(p => p.published?.includes('-')) ?? false
    const start = { name: service, files, serial, postStart: hooks(service).postStart }
    ready.set(
      service,
      idle.map(c => {
        plan.change(unit(c), 'start', asked)
        return addStart(hooking, unit(c), c.id, start, asked, ...before)
      }),
    )
    for (const c of mine(service)) {
      if (!wishes.project || c.state !== 'running' || !owesHooks(observed, c.id)) continue
      const why = [reason('undone', { path: 'post_start' })]
      plan.change(unit(c), 'hook', why)
      const marks = observed.hookMarks.get(c.id)
      ready.get(service)!.push(addPostStart(hooking, unit(c), c.id, start, why, marks))
    }
  }
  if (wishes.wait)
    for (const service of chosen) {
      const done = dependantsOf(service, all, d => d.condition === 'service_completed_successfully').length > 0
      wait(service, done ? 'service_completed_successfully' : 'running_or_healthy', true, wishes.wait.timeout)
    }
  return plan.done()
}

/** Restarts the named services, and after them the dependants that ask for it (`depends_on.restart`). */
export function planRestart(observed: Observed, wishes: LifecycleWishes & { readonly noDeps?: boolean }): Plan<Step> {
  const { all, mine, unit, hooks } = overview(observed, wishes)
  const follow = (name: string) => dependantsOf(name, all, d => d.restart === true)
  const first = wishes.services?.length ? named(wishes.services, all) : [...all.keys()]
  const chosen = wishes.noDeps ? new Set(first) : closure(first, follow)
  const plan = draft<Step>()
  const hooking = { plan, observed, project: wishes.name }
  const ready = new Map<string, number[]>()
  const wait = waits(plan, mine, unit, ready)
  const related: Relations = new Map(
    [...all].map(([name, needs]) => [name, new Map([...needs].filter(([dep, d]) => d.restart && chosen.has(dep)))]),
  )
  for (const service of inOrderOf(all)) {
    if (!chosen.has(service)) continue
    const before = wishes.noDeps ? [] : conditions(service, related, wait, ready)
    ready.set(
      service,
      mine(service).map(c => {
        plan.change(unit(c), 'restart', asked)
        const { preStop, postStart } = hooks(service)
        const ended = isUp(c) ? addPreStop(hooking, unit(c), c, preStop, asked, ...before) : before
        const step = { op: 'restart-container', container: c.id, ...timeoutOf(wishes) } as const
        return addHooked(hooking, unit(c), step, { name: service, postStart }, asked, ...ended)
      }),
    )
  }
  return plan.done()
}

function overview(observed: Observed, { name, project, separator }: LifecycleWishes) {
  const replicas = observed.containers.filter(c => c.kind === 'replica')
  const all = relations(replicas, project)
  return {
    all,
    mine: (service: string) => replicas.filter(c => c.service === service),
    unit: (c: ObservedContainer) => containerUnit(c.name, name, separator),
    hooks: (service: string) => hooksOf(project, service),
  }
}

/** The named services; throws UserError for one that is neither declared nor there. */
function named(services: readonly string[], all: Relations): readonly string[] {
  const unknown = services.find(service => !all.has(service))
  if (unknown !== undefined) throw noSuchService(unknown, all)
  return services
}

const timeoutOf = ({ timeout }: LifecycleWishes) => (timeout === undefined ? {} : { timeout })

function filesOf(project: Project | undefined, service: string): readonly InjectedFile[] {
  return project && Object.hasOwn(project.services, service) ? injectedFiles(project, service) : []
}

/** What the files say is to be run in a service's containers; labels do not say it. */
export function hooksOf(project: Project | undefined, service: string) {
  return {
    postStart: project ? postStart(project, service) : [],
    preStop: project ? preStop(project, service) : [],
  }
}

type WaitFor = (
  service: string,
  condition: Extract<Step, { op: 'wait' }>['condition'],
  required: boolean,
  timeout?: number,
) => number | undefined

/** Steps that wait for a service, one for all who wait alike. */
function waits(
  plan: ReturnType<typeof draft<Step>>,
  mine: (service: string) => readonly ObservedContainer[],
  unit: (container: ObservedContainer) => Unit,
  ready: ReadonlyMap<string, readonly number[]>,
): WaitFor {
  const known = new Map<string, number>()
  return (service, condition, required, timeout = 0) => {
    const [first, ...others] = mine(service)
    if (!first) return undefined
    const containers = [first, ...others].map(c => c.id)
    const key = `${service} ${condition} ${required} ${timeout}`
    const id =
      known.get(key) ??
      plan.add(
        others.length === 0 ? unit(first) : serviceUnit(service),
        { op: 'wait', containers, service, condition, required, timeout },
        [],
        ...(ready.get(service) ?? []),
      )
    known.set(key, id)
    return id
  }
}

function conditions(
  service: string,
  all: Relations,
  wait: WaitFor,
  ready: ReadonlyMap<string, readonly number[]>,
): (number | undefined)[] {
  return [...(all.get(service) ?? [])].flatMap(([dependency, { condition, required }]) => [
    ...(ready.get(dependency) ?? []),
    condition === 'service_started' ? undefined : wait(dependency, condition, required),
  ])
}

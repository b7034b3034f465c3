import { desire } from '../local/desired.ts'
import { localImages } from '../local/images/images.ts'
import { parentIn } from '../local/judge/replicas.ts'
import { type LifecycleWishes, planRestart, planStart, planStop } from '../local/lifecycle.ts'
import { lostHooks } from '../local/lost-hooks.ts'
import { type Observed, observe } from '../local/observe.ts'
import { withProviders } from '../local/outside.ts'
import { isLeftBehind } from '../local/perform/claim.ts'
import type { Step } from '../local/steps.ts'
import type { Project } from '../model/project.ts'
import { isEmpty, outline, type Plan } from '../plan/plan.ts'
import type { Origin } from '../text/origin.ts'
import { carryOut } from './carry-out.ts'
import { claimed } from './claimed.ts'
import type { Stage } from './event.ts'
import type { ActionOptions } from './options.ts'
import { outside } from './outside.ts'
import type { PlanOptions } from './plan-up.ts'
import { type UpResult, up } from './up.ts'

export interface LifecycleOptions extends ActionOptions {
  /** All without it. */
  readonly services?: readonly string[]
  /** Where attributes were written, for telling which line to change. */
  readonly origin?: Origin
  /** How long a container may take to stop, in milliseconds; without it, its own. */
  readonly timeout?: number
}

export interface LifecycleResult {
  readonly stages: readonly Stage[]
  readonly changed: boolean
}

/** Starts containers that exist, in the order of their dependencies. `name` alone works from labels. */
export async function start(
  name: string,
  project: Project | undefined,
  options: LifecycleOptions & { readonly wait?: boolean; readonly waitTimeout?: number },
): Promise<LifecycleResult> {
  const wait = options.wait ? { wait: { timeout: options.waitTimeout ?? 0 } } : {}
  const hooksOf = project && (await preStartOf(project, options))
  return carry('start', name, project, options, (observed, wishes) =>
    planStart(observed, { ...wishes, ...wait, ...(hooksOf && { preStart: hooksOf(observed) }) }),
  )
}

/** The containers of `pre_start` hooks, as `up` makes them; undefined where there are none. */
async function preStartOf(project: Project, { engine, separator = '-' }: LifecycleOptions) {
  if (!Object.values(project.services).some(s => s.pre_start?.length)) return undefined
  const images = await localImages(engine, project, separator)
  return (observed: Observed) => {
    const parent = parentIn(observed)
    const { services } = desire(project, { separator, features: engine.info.features, images, parent })
    return (service: string, sibling: string) =>
      services.find(s => s.name === service)?.preStart(sibling, { parent }) ?? []
  }
}

/** Stops running containers, dependants first. */
export function stop(name: string, project: Project | undefined, options: LifecycleOptions): Promise<LifecycleResult> {
  return carry('stop', name, project, options, planStop)
}

/** Restarts containers, and with them the dependants that ask for it (`depends_on.restart`). */
export function restart(
  name: string,
  project: Project | undefined,
  options: LifecycleOptions & { readonly noDeps?: boolean },
): Promise<LifecycleResult> {
  const deps = options.noDeps ? { noDeps: true } : {}
  return carry('restart', name, project, options, (observed, wishes) => planRestart(observed, { ...wishes, ...deps }))
}

/** Brings services to a number of containers each: `up` without building, of the services named. */
export function scale(
  project: Project,
  numbers: Readonly<Record<string, number>>,
  options: ActionOptions & Pick<PlanOptions, 'origin' | 'noDeps' | 'timeout'>,
): Promise<UpResult> {
  return up(project, { ...options, services: Object.keys(numbers), scale: numbers, noBuild: true })
}

async function carry(
  verb: string,
  name: string,
  project: Project | undefined,
  options: LifecycleOptions,
  draft: (observed: Observed, wishes: LifecycleWishes) => Plan<Step>,
): Promise<LifecycleResult> {
  const { engine, emit, signal, separator = '-', services, timeout, limit } = options
  const beside = verb === 'stop' && project ? await outside({ ...project, models: {} }, options) : undefined
  const driven = beside?.commanding('stop').filter(service => !services?.length || services.includes(service)) ?? []
  const planned = async () => {
    const observed = await observe(engine, name)
    const own = draft(observed, {
      name,
      project,
      separator,
      ...(services && { services }),
      ...(timeout !== undefined && { timeout }),
    })
    const plan = driven.length > 0 && project ? withProviders(own, project, driven, 'stop') : own
    const stages: readonly Stage[] = [{ name: 'change', outline: outline(plan) }]
    return { plan, stages, claims: observed.claims, problems: lostHooks(plan, observed, project) }
  }
  const first = await planned()
  signal.throwIfAborted()
  for (const problem of first.problems) emit({ type: 'problem', problem })
  emit({ type: 'plan', stages: first.stages })
  const changed = first.plan.changes.length > 0
  const { claims: seen } = first
  if (options.dryRun || (isEmpty(first.plan) && !seen.some(isLeftBehind))) return { stages: first.stages, changed }
  const stages = await claimed(verb, name, { ...options, seen }, async ({ signal }) => {
    const { plan, stages } = await planned()
    if (JSON.stringify(stages) !== JSON.stringify(first.stages)) emit({ type: 'plan', stages })
    const run = {
      engine,
      emit,
      signal,
      project: name,
      ...(project && { declared: project }),
      ...(options.origin && { origin: options.origin }),
      ...(limit !== undefined && { limit }),
    }
    await carryOut(plan, { ...run, ...(beside && { outside: beside.perform }) })
    return stages
  })
  return { stages, changed }
}

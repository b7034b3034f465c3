import type { ContainerState } from '../engine/engine.ts'
import { type Observed, observe } from '../local/observe.ts'
import { isLeftBehind } from '../local/perform/claim.ts'
import type { StartingContainer } from '../local/perform/perform.ts'
import type { Project } from '../model/project.ts'
import { isEmpty } from '../plan/plan.ts'
import { carryOut } from './carry-out.ts'
import { claimed } from './claimed.ts'
import type { Stage } from './event.ts'
import type { ActionOptions } from './options.ts'
import { type Around, hasChanges, type PlanOptions, planned } from './plan-up.ts'

export interface UpOptions extends ActionOptions, PlanOptions {
  /** Called between making ready and starting each container: the place to attach to its output. */
  readonly beforeStart?: (container: StartingContainer) => Promise<void>
}

/** A container of the project after the action. */
export interface LiveContainer {
  readonly id: string
  readonly name: string
  readonly service: string
  readonly number: number
  readonly state: ContainerState
}

export interface UpResult {
  readonly stages: readonly Stage[]
  /** Whether anything was done (under `dryRun`: would be). */
  readonly changed: boolean
  /** Containers of the selected services, by name. Empty under `dryRun`. */
  readonly containers: readonly LiveContainer[]
}

/**
 * Brings the selected services up: pulls and builds what is needed, then creates, replaces and starts containers.
 * Throws UserError for what cannot be asked, PlanFailed where steps failed, the signal's reason where it was aborted.
 */
export function up(project: Project, options: UpOptions): Promise<UpResult> {
  return bringUp(project, options)
}

/** As `up`, of what is around a service that gets a container of its own making. */
export async function bringUp(project: Project, options: UpOptions, around?: Around): Promise<UpResult> {
  const { engine, emit, signal, beforeStart, limit } = options
  const run = {
    engine,
    emit,
    signal,
    project: project.name,
    declared: project,
    origin: options.origin,
    ...(limit !== undefined && { limit }),
  }
  const plans = await planned(project, options, around)
  const { selected, prepare, changes, again } = plans
  emit({ type: 'plan', stages: plans.stages })
  const changed = hasChanges(plans.stages)
  if (options.dryRun) return { stages: plans.stages, changed, containers: [] }
  await carryOut(prepare, { ...run, outside: plans.beside.perform })
  await plans.beside.settle()
  const ready = isEmpty(prepare)
    ? { plan: changes.plan, stages: plans.stages, observed: changes.observed }
    : await again()
  const { claims: seen } = ready.observed
  if (isEmpty(ready.plan) && !seen.some(isLeftBehind))
    return { stages: ready.stages, changed, containers: alive(ready.observed, selected) }
  const verb = options.noStart ? 'create' : 'up'
  const { stages, after } = await claimed(verb, project.name, { ...options, seen }, async ({ signal, from }) => {
    const now = await again({ ...(from === 'nobody' && { unlessSame: true }) })
    await carryOut(now.plan, { ...run, signal, ...(beforeStart && { beforeStart }) })
    // The claim is given back meanwhile.
    const after = observe(engine, project.name)
    after.catch(() => {})
    return { stages: now.stages, after }
  })
  const containers = alive(await after, selected)
  return { stages, changed: changed || hasChanges(stages), containers }
}

function alive({ containers }: Observed, selected: Project): LiveContainer[] {
  return containers
    .filter(c => c.kind === 'replica' && Object.hasOwn(selected.services, c.service))
    .map(({ id, name, service, number, state }) => ({ id, name, service, number, state }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

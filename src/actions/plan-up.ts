import { imageOf } from '../local/images/names.ts'
import { imagePlan, type PullPolicy } from '../local/images/plan.ts'
import type { Observed } from '../local/observe.ts'
import type { Step } from '../local/steps.ts'
import type { Project } from '../model/project.ts'
import { select } from '../model/select.ts'
import { isEmpty, outline, type Plan, together } from '../plan/plan.ts'
import type { Origin } from '../text/origin.ts'
import type { Problem } from '../text/problem.ts'
import type { Stage } from './event.ts'
import { type Furnished, furnish } from './furnish.ts'
import { type Looked, type LookOptions, look } from './look.ts'
import type { ActionOptions } from './options.ts'
import type { Outside } from './outside.ts'
import { checkedScale, recreation } from './per-service.ts'
import { withMore } from './with-more.ts'

export interface PlanOptions {
  /** Where attributes were written, for the reasons of the plan. */
  readonly origin: Origin
  /** Named services and, without `noDeps`, what they depend on; all without it. */
  readonly services?: readonly string[]
  readonly noDeps?: boolean
  /** Networks and volumes that no selected service uses as well. */
  readonly allResources?: boolean
  readonly scale?: Readonly<Record<string, number>>
  readonly recreate?: 'changed' | 'always' | 'never'
  /** Also replace unchanged containers of services that are here as dependencies only. */
  readonly recreateDeps?: boolean
  readonly removeOrphans?: boolean
  readonly build?: boolean
  readonly noBuild?: boolean
  readonly pull?: PullPolicy
  /** Create, and start nothing. */
  readonly noStart?: boolean
  readonly wait?: boolean
  /** Milliseconds. */
  readonly waitTimeout?: number
  /** How long a container may take to stop, in milliseconds; without it, its own. */
  readonly timeout?: number
  readonly renewAnonVolumes?: boolean
  /** What is seen by a look that has begun already. */
  readonly seen?: Promise<Observed>
}

/** What a service of the project that is not brought up has got already, for the services that are. */
export interface Around {
  readonly furnished: Furnished
  /** The service that is left alone. */
  readonly without: string
}

/** What `up` would do; executes nothing. */
export async function planUp(
  project: Project,
  options: PlanOptions & Pick<ActionOptions, 'engine' | 'emit' | 'signal' | 'separator'>,
): Promise<readonly Stage[]> {
  return (await planned(project, { ...options, dryRun: true })).stages
}

/** Whether a plan changes anything: what a policy repeats on every run is only a check. */
export function hasChanges(stages: readonly Stage[]): boolean {
  return stages.some(s => s.outline.changes.some(c => c.verdict !== 'check'))
}

/** What is to be done, and a second look at it. */
export interface Planned {
  readonly selected: Project
  readonly beside: Outside
  readonly prepare: Plan<Step>
  readonly changes: Looked
  readonly stages: readonly Stage[]
  /** Looks again, once images are there, and tells the plan if it is another one now. `unlessSame` trusts lists that are the same. */
  readonly again: (options?: {
    readonly unlessSame?: boolean
  }) => Promise<{ plan: Plan<Step>; stages: readonly Stage[]; observed: Observed }>
}

/** Looks, judges and drafts both stages. Throws UserError for what cannot be asked. */
export async function planned(
  project: Project,
  options: PlanOptions & Omit<ActionOptions, 'limit'>,
  around?: Around,
): Promise<Planned> {
  const { engine, emit, signal, separator = '-', origin, ask, dryRun } = options
  const selected = select(project, {
    ...(options.services && { services: options.services }),
    ...(options.noDeps && { noDeps: true }),
    ...(options.allResources && { allResources: true }),
  })
  const scale = checkedScale(project, selected, options)
  const told = new Set<string>()
  const tell = (problems: readonly Problem[]) => {
    for (const problem of problems) {
      if (told.has(problem.message)) continue
      told.add(problem.message)
      emit({ type: 'problem', problem })
    }
  }
  const furnished = around?.furnished ?? (await furnish(selected, { engine, emit, signal, origin, tell }))
  const { beside, contents, proxy } = furnished
  const present = () => without(beside.project(), around?.without)
  const imageOptions = {
    separator,
    origin,
    proxy,
    ...(options.pull !== undefined && { pull: options.pull }),
    ...(options.build && { build: true }),
    ...(options.noBuild && { noBuild: true }),
  }
  let prepare: Plan<Step> | undefined
  const lookOptions: LookOptions = {
    engine,
    ...(ask && { ask }),
    ...(dryRun && { dryRun }),
    wishes: { separator, scale, contents, proxy, recreate: recreation(project, options) },
    policy: {
      orphans: options.removeOrphans ? 'remove' : 'keep',
      start: !options.noStart,
      origin,
      ...(options.wait && { wait: { timeout: options.waitTimeout ?? 0 } }),
      ...(options.timeout !== undefined && { timeout: options.timeout }),
      ...(options.renewAnonVolumes && { renewAnonVolumes: true }),
    },
    consents: new Map(),
    untold: beside.pending,
    beyond: more => withMore(project, present(), more),
    uncertain: images => {
      if (prepare) return new Set()
      const imagesPlan = imagePlan(selected, images, imageOptions)
      prepare = together(imagesPlan, beside.prepare)
      const touched = new Set(imagesPlan.changes.map(c => c.unit.name))
      return new Set(Object.keys(selected.services).filter(s => touched.has(imageOf(selected, s, separator))))
    },
  }
  // Programs beside the engine may have taken their time meanwhile.
  const seen = isEmpty(beside.prepare) ? options.seen : undefined
  const changes = await look(present(), { ...lookOptions, ...(seen && { seen }) })
  signal.throwIfAborted()
  tell(changes.problems)
  const stages = stagesOf(prepare!, changes.plan)
  let shown = JSON.stringify(stages)
  let last = changes
  return {
    selected,
    beside,
    prepare: prepare!,
    changes,
    stages,
    async again({ unlessSame = false } = {}) {
      const before = unlessSame && (last !== changes || isEmpty(prepare!)) ? last : undefined
      last = await look(present(), { ...lookOptions, ...(before && { before }) })
      const { plan, problems, observed } = last
      tell(problems)
      const now: readonly Stage[] = stagesOf(prepare!, plan)
      const text = JSON.stringify(now)
      if (text !== shown) emit({ type: 'plan', stages: now.filter(s => s.name === 'change') })
      shown = text
      return { plan, stages: now, observed }
    },
  }
}

function without(project: Project, name: string | undefined): Project {
  if (name === undefined) return project
  const { [name]: own, ...services } = project.services
  return { ...project, services, disabled: { ...project.disabled, ...(own && { [name]: own }) } }
}

function stagesOf(prepare: Plan<Step>, change: Plan<Step>): readonly Stage[] {
  return [
    ...(isEmpty(prepare) ? [] : [{ name: 'prepare' as const, outline: outline(prepare) }]),
    { name: 'change', outline: outline(change) },
  ]
}

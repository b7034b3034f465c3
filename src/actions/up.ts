import { suggest } from '../base/suggest.ts'
import type { ContainerState } from '../engine/engine.ts'
import { fileContents } from '../local/container/file-contents.ts'
import { scaleOf } from '../local/desired.ts'
import { imageOf } from '../local/images/names.ts'
import { imagePlan, type PullPolicy } from '../local/images/plan.ts'
import { type Observed, observe } from '../local/observe.ts'
import { isLeftBehind } from '../local/perform/claim.ts'
import type { StartingContainer } from '../local/perform/perform.ts'
import type { Step } from '../local/steps.ts'
import type { Project } from '../model/project.ts'
import { select } from '../model/select.ts'
import { isEmpty, outline, type Plan, together } from '../plan/plan.ts'
import type { Origin } from '../text/origin.ts'
import { type Problem, userError } from '../text/problem.ts'
import { carryOut } from './carry-out.ts'
import { claimed } from './claimed.ts'
import type { Stage } from './event.ts'
import { type Furnished, furnish } from './furnish.ts'
import { type Looked, type LookOptions, look } from './look.ts'
import type { ActionOptions } from './options.ts'
import type { Outside } from './outside.ts'

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
}

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

/** What a service of the project that is not brought up has got already, for the services that are. */
export interface Around {
  readonly furnished: Furnished
  /** The service that is left alone. */
  readonly without: string
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

interface Planned {
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

async function planned(
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
  const changes = await look(present(), lookOptions)
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

/** What is there already knows more than the files say; what is added is as these say. */
async function withMore(project: Project, present: Project, more: readonly string[]) {
  const off = Object.fromEntries(more.flatMap(name => (project.disabled[name] ? [[name, project.disabled[name]]] : [])))
  const declared: Project = { ...project, services: { ...project.services, ...off } }
  const dependent = more.find(name => {
    const { depends_on = {}, models, use_api_socket } = declared.services[name]!
    const provided = Object.keys(depends_on).some(other => project.services[other]?.provider)
    return provided || models !== undefined || use_api_socket
  })
  if (dependent !== undefined)
    throw userError(
      'volume-shared',
      `a volume that is to be made anew is also used by "${dependent}", which takes more than its files say`,
      'name that service too',
    )
  const services = [...Object.keys(present.services), ...more]
  const wider = select(declared, { services, noDeps: true })
  const all = {
    ...wider,
    networks: { ...wider.networks, ...present.networks },
    volumes: { ...wider.volumes, ...present.volumes },
    configs: { ...wider.configs, ...present.configs },
    services: { ...wider.services, ...present.services },
  }
  return { project: all, contents: await fileContents(all) }
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

/** Flags speak of the named services (or all); those that are here only because others need them have their own. */
function recreation(project: Project, options: PlanOptions): (service: string) => 'changed' | 'always' | 'never' {
  const { services = [], recreate = 'changed', recreateDeps, renewAnonVolumes } = options
  const named = services.length ? new Set(Object.keys(select(project, { services, noDeps: true }).services)) : undefined
  return service => {
    if (!named || named.has(service)) return renewAnonVolumes ? 'always' : recreate
    if (recreateDeps) return 'always'
    return recreate === 'never' ? 'never' : 'changed'
  }
}

function checkedScale(
  project: Project,
  selected: Project,
  { scale = {} }: PlanOptions,
): Readonly<Record<string, number>> {
  const unknown = Object.keys(scale).find(service => !Object.hasOwn(project.services, service))
  if (unknown !== undefined) {
    const near = suggest(unknown, Object.keys(project.services))
    throw userError('no-such-service', `no such service: ${unknown}: not found`, near && `did you mean "${near}"?`)
  }
  for (const [name, service] of Object.entries(selected.services))
    if (service.container_name !== undefined && scaleOf(service, scale[name]) > 1)
      throw userError(
        'scaled-name',
        `The "${name}" service is using the custom container name "${service.container_name}". Docker requires each container to have a unique name`,
        'remove the custom name to scale the service',
      )
  return scale
}

function alive({ containers }: Observed, selected: Project): LiveContainer[] {
  return containers
    .filter(c => c.kind === 'replica' && Object.hasOwn(selected.services, c.service))
    .map(({ id, name, service, number, state }) => ({ id, name, service, number, state }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

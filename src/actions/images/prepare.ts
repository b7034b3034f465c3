import { type Images, localImages } from '../../local/images/images.ts'
import { type ImageOptions, imagePlan } from '../../local/images/plan.ts'
import type { Step } from '../../local/steps.ts'
import type { Project, Service } from '../../model/project.ts'
import { select } from '../../model/select.ts'
import { isEmpty, outline, type Plan, type Planned } from '../../plan/plan.ts'
import type { Origin } from '../../text/origin.ts'
import { carryOut } from '../carry-out.ts'
import { fromDockerConfig } from '../docker-config.ts'
import type { Stage } from '../event.ts'
import type { ActionOptions } from '../options.ts'

export interface PrepareOptions extends ActionOptions {
  readonly origin: Origin
  /** All without it. */
  readonly services?: readonly string[]
  /** What the named services depend on as well. */
  readonly includeDeps?: boolean
}

export interface BuildOptions extends PrepareOptions {
  /** Bytes that a step of the classic builder may use. */
  readonly memory?: number
}

/** Builds the images of services. Throws UserError for unknown services and builds that we cannot do, PlanFailed where builds failed. */
export async function build(project: Project, options: BuildOptions): Promise<readonly Stage[]> {
  return carryOutPreparation(await buildPlan(project, options), project, options)
}

/** What `build` would do. Throws as it does. */
export async function buildPlan(project: Project, options: BuildOptions): Promise<Plan<Step>> {
  const { memory } = options
  const { plan } = await preparation(
    project,
    options,
    { build: true, allPlatforms: true, ...(memory !== undefined && { memory }) },
    op => op === 'build-image',
    (_, s) => s.build !== undefined,
  )
  return plan
}

/** The first stage of `up` alone, of some services and only some of its steps. */
export async function prepare(
  project: Project,
  options: PrepareOptions,
  wishes: ImageOptions,
  wants: (op: Step['op']) => boolean,
  concerns: (name: string, service: Service) => boolean,
): Promise<readonly Stage[]> {
  const { plan } = await preparation(project, options, wishes, wants, concerns)
  return carryOutPreparation(plan, project, options)
}

/** The plan of it, and the images that it was made from. */
export async function preparation(
  project: Project,
  { engine, separator = '-', origin, services = [], includeDeps = false }: PrepareOptions,
  wishes: ImageOptions,
  wants: (op: Step['op']) => boolean,
  concerns: (name: string, service: Service) => boolean,
): Promise<{ readonly plan: Plan<Step>; readonly images: Images }> {
  const selected = select(project, { services, noDeps: !includeDeps })
  const chosen = Object.entries(selected.services).filter(([name, service]) => concerns(name, service))
  // The others are declared all the same: images may be built on theirs.
  const wanted = {
    ...selected,
    services: Object.fromEntries(chosen),
    disabled: { ...selected.disabled, ...selected.services },
  }
  const [images, { proxy }] = await Promise.all([
    localImages(engine, wanted, separator),
    fromDockerConfig(wanted, engine),
  ])
  return { plan: only(imagePlan(wanted, images, { proxy, ...wishes, separator, origin }), wants), images }
}

/** Tells the plan and does it. Throws PlanFailed where steps failed. */
export async function carryOutPreparation(
  plan: Plan<Step>,
  project: Project,
  { engine, emit, signal, limit, dryRun, origin }: PrepareOptions,
): Promise<readonly Stage[]> {
  const stages: readonly Stage[] = [{ name: 'prepare', outline: outline(plan) }]
  emit({ type: 'plan', stages })
  if (!isEmpty(plan) && !dryRun)
    await carryOut(plan, {
      engine,
      emit,
      signal,
      project: project.name,
      declared: project,
      origin,
      ...(limit !== undefined && { limit }),
    })
  return stages
}

function only(plan: Plan<Step>, wants: (op: Step['op']) => boolean): Plan<Step> {
  const steps = plan.steps.filter(planned => wants(planned.step.op))
  const ids = new Set(steps.map(step => step.id))
  // A build of several images is one step, and a change each.
  const namesOf = ({ unit, step }: Planned<Step>) => [unit.name, ...(step.op === 'build-image' ? step.build.tags : [])]
  const units = new Set(steps.flatMap(namesOf))
  return {
    ...plan,
    changes: plan.changes.filter(change => units.has(change.unit.name)),
    steps: steps.map(step => ({ ...step, after: step.after.filter(id => ids.has(id)) })),
  }
}

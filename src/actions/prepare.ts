import { type ImageOptions, imagePlan, localImages } from '../local/images.ts'
import type { Step } from '../local/steps.ts'
import type { Project, Service } from '../model/project.ts'
import { select } from '../model/select.ts'
import { PlanFailed } from '../plan/execute.ts'
import { isEmpty, outline, type Plan } from '../plan/plan.ts'
import type { Origin } from '../text/origin.ts'
import { carryOut } from './carry-out.ts'
import { fromDockerConfig } from './docker-config.ts'
import type { Stage } from './event.ts'
import type { ActionOptions } from './options.ts'

export interface PrepareOptions extends ActionOptions {
  readonly origin: Origin
  /** All without it. */
  readonly services?: readonly string[]
  /** What the named services depend on as well. */
  readonly includeDeps?: boolean
}

export interface PullOptions extends PrepareOptions {
  /** `missing` leaves what is there; without it everything is asked for anew, but for what each service's policy forbids. */
  readonly policy?: 'missing' | 'always'
  /** Leave out what can be built. */
  readonly ignoreBuildable?: boolean
  /** A pull that fails is a warning. */
  readonly ignoreFailures?: boolean
}

/** Pulls the images of services. Throws UserError for unknown services, PlanFailed where pulls failed. */
export async function pull(project: Project, options: PullOptions): Promise<readonly Stage[]> {
  const { emit, policy = 'always', ignoreBuildable = false, ignoreFailures = false } = options
  const pulled = (service: Service) =>
    service.image !== undefined &&
    !(ignoreBuildable && service.build) &&
    !/^(never|build)$/.test(service.pull_policy ?? '')
  try {
    return await prepare(
      project,
      options,
      { pull: policy, noBuild: true },
      op => op === 'pull-image',
      (_, s) => pulled(s),
    )
  } catch (error) {
    if (!ignoreFailures || !(error instanceof PlanFailed)) throw error
    for (const { unit, error: cause } of error.outcome.failed) {
      const message = `image "${unit.name}" could not be pulled: ${cause instanceof Error ? cause.message : String(cause)}`
      emit({ type: 'problem', problem: { code: 'pull-failed', severity: 'warning', message } })
    }
    return []
  }
}

export interface BuildOptions extends PrepareOptions {
  /** Bytes that a step of the classic builder may use. */
  readonly memory?: number
}

/** Builds the images of services. Throws UserError for unknown services and builds that we cannot do, PlanFailed where builds failed. */
export function build(project: Project, options: BuildOptions): Promise<readonly Stage[]> {
  const { memory } = options
  return prepare(
    project,
    options,
    { build: true, allPlatforms: true, ...(memory !== undefined && { memory }) },
    op => op === 'build-image',
    (_, s) => s.build !== undefined,
  )
}

/** The first stage of `up` alone, of some services and only some of its steps. */
export async function prepare(
  project: Project,
  options: PrepareOptions,
  wishes: ImageOptions,
  wants: (op: Step['op']) => boolean,
  concerns: (name: string, service: Service) => boolean,
): Promise<readonly Stage[]> {
  const { engine, emit, signal, limit, dryRun, separator = '-', origin, services = [], includeDeps = false } = options
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
  const plan = only(imagePlan(wanted, images, { proxy, ...wishes, separator, origin }), wants)
  const stages: readonly Stage[] = [{ name: 'prepare', outline: outline(plan) }]
  emit({ type: 'plan', stages })
  if (!isEmpty(plan) && !dryRun)
    await carryOut(plan, { engine, emit, signal, project: project.name, ...(limit !== undefined && { limit }) })
  return stages
}

function only(plan: Plan<Step>, wants: (op: Step['op']) => boolean): Plan<Step> {
  const steps = plan.steps.filter(planned => wants(planned.step.op))
  const ids = new Set(steps.map(step => step.id))
  const units = new Set(steps.map(step => step.unit.name))
  return {
    ...plan,
    changes: plan.changes.filter(change => units.has(change.unit.name)),
    steps: steps.map(step => ({ ...step, after: step.after.filter(id => ids.has(id)) })),
  }
}

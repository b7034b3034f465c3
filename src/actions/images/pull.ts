import { refreshWindow } from '../../local/images/pull-policy.ts'
import type { Step } from '../../local/steps.ts'
import { imageUnit, serviceUnit } from '../../local/units.ts'
import type { Project, Service } from '../../model/project.ts'
import { select } from '../../model/select.ts'
import { PlanFailed } from '../../plan/execute.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Emit, Stage } from '../event.ts'
import { skipped } from '../skipped.ts'
import { carryOutPreparation, type PrepareOptions, preparation } from './prepare.ts'

export interface PullOptions extends PrepareOptions {
  /** Stands in for the policy of every service. */
  readonly policy?: 'missing' | 'always'
  /** Stands in for the platform of every service: "linux/arm64". */
  readonly platform?: string
  /** Leave out what can be built. */
  readonly ignoreBuildable?: boolean
  /** A pull that fails is a warning. */
  readonly ignoreFailures?: boolean
}

/**
 * Pulls the images of services, each once: anew, but for what a service's policy says otherwise. One that fails is only a warning
 * where a service builds that image. Throws UserError for unknown services, PlanFailed where pulls failed.
 */
export async function pull(project: Project, options: PullOptions): Promise<readonly Stage[]> {
  const { emit, platform, ignoreFailures = false, services = [], includeDeps = false } = options
  const selected = select(project, { services, noDeps: !includeDeps })
  const wanted: Project = {
    ...project,
    services: mapped(project.services, service => ({
      ...service,
      pull_policy: policyOf(service, options),
      ...(platform !== undefined && { platform }),
    })),
  }
  const { plan, images } = await preparation(
    wanted,
    options,
    { pull: 'policy', noBuild: true },
    op => op === 'pull-image',
    (_, service) => isPulled(service, options),
  )
  const adapted = forPull(plan, project, platform)
  const drafted = new Set(adapted.steps.map(({ unit }) => unit.name))
  const told = new Set<string>()
  for (const [name, service] of Object.entries(selected.services)) {
    if (service.provider) continue
    const { image } = service
    const why = whySkipped(service, options) ?? (image !== undefined && !drafted.has(image) ? present : undefined)
    if (why === undefined || told.has(image ?? name)) continue
    if (why === present && !images.of(name)) continue
    told.add(image ?? name)
    emit(skipped(image === undefined ? serviceUnit(name) : imageUnit(image), why || undefined))
  }
  const listening: Emit = event =>
    event.type === 'problem' && event.problem.code === 'pull-failed'
      ? emit({ type: 'problem', problem: { ...event.problem, severity: 'warning', hint: 'build it: gantry build' } })
      : emit(event)
  try {
    return await carryOutPreparation(adapted, project, { ...options, emit: listening })
  } catch (error) {
    if (!ignoreFailures || !(error instanceof PlanFailed)) throw error
    for (const { unit, error: cause } of error.outcome.failed) {
      const message = `image "${unit.name}" could not be pulled: ${cause instanceof Error ? cause.message : String(cause)}`
      emit({ type: 'problem', problem: { code: 'pull-failed', severity: 'warning', message } })
    }
    return []
  }
}

// docker compose's words.
const present = 'Image is already present locally'

/** Why a service has nothing to pull, before the engine was asked; "" where its policy says so. */
function whySkipped(service: Service, options: PullOptions): string | undefined {
  if (service.provider) return ''
  if (service.image === undefined) return 'No image to be pulled'
  if (/^(?:never|build)$/.test(policyOf(service, options))) return ''
  return service.build && options.ignoreBuildable ? 'Image can be built' : undefined
}

const isPulled = (service: Service, options: PullOptions) => whySkipped(service, options) === undefined

/** An image that is there already is asked for anew under `missing` where its tag is one that moves. */
function policyOf(service: Service, { policy }: PullOptions): string {
  const said = policy ?? service.pull_policy ?? 'always'
  if (said !== 'missing' && said !== 'if_not_present') return /^(?:never|build)$/.test(said) ? said : 'always'
  return policy === undefined && isLatest(service.image ?? '') ? 'always' : 'missing'
}

const isLatest = (image: string) => !image.includes('@') && (image.endsWith(':latest') || !/:[^/]*$/.test(image))

/** The plan as it is for pulling alone: what a service builds may be missing from registries. */
function forPull(plan: Plan<Step>, { services }: Project, platform: string | undefined): Plan<Step> {
  const windows = new Set(
    Object.values(services).flatMap(({ image, pull_policy }) => (refreshWindow(pull_policy) ? [image] : [])),
  )
  const built = new Set(Object.values(services).flatMap(({ build, image }) => (build && image ? [image] : [])))
  return {
    ...plan,
    changes: plan.changes.map(change => ({ ...change, why: [{ code: 'asked' }] })),
    steps: plan.steps.map(planned => {
      const { step } = planned
      if (step.op !== 'pull-image') return planned
      const adapted = {
        ...step,
        ...(platform !== undefined && { platform }),
        ...(built.has(step.image) && { tolerate: true }),
        ...(windows.has(step.image) && { refresh: true }),
      }
      return { ...planned, step: adapted }
    }),
  }
}

function mapped<T>(values: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}

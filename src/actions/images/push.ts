import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { layerProgress } from '../../local/images/layer-progress.ts'
import { explained } from '../../local/images/registry-hint.ts'
import { retried } from '../../local/images/retried.ts'
import { imageUnit, serviceUnit } from '../../local/units.ts'
import type { Project } from '../../model/project.ts'
import { select } from '../../model/select.ts'
import { execute, finish } from '../../plan/execute.ts'
import { draft, isEmpty, outline, type Planned, type Unit } from '../../plan/plan.ts'
import type { ActionOptions } from '../options.ts'
import { skipped } from '../skipped.ts'

export interface PushOptions extends Pick<ActionOptions, 'emit' | 'signal' | 'limit' | 'dryRun'> {
  readonly engine: Pick<LiveEngine, 'pushImage'>
  /** All without it. */
  readonly services?: readonly string[]
  /** What the named services depend on as well. */
  readonly includeDeps?: boolean
  /** A push that fails is a warning. */
  readonly ignoreFailures?: boolean
}

interface Push {
  readonly op: 'push-image'
  readonly image: string
}

/**
 * Pushes the images that services build and name, with their other names, each once. Throws UserError for unknown services,
 * PlanFailed where pushes failed; those of other images go on.
 */
export async function push(project: Project, options: PushOptions): Promise<void> {
  const { emit, signal, limit, services = [], includeDeps = false, ignoreFailures = false, dryRun = false } = options
  const selected = select(project, { services, noDeps: !includeDeps })
  const plan = draft<Push>()
  const drafted = new Set<string>()
  for (const [name, { build, image }] of Object.entries(selected.services)) {
    if (!build || image === undefined) {
      emit(skipped(serviceUnit(name), build && 'it names no image'))
      continue
    }
    for (const one of [image, ...(build.tags ?? [])]) {
      if (drafted.has(one)) continue
      drafted.add(one)
      const why = [{ code: 'asked' }]
      plan.change(imageUnit(one), 'push', why)
      plan.add(imageUnit(one), { op: 'push-image', image: one }, why)
    }
  }
  const done = plan.done()
  emit({ type: 'plan', stages: [{ name: 'change', outline: outline(done) }] })
  if (isEmpty(done) || dryRun) return
  const perform = pushing(options)
  const outcome = await execute(done, perform, { emit, signal, ...(limit !== undefined && { limit }) })
  if (ignoreFailures && !signal.aborted && outcome.skipped.length === 0) {
    for (const { unit, error } of outcome.failed)
      emit({
        type: 'problem',
        problem: {
          code: 'push-failed',
          severity: 'warning',
          message: `image "${unit.name}" could not be pushed: ${error instanceof Error ? error.message : String(error)}`,
        },
      })
    return
  }
  finish(outcome, signal)
}

function pushing({ engine, emit, signal }: PushOptions): (step: Push, planned: Planned<Push>) => Promise<void> {
  /** By repository: the push that is under way, or the last one in line. Names of one image share layers, and registries mistake two at once
   * for unfinished ones (docker-registry 2.8: "blob unknown"); the second finds them there. */
  const lines = new Map<string, Promise<void>>()
  const pushOne = async ({ image }: Push, unit: Unit) => {
    const told = layerProgress(unit, progress => emit({ type: 'progress', ...progress }))
    const once = () =>
      engine.pushImage(image, {
        signal,
        onProgress: layer => {
          if (layer.layer !== '') told(layer)
        },
      })
    try {
      await retried(once, {
        signal,
        tell: ({ message }, attempt, of) =>
          emit({
            type: 'problem',
            problem: {
              code: 'push-retried',
              severity: 'warning',
              message: `pushing image "${image}" was cut off and is tried again (${attempt} of ${of}): ${message}`,
            },
          }),
      })
    } catch (error) {
      if (!isEngineError(error) || error.reason === 'cancelled') throw error
      throw explained(error, image, 'pushed', missing(error.message) ? 'build it first: gantry build' : undefined)
    }
  }
  return (step, { unit }) => {
    const repository = step.image.replace(/:[^:/]+$/, '')
    const turn = (lines.get(repository) ?? Promise.resolve()).then(() => pushOne(step, unit))
    lines.set(
      repository,
      turn.catch(() => {}),
    )
    return turn
  }
}

/** What 20.10, 28.5 and Podman 4.3 say of an image that they do not have. */
const missing = (message: string) =>
  /An image does not exist locally|tag does not exist|No such image|image not known/i.test(message)

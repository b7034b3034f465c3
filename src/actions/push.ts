import type { LiveEngine } from '../engine/live.ts'
import { isEngineError } from '../engine/errors.ts'
import { imageUnit } from '../local/units.ts'
import type { Project } from '../model/project.ts'
import { select } from '../model/select.ts'
import type { Emit } from './event.ts'
import { wouldDo } from './would.ts'

export interface PushOptions {
  readonly engine: Pick<LiveEngine, 'pushImage'>
  readonly emit: Emit
  readonly signal: AbortSignal
  /** All without it. */
  readonly services?: readonly string[]
  /** What the named services depend on as well. */
  readonly includeDeps?: boolean
  /** A push that fails is a warning. */
  readonly ignoreFailures?: boolean
  /** Tell what would be pushed and push nothing. */
  readonly dryRun?: boolean
}

/** Pushes the images that services build and name, with their other names. Throws UserError for unknown services, EngineError where a push fails. */
export async function push(project: Project, options: PushOptions): Promise<void> {
  const { engine, emit, signal, services = [], includeDeps = false, ignoreFailures = false, dryRun = false } = options
  const selected = select(project, { services, noDeps: !includeDeps })
  const images = new Set(
    Object.values(selected.services).flatMap(({ build, image }) =>
      build && image !== undefined ? [image, ...(build.tags ?? [])] : [],
    ),
  )
  for (const image of images) {
    const unit = imageUnit(image)
    if (dryRun) {
      wouldDo(emit, unit, 'push')
      continue
    }
    const step = { type: 'step', id: 0, unit, op: 'push-image' } as const
    emit({ ...step, state: 'started' })
    try {
      await engine.pushImage(image, {
        signal,
        onProgress: ({ layer, status, current, total }) =>
          emit({
            type: 'progress',
            unit,
            part: layer,
            text: status,
            ...(current !== undefined && { current }),
            ...(total !== undefined && { total }),
          }),
      })
      emit({ ...step, state: 'done' })
    } catch (error) {
      if (!isEngineError(error)) throw error
      emit({ ...step, state: 'failed', message: error.message })
      if (!ignoreFailures) throw error
    }
  }
}

import type { ContainerDetail } from '../../engine/engine.ts'
import { EngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import type { Step } from '../../local/steps.ts'
import type { Project } from '../../model/project.ts'
import type { Unit } from '../../plan/plan.ts'
import { nowhere, type Origin } from '../../text/origin.ts'
import type { Emit } from '../event.ts'
import { failureEvents, withCauses } from './failure.ts'
import { gatherScene } from './scene.ts'
import { findings } from './why.ts'

export interface RunFailureOptions {
  readonly engine: LiveEngine
  readonly emit: Emit
  readonly signal: AbortSignal
  readonly project: Project
  readonly origin: Origin | undefined
}

/** Tells why a step of `run` failed, as of a plan's; gives the error to throw, without its hint where the causes say what to do. */
export async function explained(error: unknown, step: Step, unit: Unit, options: RunFailureOptions): Promise<unknown> {
  const { engine, emit, signal, project, origin } = options
  if (signal.aborted || !(error instanceof Error)) return error
  const plan = { changes: [], questions: [], steps: [{ id: 0, step, unit, why: [], after: [] }] }
  const outcome = { done: [], skipped: [], failed: [{ id: 0, unit, op: step.op, error }] }
  const cards = await failureEvents(plan, outcome, {
    engine,
    project: project.name,
    declared: project,
    signal,
    ...(origin && { origin }),
  }).catch(() => []) // what happened is told in any case
  for (const card of cards) emit(card)
  const told = cards.flatMap(withCauses).length > 0
  if (!told || !(error instanceof EngineError) || error.hint === undefined) return error
  const { reason, message, code, status } = error
  return new EngineError(reason, message, { code, cause: error, ...(status !== undefined && { status }) })
}

/** What the exit code of a program that was killed is. */
export const KILLED = 137

/**
 * Tells why the program of a one-off was killed: for memory, or from outside. `seen` is its container as it was while it ran, where the
 * engine removes it at its end (`--rm`).
 */
export async function explainKilled(
  { id, name, service, seen }: { id: string; name: string; service: string; seen: ContainerDetail | undefined },
  { engine, emit, signal, project, origin = nowhere }: RunFailureOptions,
): Promise<void> {
  const now = Date.now()
  const last: ContainerDetail | undefined = seen && { ...seen, state: 'exited', exitCode: KILLED, finishedAt: now }
  const remembering = last ? { ...engine, inspectContainer: async () => last } : engine
  const subjects = [{ container: id, name, service }]
  const scene = await gatherScene(project.name, { engine: remembering, declared: project, subjects, now })
  const causes = await findings(scene, { engine, origin, signal })
  for (const finding of causes) if (finding.severity === 'error') emit({ type: 'finding', finding })
}

import { EngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import type { Step } from '../../local/steps.ts'
import type { Project } from '../../model/project.ts'
import type { Unit } from '../../plan/plan.ts'
import type { Origin } from '../../text/origin.ts'
import type { Emit } from '../event.ts'
import { failureEvents } from './failure.ts'

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
  const told = cards.some(
    card => card.type === 'finding' || (card.type === 'container-failed' && card.findings.length > 0),
  )
  if (!told || !(error instanceof EngineError) || error.hint === undefined) return error
  const { reason, message, code, status } = error
  return new EngineError(reason, message, { code, cause: error, ...(status !== undefined && { status }) })
}

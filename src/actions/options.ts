import type { Engine } from '../engine/engine.ts'
import type { Separator } from '../model/names.ts'
import type { Question } from '../plan/plan.ts'
import type { Emit } from './event.ts'

/** What every action that changes the world takes. */
export interface ActionOptions {
  readonly engine: Engine
  readonly emit: Emit
  readonly signal: AbortSignal
  /** Consent to what destroys data; without it the answer is no. */
  readonly ask?: (question: Question) => Promise<boolean>
  /** How many engine calls may run at a time; 0 is no limit. */
  readonly limit?: number
  /** Plans, emits the plan, and touches nothing. */
  readonly dryRun?: boolean
  readonly separator?: Separator
}

import type { Ended, PlanFailed } from '../plan/execute.ts'
import type { Problem } from '../text/problem.ts'
import { clean } from './clean.ts'
import type { Paint } from './paint.ts'
import { problemText } from './problems.ts'
import { count } from './words.ts'

/** What failed, each with what the engine said, and what was left undone because of it. */
export function failureText({ outcome }: PlanFailed, problemOf: (error: unknown) => Problem, paint: Paint): string {
  const failed = outcome.failed.map(({ error }) => problemText(problemOf(error), paint)).join('')
  const left = units(outcome.skipped)
  if (left.length === 0) return failed
  const shown = left.slice(0, 8).map(clean).join(', ')
  const more = left.length > 8 ? ` and ${left.length - 8} more` : ''
  return `${failed}left undone: ${shown}${more} (${count(outcome.done.length, 'step')} done); run again to go on\n`
}

export function failureProblems({ outcome }: PlanFailed, problemOf: (error: unknown) => Problem): readonly Problem[] {
  return outcome.failed.map(({ error }) => problemOf(error))
}

const units = (steps: readonly Ended[]) => [...new Set(steps.map(step => step.unit.short))]

import type { Span } from '../text/source.ts'

/**
 * What is to change, why, and the steps that do it, as plain data.
 * A change is what a user reads (one line); steps are how it is done, each an engine call or a wait.
 */
export interface Plan<S> {
  readonly changes: readonly Change[]
  readonly steps: readonly Planned<S>[]
  readonly questions: readonly Question[]
}

/** A thing that steps act on. `name` is its full name, `short` what a plan calls it ("web-1"). */
export interface Unit {
  readonly kind: string
  readonly name: string
  readonly short: string
}

export interface Change {
  readonly unit: Unit
  /** One word: create, replace, start, remove … */
  readonly verdict: string
  readonly why: readonly Reason[]
}

/** Why, as data; ui makes the words. Values that look secret are masked by whoever makes the reason. */
export interface Reason {
  /** Stable: `missing`, `changed`, `forced`, `exited`, `orphan`, `scaled-down` … */
  readonly code: string
  /** The attribute: `environment.LOG_LEVEL`. */
  readonly path?: string
  readonly from?: string
  readonly to?: string
  readonly at?: Span
}

export interface Planned<S> {
  readonly id: number
  readonly step: S
  readonly unit: Unit
  readonly why: readonly Reason[]
  /** Ids of the steps that must be done before. */
  readonly after: readonly number[]
}

/** Consent that a step needs, because it would destroy data. */
export interface Question {
  readonly id: string
  readonly ask: string
}

export interface Draft<S> {
  change(unit: Unit, verdict: string, why: readonly Reason[]): void
  /** Adds a step and gives its id; undefined entries of `after` are passed over. */
  add(unit: Unit, step: S, why: readonly Reason[], ...after: readonly (number | undefined)[]): number
  ask(question: Question): void
  done(): Plan<S>
}

export function draft<S>(): Draft<S> {
  const changes: Change[] = []
  const steps: Planned<S>[] = []
  const questions: Question[] = []
  return {
    change: (unit, verdict, why) => void changes.push({ unit, verdict, why }),
    add(unit, step, why, ...after) {
      const id = steps.length + 1
      steps.push({ id, step, unit, why, after: [...new Set(after.filter(a => a !== undefined))].sort((a, b) => a - b) })
      return id
    },
    ask: question => void questions.push(question),
    done: () => ({ changes, steps, questions }),
  }
}

/** Two plans as one; nothing of either waits for the other. */
export function together<S>(one: Plan<S>, other: Plan<S>): Plan<S> {
  const offset = one.steps.length
  const shifted = other.steps.map(step => ({ ...step, id: step.id + offset, after: step.after.map(id => id + offset) }))
  return {
    changes: [...one.changes, ...other.changes],
    steps: [...one.steps, ...shifted],
    questions: [...one.questions, ...other.questions],
  }
}

export const isEmpty = (plan: Plan<unknown>): boolean => plan.steps.length === 0 && plan.questions.length === 0

/** What leaves the core: steps hold specs and specs hold secrets, so those stay inside. */
export interface Outline {
  readonly changes: readonly Change[]
  readonly steps: readonly OutlinedStep[]
  readonly questions?: readonly Question[]
}

export interface OutlinedStep {
  readonly id: number
  readonly unit: Unit
  readonly op: string
  readonly why: readonly Reason[]
  readonly after: readonly number[]
}

export function outline(plan: Plan<{ readonly op: string }>): Outline {
  return {
    changes: plan.changes,
    steps: plan.steps.map(({ id, unit, step, why, after }) => ({ id, unit, op: step.op, why, after })),
    ...(plan.questions.length > 0 && { questions: plan.questions }),
  }
}

/** One line a step, for tests and debugging: `[1,2] -> #3 shop-web-1: create-container (missing)`. */
export function format(plan: Plan<{ readonly op: string }>): string {
  return plan.steps
    .map(({ id, step, unit, why, after }) => {
      const causes = why.map(r => r.path ?? r.code).join(', ')
      return `[${after.join(',')}] -> #${id} ${unit.name}: ${step.op}${causes && ` (${causes})`}`
    })
    .join('\n')
}

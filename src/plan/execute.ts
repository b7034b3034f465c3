import type { Problem } from '../text/problem.ts'
import type { Plan, Planned, Unit } from './plan.ts'

/** One step's beginning or end. Times are milliseconds. */
export interface StepEvent {
  readonly type: 'step'
  readonly id: number
  readonly unit: Unit
  readonly op: string
  /** What a step waits for, of one that waits. */
  readonly condition?: string
  readonly state: 'started' | 'done' | 'failed' | 'skipped'
  readonly message?: string
  /** Why what it was to change stays as it is, of a step that may leave it so. */
  readonly kept?: string
  readonly elapsed?: number
}

/** What a step tells that has left things as they are, where it may. */
export interface Kept {
  readonly kept: string
}

/** What was said of a failure's cause: what to do about it, and where. */
export type Told = Pick<Problem, 'hint' | 'at'>

/** How a plan ended: every step is in exactly one of the three. */
export interface Outcome {
  readonly done: readonly Ended[]
  /** `told` where it has been said already why. */
  readonly failed: readonly (Ended & { readonly error: unknown; readonly told?: Told })[]
  readonly skipped: readonly Ended[]
}

export interface Ended {
  readonly id: number
  readonly unit: Unit
  readonly op: string
  readonly condition?: string
}

export interface ExecuteOptions<S> {
  readonly emit?: (event: StepEvent) => void
  /** Aborting lets running steps finish (each is handed the signal as well) and skips the rest. */
  readonly signal?: AbortSignal
  /**
   * How many steps may hold an engine call at a time; 0 is no limit. A step that waits holds no slot. Sixteen by default: on two
   * cores 10 and 50 containers come and go faster than with eight, and than with fifty (Docker 20.10, 28.5).
   */
  readonly limit?: number
  readonly waits?: (step: S) => boolean
}

/** Never throws for a failing step: steps that do not stand on it go on, those that do are skipped, all are accounted for. */
export function execute<S extends { readonly op: string; readonly condition?: string }>(
  plan: Plan<S>,
  perform: (step: S, planned: Planned<S>) => Promise<Kept | void>,
  options: ExecuteOptions<S> = {},
): Promise<Outcome> {
  const { emit = () => {}, signal, limit = 16, waits = () => false } = options
  const outcome = { done: [] as Ended[], failed: [] as (Ended & { error: unknown })[], skipped: [] as Ended[] }
  const left = new Map(plan.steps.map(p => [p.id, new Set(p.after)]))
  const followers = new Map<number, Planned<S>[]>()
  for (const p of plan.steps) for (const id of p.after) followers.set(id, [...(followers.get(id) ?? []), p])
  const ready = plan.steps.filter(p => p.after.length === 0)
  const ended = new Set<number>()
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let slots = limit > 0 ? limit : Number.POSITIVE_INFINITY
  let running = 0

  const account = ({ id, unit, step: { op, condition } }: Planned<S>): Ended => ({
    id,
    unit,
    op,
    ...(condition !== undefined && { condition }),
  })

  const skip = (p: Planned<S>) => {
    if (ended.has(p.id)) return
    ended.add(p.id)
    outcome.skipped.push(account(p))
    emit({ type: 'step', ...account(p), state: 'skipped' })
    for (const next of followers.get(p.id) ?? []) skip(next)
  }

  const run = (p: Planned<S>) => {
    const holdsSlot = !waits(p.step)
    if (holdsSlot) slots--
    running++
    ended.add(p.id)
    const began = performance.now()
    emit({ type: 'step', ...account(p), state: 'started' })
    const end = () => {
      if (holdsSlot) slots++
      running--
    }
    // `then` and not `await`: a step that fails before its first wait must not end inside this loop.
    void Promise.resolve()
      .then(() => perform(p.step, p))
      .then(
        kept => {
          end()
          outcome.done.push(account(p))
          emit({ type: 'step', ...account(p), state: 'done', ...kept, elapsed: performance.now() - began })
          for (const next of followers.get(p.id) ?? []) {
            const waitingFor = left.get(next.id)!
            waitingFor.delete(p.id)
            if (waitingFor.size === 0 && !ended.has(next.id)) ready.push(next)
          }
        },
        (error: unknown) => {
          end()
          outcome.failed.push({ ...account(p), error })
          const message = error instanceof Error ? error.message : String(error)
          emit({ type: 'step', ...account(p), state: 'failed', message, elapsed: performance.now() - began })
          for (const next of followers.get(p.id) ?? []) skip(next)
        },
      )
      .then(pump)
  }

  const pump = () => {
    if (signal?.aborted) for (const p of plan.steps) skip(p)
    for (let i = 0; i < ready.length; ) {
      const p = ready[i]!
      if (ended.has(p.id)) ready.splice(i, 1)
      else if (slots > 0 || waits(p.step)) {
        ready.splice(i, 1)
        run(p)
      } else i++
    }
    if (running === 0) resolve(outcome)
  }

  pump()
  return promise
}

/** A plan's steps failed or were left out; the outcome says which. */
export class PlanFailed extends Error {
  override readonly name = 'PlanFailed'
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    super(outcome.failed.map(f => (f.error instanceof Error ? f.error.message : String(f.error))).join('\n'))
    this.outcome = outcome
  }
}

/** The outcome, or PlanFailed; an abort that left something undone throws the signal's reason. */
export function finish(outcome: Outcome, signal?: AbortSignal): Outcome {
  if (outcome.failed.length > 0 && !signal?.aborted) throw new PlanFailed(outcome)
  if (outcome.skipped.length > 0 || outcome.failed.length > 0) {
    signal?.throwIfAborted()
    throw new PlanFailed(outcome)
  }
  return outcome
}

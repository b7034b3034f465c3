import { type Problem, type Report, UserError } from '../text/problem.ts'

/** Collects what is wrong, so that all of it can be told at once. */
export interface Problems {
  readonly all: readonly Problem[]
  readonly report: Report
  /** All errors so far, to be thrown. */
  error(): UserError
  /** Throws when there is an error. */
  check(): void
  /** Adds what the work throws to what is collected, and throws all of it. */
  catching<T>(work: () => T): T
}

export function collectProblems(): Problems {
  const all: Problem[] = []
  const seen = new Set<string>()
  const report: Report = problem => {
    const { at } = problem
    const key = `${problem.code}\0${at?.source.name}\0${at?.start}\0${problem.message}`
    if (!seen.has(key)) all.push(problem)
    seen.add(key)
  }
  const errors = () => all.filter(problem => problem.severity === 'error')
  return {
    all,
    report,
    error: () => new UserError(errors()),
    check() {
      if (errors().length) throw new UserError(errors())
    },
    catching(work) {
      try {
        return work()
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        for (const problem of error.problems) report(problem)
        throw new UserError(errors())
      }
    },
  }
}

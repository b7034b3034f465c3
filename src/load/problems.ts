import { hiddenIn, withoutSecrets } from '../model/hidden.ts'
import { looksSecret } from '../model/secrets.ts'
import { type Problem, type Report, UserError } from '../text/problem.ts'
import type { Source, Span } from '../text/source.ts'

/** Collects what is wrong, so that all of it can be told at once. */
export interface Problems {
  /** Warnings so far, each once. */
  warnings(): readonly Problem[]
  readonly report: Report
  /** What is in these variables and looks secret by their names is not told from here on. */
  keepSecret(environment: Readonly<Record<string, string>>): void
  /** From here on can be taken back: by calling what this gives. */
  mark(): () => void
  /** Whether an error was reported inside this part of a file. */
  errorWithin(span: Span): boolean
  /** All errors so far, to be thrown: in the order of the files, without those that only follow from others. */
  error(): UserError
  /** Throws when there is an error. */
  check(): void
  /** Adds what the work throws to what is collected, and throws all of it. */
  catching<T>(work: () => T): T
}

/** More than anybody reads; a file that is no Compose file at all can have a mistake on every line. */
const most = 100

export function collectProblems(): Problems {
  const all: Problem[] = []
  const seen = new Set<string>()
  const secrets = new Map<string, string>()
  const report: Report = told => {
    const problem = discreet(told, secrets)
    const key = keyOf(problem)
    if (!seen.has(key)) all.push(problem)
    seen.add(key)
  }
  const errors = () => all.filter(problem => problem.severity === 'error')
  const error = () => new UserError(told(errors()))
  return {
    warnings: () => all.filter(problem => problem.severity !== 'error'),
    report,
    keepSecret(environment) {
      for (const [name, value] of Object.entries(environment))
        if (value !== '' && looksSecret(name)) secrets.set(name, value)
    },
    mark() {
      const kept = all.length
      return () => {
        for (const problem of all.splice(kept)) seen.delete(keyOf(problem))
      }
    },
    errorWithin: span => errors().some(({ at }) => at !== undefined && within(at, span)),
    error,
    check() {
      if (errors().length) throw error()
    },
    catching(work) {
      try {
        return work()
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown
        for (const problem of thrown.problems) report(problem)
        throw error()
      }
    },
  }
}

/** The problem without what its place, or a variable that is named there, holds of secrets: messages quote what somebody wrote. */
function discreet(problem: Problem, variables: ReadonlyMap<string, string>): Problem {
  const { at, message, hint, notes } = problem
  const places = [...(at ? [at] : []), ...(notes ?? []).map(note => note.at)]
  const secrets = places.flatMap(({ source, start, end }) => [
    ...hiddenIn(source, start, end),
    ...[...source.text.slice(start, end).matchAll(/\$\{?(\w+)/g)].flatMap(([, name]) => variables.get(name!) ?? []),
  ])
  if (!secrets.length) return problem
  const told = (sentence: string) => withoutSecrets(sentence, secrets)
  return {
    ...problem,
    message: told(message),
    ...(hint !== undefined && { hint: told(hint) }),
    ...(notes && { notes: notes.map(note => ({ ...note, message: told(note.message) })) }),
  }
}

function keyOf({ code, at, message }: Problem): string {
  return `${code}\0${at?.source.name}\0${at?.start}\0${message}`
}

function told(errors: readonly Problem[]): readonly Problem[] {
  const causes = errors.filter(error => !follows(error, errors))
  const files = new Map<Source['name'] | undefined, number>()
  for (const { at } of causes) if (!files.has(at?.source.name)) files.set(at?.source.name, files.size)
  const file = ({ at }: Problem) => (at ? files.get(at.source.name)! : Number.POSITIVE_INFINITY)
  const sorted = causes.toSorted((a, b) => file(a) - file(b) || (a.at?.start ?? 0) - (b.at?.start ?? 0))
  if (sorted.length <= most) return sorted
  const rest = sorted.length - most
  return [...sorted.slice(0, most), { code: 'more-errors', severity: 'error', message: `and ${rest} more` }]
}

/**
 * A key that is missing because its value could not be read, a file that is empty because nothing in it could be, a further line of
 * a merge conflict.
 */
function follows(error: Problem, errors: readonly Problem[]): boolean {
  if (error.code === 'empty-file') return errors.length > 1
  const { at } = error
  if (error.code === 'merge-conflict')
    return error !== errors.find(other => other.code === error.code && other.at?.source.name === at?.source.name)
  if (error.code !== 'missing-key' || !at) return false
  return errors.some(other => other.code !== 'missing-key' && other.at !== undefined && within(other.at, at))
}

function within(inner: Span, outer: Span): boolean {
  return inner.source === outer.source && inner.start >= outer.start && inner.end <= outer.end
}

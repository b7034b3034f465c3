import { withoutCredentials } from '../base/url-credentials.ts'
import { EngineError } from '../engine/errors.ts'
import { PlanFailed } from '../plan/execute.ts'
import { type Problem, UserError } from '../text/problem.ts'
import { cleanLines } from '../ui/clean.ts'
import { failureProblems, failureText } from '../ui/failure.ts'
import { paint } from '../ui/paint.ts'
import { errorJson, problemsText } from '../ui/problems.ts'
import { look } from '../ui/renderer.ts'
import { asCalled } from './called.ts'
import type { Opened } from './open.ts'
import type { Surroundings } from './run.ts'

/** Tells an error on standard error, as whoever asked can read it, and gives the exit code. */
export async function report(
  error: unknown,
  argv: readonly string[],
  around: Surroundings,
  app: Opened | undefined,
): Promise<number> {
  const { env, stderr } = around
  await app?.close()
  if (app?.signal.aborted && (error === app.signal.reason || isAbort(error))) {
    const told: Problem = {
      code: 'interrupted',
      severity: 'error',
      message: 'interrupted: what was under way is done, the rest is not; run again to go on',
    }
    if (app.look.progress === 'json') stderr.write(errorJson(told))
    else if (app.leavesHalf) stderr.write(`${told.message}\n`)
    else if (stderr.isTTY) stderr.write('\n')
    return 130
  }
  const stacks =
    app?.globals.debug || app?.globals.verbose || app?.globals['log-level'] === 'debug' ? stacksOf(error) : ''
  const wantsJson = app ? app.look.progress === 'json' : asksForJson(argv, env)
  const colours = paint(look({ env, ansi: app?.globals.ansi, out: false, err: stderr.isTTY === true }).colour.err)
  const write = (problems: readonly Problem[], text: string) =>
    stderr.write(wantsJson ? problems.map(errorJson).join('') : text)

  if (error instanceof UserError) {
    const problems = error.problems.map(problem => asCalled(problem, around.called))
    write(problems, problemsText(problems, colours))
  } else if (error instanceof EngineError) {
    const problem = engineProblem(error)
    write([problem], problemsText([problem], colours))
  } else if (error instanceof PlanFailed)
    write(failureProblems(error, problemOf), failureText(error, problemOf, colours))
  else {
    const problem = problemOf(error)
    const stack = problem.code === 'bug' && stacks === '' ? stacksOf(error) : ''
    write([problem], `${problemsText([problem], colours)}${stack}`)
  }
  if (!wantsJson) stderr.write(stacks)
  return app?.signal.aborted ? 130 : 1
}

/** Where an error comes from, and what it comes from; a cause has the words of whoever threw it. */
const stacksOf = (error: unknown): string => cleanLines(withoutCredentials(stackOf(error))).join('\n')

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const inside = error instanceof PlanFailed ? error.outcome.failed.map(failed => stackOf(failed.error)).join('') : ''
  return `${error.stack ?? error.message}\n${error.cause === undefined ? '' : `caused by ${stackOf(error.cause)}`}${inside}`
}

/** All that an error says, for a screen of another kind. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof UserError) return error.problems
  return error instanceof PlanFailed ? failureProblems(error, problemOf) : [problemOf(error)]
}

/** An error as a problem: of the engine, or one of ours. */
function problemOf(error: unknown): Problem {
  if (error instanceof UserError && error.problems[0]) return error.problems[0]
  if (error instanceof EngineError) return engineProblem(error)
  if (error instanceof Error && error.name === 'WaitFailed')
    return { code: 'wait-failed', severity: 'error', message: error.message }
  return bugProblem(error)
}

function engineProblem({ code, message, hint, status, at }: EngineError): Problem {
  return {
    code,
    severity: 'error',
    message: status === undefined ? message : `Error response from daemon: ${message}`,
    ...(hint !== undefined && { hint }),
    ...(at && { at }),
  }
}

function bugProblem(error: unknown): Problem {
  return {
    code: 'bug',
    severity: 'error',
    message: `this is a bug in gantry: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'please report it with the lines below and what you typed',
  }
}

const isAbort = (error: unknown) =>
  (error instanceof Error && error.name === 'AbortError') ||
  (error instanceof EngineError && error.reason === 'cancelled')

/** The flags could not be understood, so whether they ask for JSON is seen roughly. */
function asksForJson(argv: readonly string[], env: Surroundings['env']): boolean {
  const at = argv.indexOf('--progress')
  return argv.includes('--progress=json') || (at >= 0 && argv[at + 1] === 'json') || env.COMPOSE_PROGRESS === 'json'
}

import type { ContainerDetail, Engine } from '../engine/engine.ts'
import { isEngineError } from '../engine/errors.ts'
import type { Step } from '../local/steps.ts'
import { isWaitFailed } from '../local/wait.ts'
import { LABEL } from '../model/names.ts'
import type { Outcome } from '../plan/execute.ts'
import type { Plan, Planned } from '../plan/plan.ts'
import type { FailureEvent } from './event.ts'

const lines = 10

type Reading = Pick<Engine, 'inspectContainer' | 'logs'>

/** For each container that did not come up, all that is known of why. Never throws: it speaks of a failure already. */
export async function failureEvents(plan: Plan<Step>, outcome: Outcome, engine: Reading): Promise<FailureEvent[]> {
  const skipped = new Set(outcome.skipped.map(s => s.id))
  const failed = outcome.failed.flatMap(({ id, error }) => {
    const planned = plan.steps.find(p => p.id === id)
    const ref = planned && containerOf(planned.step, error)
    return planned && ref !== undefined ? [{ planned, ref, error }] : []
  })
  const events = await Promise.all(
    failed.map(async ({ planned, ref, error }) => {
      const detail = await quiet(engine.inspectContainer(ref))
      return detail && describe(planned, detail, error, await lastLines(engine, detail.id), plan, skipped)
    }),
  )
  const known = events.filter(e => e !== undefined).toSorted((a, b) => a.waiting.length - b.waiting.length)
  return [...new Map(known.map(e => [e.container, e])).values()]
}

/** An exit code in words. */
export function exitWords(code: number, { oomKilled = false } = {}): string {
  if (oomKilled) return `exited (${code}): killed, out of memory`
  const signals: Readonly<Record<number, string>> = {
    129: 'hung up (SIGHUP)',
    130: 'interrupted (SIGINT)',
    131: 'quit (SIGQUIT)',
    132: 'illegal instruction (SIGILL)',
    134: 'aborted (SIGABRT)',
    135: 'bus error (SIGBUS)',
    136: 'arithmetic error (SIGFPE)',
    137: 'killed (SIGKILL)',
    139: 'segmentation fault (SIGSEGV)',
    143: 'terminated (SIGTERM)',
  }
  const words: Readonly<Record<number, string>> = {
    ...signals,
    0: 'success',
    125: 'the engine could not run it',
    126: 'its command is not executable',
    127: 'its command was not found',
  }
  const word = words[code]
  return word === undefined ? `exited (${code})` : `exited (${code}): ${word}`
}

function containerOf(step: Step, error: unknown): string | undefined {
  if (isWaitFailed(error)) return error.container || undefined
  // What a container is to do once it has started fails where it has ended meanwhile.
  const starting = step.op === 'start-container' || step.op === 'restart-container'
  return starting || (step.op === 'run-hook' && step.when === 'post_start') ? step.container : undefined
}

function describe(
  planned: Planned<Step>,
  detail: ContainerDetail,
  error: unknown,
  log: readonly string[],
  plan: Plan<Step>,
  skipped: ReadonlySet<number>,
): FailureEvent {
  const ended = detail.state === 'exited' || detail.state === 'dead'
  const probe = detail.health?.log.at(-1)
  const command = detail.spec.healthcheck?.test?.slice(1).join(' ') ?? ''
  const kept = planned.unit.kind === 'container' && replaced(planned, plan, skipped)
  const told = error instanceof Error ? error.message : String(error)
  const program = /exec: "([^"]*)": executable file not found/.exec(told)?.[1]
  return {
    type: 'container-failed',
    container: planned.unit.kind === 'container' ? planned.unit.name : detail.name,
    service: detail.labels[LABEL.service] ?? '',
    cause:
      (isWaitFailed(error) || planned.step.op === 'run-hook') && ended
        ? exitWords(detail.exitCode, detail)
        : isWaitFailed(error)
          ? healthWords(detail, told)
          : program !== undefined
            ? `its command "${program}" was not found`
            : told,
    ...(ended && detail.startedAt > 0 && { exitCode: detail.exitCode }),
    log,
    ...(probe && !ended && { probe: { command, exitCode: probe.exitCode, output: probe.output } }),
    waiting: waitingFor(planned, plan, skipped),
    ...(program !== undefined && { hint: 'the image has no such program: see "command" and "entrypoint"' }),
    ...(kept && {
      kept: planned.unit.name,
      hint: `container "${planned.unit.name}" as it was before is stopped and kept: "docker start ${planned.unit.name}" brings it back`,
    }),
  }
}

function healthWords({ health, restartCount, state }: ContainerDetail, told: string): string {
  if (state === 'restarting') return `restarting over and over (${restartCount} times)`
  if (health?.status !== 'unhealthy') return told
  return `unhealthy: its health check failed ${health.failingStreak} times in a row`
}

/** Whether the failed container was to take another's place, which has not been removed. */
function replaced(planned: Planned<Step>, plan: Plan<Step>, skipped: ReadonlySet<number>): boolean {
  return plan.steps.some(
    p => p.step.op === 'remove-container' && p.unit.name === planned.unit.name && skipped.has(p.id),
  )
}

/** Those that were to start after it, and now do not. */
function waitingFor(failed: Planned<Step>, plan: Plan<Step>, skipped: ReadonlySet<number>): string[] {
  const behind = new Set([failed.id])
  for (const p of plan.steps) if (p.after.some(id => behind.has(id))) behind.add(p.id)
  const units = plan.steps.filter(
    p => behind.has(p.id) && skipped.has(p.id) && p.step.op === 'start-container' && p.unit.name !== failed.unit.name,
  )
  return [...new Set(units.map(p => p.unit.short))]
}

async function lastLines(engine: Reading, id: string): Promise<string[]> {
  const pieces: Uint8Array[] = []
  const read = async () => {
    for await (const { bytes } of engine.logs(id, { tail: lines })) pieces.push(bytes)
  }
  await quiet(read())
  const text = Buffer.concat(pieces).toString('utf8')
  return text === '' ? [] : text.replace(/\n$/, '').split('\n').slice(-lines)
}

/** What is told of a failure must not fail itself: a container that has gone, an engine that cannot read logs. */
async function quiet<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch((error: unknown) => {
    if (isEngineError(error)) return undefined
    throw error
  })
}

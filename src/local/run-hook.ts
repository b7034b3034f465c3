import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeWords } from '../base/exit-code.ts'
import type { ContainerDetail, LogChunk } from '../engine/engine.ts'
import { EngineError, isEngineError } from '../engine/errors.ts'
import { OUR_LABEL } from '../model/names.ts'
import type { Unit } from '../plan/plan.ts'
import { filledIn } from './filled-in.ts'
import { idOf } from './perform/id-of.ts'
import { mark, unmark } from './perform/mark-hooks.ts'
import type { Performing } from './perform/perform.ts'
import { isWaitFailed, WaitFailed } from './perform/wait.ts'
import type { Step } from './steps.ts'

/** Runs a command in a container, before it is stopped or after it has started. */
export async function runHook(
  step: Step & { op: 'run-hook' },
  unit: Unit,
  { engine, signal, progress, hookOutput }: Performing,
) {
  const { container, hook, when, service, kept } = step
  const unlessGone = (error: unknown) => {
    if (when === 'pre_stop' && isEngineError(error, 'not-found', 'conflict')) return 0
    throw error
  }
  if (kept?.begun !== undefined && (await endOf(kept.begun, engine, signal)) === 0)
    return when === 'pre_stop' ? unmark(engine, container, [kept.mark]) : undefined
  const asProgress =
    progress && ((chunk: LogChunk) => progress({ unit, text: Buffer.from(chunk.bytes).toString('utf8') }))
  const told = hookOutput ? (chunk: LogChunk) => hookOutput(unit, service, chunk) : asProgress
  let end = ''
  const options = {
    signal,
    ...(kept && { onCreate: (exec: string) => mark(engine, container, { ...kept, exec }) }),
    onOutput: (chunk: LogChunk) => {
      end = (end + Buffer.from(chunk.bytes).toString('utf8')).slice(-1000)
      told?.(chunk)
    },
  }
  const code = await engine.exec(container, hook, options).catch(unlessGone)
  // Whether a container that stops has been told so is asked again at its next stop.
  if (kept && when === 'pre_stop') await unmark(engine, container, [kept.mark])
  if (code === 0) return
  // What it printed may hold secrets: only a card tells it, which knows them.
  const cause = end.trim().split(/\r?\n/).at(-1)
  throw new EngineError('failed', `${service} hook exited with status ${codeWords(code)}`, { cause })
}

/** The code that a command which an interrupted run has begun ends with; undefined where it was not started, or is forgotten. */
async function endOf(exec: string, engine: Performing['engine'], signal: AbortSignal): Promise<number | undefined> {
  // No stream tells the end of a command that somebody else has started.
  for (let pause = 50; ; pause = Math.min(pause * 2, 500)) {
    const state = await engine.inspectExec(exec)
    if (!state?.running) return state?.exitCode
    await sleep(pause, undefined, { signal })
  }
}

/**
 * What an interrupted run left under its name is gone on with where it is the same and still runs, or has ended well; whatever else
 * is there goes first. One that fails stays, to be looked at.
 */
export async function runToEnd(
  { name, spec, what, late }: Step & { op: 'run-to-end' },
  { engine, signal, waiter }: Performing,
) {
  const filled = late ? await filledIn(spec, late, engine, false) : spec
  const volumes_from = await Promise.all((spec.volumes_from ?? []).map(ref => idOf(engine, ref)))
  const whole = { ...filled, volumes_from }
  const made = createHash('sha256').update(JSON.stringify(whole)).digest('hex').slice(0, 12)
  const left = await engine.inspectContainer(name).catch(gone)
  const goesOn = left?.labels[OUR_LABEL.made] === made && (left.state === 'running' || hasEndedWell(left))
  if (left && !goesOn) await engine.removeContainer(left.id, { force: true, signal }).catch(gone)
  const labels = { ...whole.labels, [OUR_LABEL.made]: made }
  const id = goesOn ? left.id : await engine.createContainer(name, { ...whole, labels }, { signal })
  if (!goesOn) await engine.startContainer(id, { signal })
  const done = { containers: [id], condition: 'service_completed_successfully', timeout: 0 } as const
  await waiter.until({ op: 'wait', service: what, required: true, ...done }, signal).catch(async (error: unknown) => {
    if (!isWaitFailed(error)) throw error
    const { exitCode } = await engine.inspectContainer(id)
    throw new WaitFailed(`${what} exited with code ${codeWords(exitCode)}`, name, what)
  })
  await engine.removeContainer(id, { force: true, volumes: true, signal }).catch(gone)
}

const hasEndedWell = ({ state, exitCode, startedAt }: ContainerDetail) =>
  state === 'exited' && exitCode === 0 && startedAt > 0

/** What is to go has gone already. */
function gone(error: unknown): undefined {
  if (!isEngineError(error, 'not-found')) throw error
}

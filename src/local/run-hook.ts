import { setTimeout as sleep } from 'node:timers/promises'
import { codeWords } from '../base/exit-code.ts'
import type { LogChunk } from '../engine/engine.ts'
import { EngineError, isEngineError } from '../engine/errors.ts'
import type { Unit } from '../plan/plan.ts'
import { mark, unmark } from './perform/mark-hooks.ts'
import type { Performing } from './perform/perform.ts'
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

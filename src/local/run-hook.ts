import { codeWords } from '../base/exit-code.ts'
import type { LogChunk } from '../engine/engine.ts'
import { EngineError, isEngineError } from '../engine/errors.ts'
import type { Unit } from '../plan/plan.ts'
import { filledIn } from './filled-in.ts'
import type { Performing } from './perform/perform.ts'
import { isWaitFailed, WaitFailed } from './perform/wait.ts'
import type { Step } from './steps.ts'

/** Runs a command in a container, before it is stopped or after it has started. */
export async function runHook(
  step: Step & { op: 'run-hook' },
  unit: Unit,
  { engine, signal, progress, hookOutput }: Performing,
) {
  const { container, hook, when, service } = step
  const asProgress =
    progress && ((chunk: LogChunk) => progress({ unit, text: Buffer.from(chunk.bytes).toString('utf8') }))
  const told = hookOutput ? (chunk: LogChunk) => hookOutput(unit, service, chunk) : asProgress
  let end = ''
  const options = {
    signal,
    onOutput: (chunk: LogChunk) => {
      end = (end + Buffer.from(chunk.bytes).toString('utf8')).slice(-1000)
      told?.(chunk)
    },
  }
  const code = await engine.exec(container, hook, options).catch((error: unknown) => {
    if (when === 'pre_stop' && isEngineError(error, 'not-found', 'conflict')) return 0
    throw error
  })
  if (code === 0) return
  // What it printed may hold secrets: only a card tells it, which knows them.
  const cause = end.trim().split(/\r?\n/).at(-1)
  throw new EngineError('failed', `${service} hook exited with status ${codeWords(code)}`, { cause })
}

/** Whatever an interrupted run left under its name goes first; one that failed stays, to be looked at. */
export async function runToEnd(
  { name, spec, what, late }: Step & { op: 'run-to-end' },
  { engine, signal, waiter }: Performing,
) {
  await engine.removeContainer(name, { force: true, signal }).catch(gone)
  const id = await engine.createContainer(name, late ? await filledIn(spec, late, engine, false) : spec, { signal })
  await engine.startContainer(id, { signal })
  const done = { containers: [id], condition: 'service_completed_successfully', timeout: 0 } as const
  await waiter.until({ op: 'wait', service: what, required: true, ...done }, signal).catch(async (error: unknown) => {
    if (!isWaitFailed(error)) throw error
    const { exitCode } = await engine.inspectContainer(id)
    throw new WaitFailed(`${what} exited with code ${codeWords(exitCode)}`, name, what)
  })
  await engine.removeContainer(id, { force: true, volumes: true, signal }).catch(gone)
}

/** What is to go has gone already. */
function gone(error: unknown): void {
  if (!isEngineError(error, 'not-found')) throw error
}

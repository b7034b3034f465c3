import type { ContainerDetail, EngineEvent } from '../engine/engine.ts'

/** A container as it was when it last ended, though its restart policy has started it again since. */
export interface LastEnd {
  readonly container: ContainerDetail
  /** Those of the runs until then, oldest first. */
  readonly events: readonly EngineEvent[]
}

/** So long must one run that crashed before: engines begin to count anew then (moby, `restartmanager.go`). Milliseconds. */
const settled = 10_000

/**
 * What a container that runs again died of: engines keep the number of its restarts, and the code and the OOM flag only until the next
 * start. Undefined for one that has overcome it; an end for lack of memory is told for as long as anybody remembers it.
 */
export function lastEnd(container: ContainerDetail, events: readonly EngineEvent[], now: number): LastEnd | undefined {
  const { state, restartCount, startedAt } = container
  const died = events.findLastIndex(({ action }) => action === 'die')
  const die = events[died]
  if (state !== 'running' || restartCount === 0 || die === undefined) return undefined
  const again = events.findIndex(({ action }, i) => i > died && action === 'start')
  const until = events.slice(0, again < 0 ? undefined : again)
  const began = until.findLastIndex(({ action }) => action === 'start')
  const run = until.slice(Math.max(began, 0))
  const exitCode = die.exitCode ?? 0
  const killed = exitCode === 137 && run.some(({ action }) => action === 'oom')
  const start = until[began]?.time ?? die.time
  const overcome = now - startedAt > Math.max(settled, 2 * (die.time - start))
  if (!killed && (restartCount < 2 || overcome)) return undefined
  return {
    container: { ...container, state: 'restarting', pid: 0, exitCode, startedAt: start, finishedAt: die.time },
    events: until,
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerDetail, Engine, EngineEvent, EventFilter } from '../engine/engine.ts'
import { type EngineError, isEngineError } from '../engine/errors.ts'

/** How long an engine may be away before whoever follows it gives up. Milliseconds. */
const patience = 30_000

/** Whether an error means that the connection is gone, not that the engine said no. */
export const isLost = (error: unknown): boolean => isEngineError(error, 'unreachable', 'failed')

/** Tries again while the engine is away. */
export async function patiently<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  const until = performance.now() + patience
  for (let pause = 50; ; pause = Math.min(1000, pause * 2)) {
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      if (!isEngineError(error, 'unreachable') || performance.now() > until) throw error
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

/** A container as it is, from an engine that may be away; undefined where it is no more, or the signal is aborted. */
export async function detailOf(
  id: string,
  { engine, signal }: { readonly engine: Pick<Engine, 'inspectContainer'>; readonly signal: AbortSignal },
): Promise<ContainerDetail | undefined> {
  try {
    return await patiently(signal, () => engine.inspectContainer(id))
  } catch (error) {
    if (gone(error) || signal.aborted) return undefined
    throw error
  }
}

/** What happens to a project's containers; `undefined` where something may have been missed, so that one must look again. */
export async function steadyEvents(
  engine: Pick<Engine, 'events'>,
  filter: EventFilter,
  signal: AbortSignal,
): Promise<AsyncIterable<EngineEvent | undefined>> {
  const first = await engine.events(filter, { signal })
  return (async function* () {
    for (let events = first; ; ) {
      try {
        yield* events
      } catch (error) {
        if (signal.aborted) return
        if (!isLost(error)) throw error
      }
      if (signal.aborted) return
      // Listening comes before looking, and whoever looks finds an engine that is back.
      events = await patiently(signal, () => engine.events({ project: filter.project }, { signal }))
      yield undefined
    }
  })()
}

export const gone = (error: unknown): error is EngineError => isEngineError(error, 'not-found')

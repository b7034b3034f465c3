import type { Engine, EngineEvent } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { Problem } from '../../text/problem.ts'

/** How far back is looked, milliseconds: about as long as containers are given to stop. */
const past = 60_000
/** For how long the past is listened to, milliseconds. */
const telling = 1500
/** Between the end of a container's time to stop and its end, milliseconds. */
const slack = 2000
/** The specification's default of `stop_grace_period`, milliseconds. */
const grace = 10_000

type Watching = Pick<Engine, 'events' | 'inspectContainer' | 'waitContainer'>

/**
 * Waits for containers that were told to stop, by a command that was cut short, to have ended: the engine goes on with that, and
 * until it is over says that they run.
 */
export async function untilStopped(
  engine: Watching,
  project: string,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (problem: Problem) => void },
): Promise<void> {
  try {
    await Promise.all((await told(engine, project, signal)).map(id => ended(engine, id, signal, tell)))
  } catch (error) {
    signal.throwIfAborted()
    if (!isEngineError(error) || error.reason === 'unreachable') throw error
  }
}

/** Whether an engine is still at stopping containers of a project; no, where it cannot tell. */
export async function isStopping(engine: Watching, project: string): Promise<boolean> {
  try {
    return (await told(engine, project, AbortSignal.timeout(telling))).length > 0
  } catch (error) {
    if (!isEngineError(error)) throw error
    return false
  }
}

/** Containers that were sent a signal which ends them, and have not ended since. */
async function told(engine: Watching, project: string, signal: AbortSignal): Promise<readonly string[]> {
  const now = Date.now()
  const since = String(Math.floor((now - past) / 1000))
  const until = String(Math.ceil(now / 1000))
  const stopping = new Set<string>()
  // An engine whose clock is behind would tell what comes until then.
  const either = AbortSignal.any([signal, AbortSignal.timeout(telling)])
  try {
    for await (const event of await engine.events({ project, since, until }, { signal: either })) {
      if (ends(event)) stopping.add(event.id)
      if (event.action === 'die' || event.action === 'destroy') stopping.delete(event.id)
    }
  } catch (error) {
    if (signal.aborted || !isEngineError(error, 'cancelled')) throw error
  }
  return [...stopping]
}

/** HUP, USR1, USR2 and the like ask a process for something else. */
const ends = ({ action, attributes }: EngineEvent) =>
  action === 'kill' && ['2', '3', '9', '15'].includes(attributes['signal'] ?? '')

async function ended(
  engine: Watching,
  id: string,
  signal: AbortSignal,
  tell: (problem: Problem) => void,
): Promise<void> {
  const { state, spec, name } = await engine.inspectContainer(id)
  if (state !== 'running') return
  const message = `waiting for container "${name}" to stop, as a command had asked that was cut short`
  tell({ code: 'waiting-for-stop', severity: 'info', message })
  const time = (spec.stop_timeout ?? grace) + slack
  const either = AbortSignal.any([signal, AbortSignal.timeout(time)])
  await engine.waitContainer(id, { signal: either }).catch((error: unknown) => {
    // It was told something else, then, and runs on.
    if (signal.aborted || !isEngineError(error, 'cancelled', 'not-found')) throw error
  })
}

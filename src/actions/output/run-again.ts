import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerDetail, Engine } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { Emit } from '../event.ts'
import { detailOf } from '../steady.ts'

export interface Ending {
  readonly engine: Pick<Engine, 'inspectContainer' | 'events'>
  readonly signal: AbortSignal
  readonly emit?: Emit
}

/** How long an engine that is back may take to start again what is always to run. Milliseconds. */
const recovery = 15_000

/**
 * Whether a container that has stopped is in its restart policy's pause, or runs already. An engine that is told to end stops all
 * containers first and, as soon as it is back, starts again what is always to run: that is waited for, and what stays stopped is told.
 */
export async function willRunAgain(id: string, ending: Ending): Promise<boolean> {
  const left = await leaves(ending)
  const first = await detailOf(id, ending)
  if (!left || !first || isAlive(first)) return first !== undefined && isAlive(first)
  const until = performance.now() + recovery
  for (let now: ContainerDetail | undefined = first; now && returns(now); now = await detailOf(id, ending)) {
    if (isAlive(now)) return true
    if (performance.now() > until || ending.signal.aborted) break
    await sleep(200, undefined, { signal: ending.signal }).catch(() => {})
  }
  if (ending.signal.aborted) return false
  const message = `container "${first.name}" was stopped by the engine, which ended, and was not started again`
  const hint = 'run "gantry up" to start it; "restart: unless-stopped" lets the engine do so'
  ending.emit?.({ type: 'problem', problem: { code: 'engine-ended', severity: 'warning', message, hint } })
  return false
}

const isAlive = ({ state }: ContainerDetail) => ['restarting', 'running', 'paused'].includes(state)

const returns = ({ spec: { restart } }: ContainerDetail) => restart === 'always' || restart === 'unless-stopped'

/** Whether the engine takes no new connections: one that ends goes on with those that it has until all containers are stopped. */
async function leaves({ engine, signal }: Ending): Promise<boolean> {
  const looked = new AbortController()
  const either = AbortSignal.any([signal, looked.signal])
  try {
    // Streams are the calls that bring a connection of their own; of what this one would tell nothing is read.
    await engine.events({ project: '-' }, { signal: either })
    return false
  } catch (error) {
    if (signal.aborted) return false
    if (!isEngineError(error)) throw error
    return error.reason === 'unreachable'
  } finally {
    looked.abort()
  }
}

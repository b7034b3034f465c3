import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine, NetworkEndpoint } from '../../engine/engine.ts'
import { EngineError, isEngineError } from '../../engine/errors.ts'
import type { Problem } from '../../text/problem.ts'

type Removing = Pick<Engine, 'removeNetwork' | 'listEndpoints' | 'listContainers' | 'disconnectNetwork'>

export interface RemovingOptions {
  readonly signal: AbortSignal
  /** Told that an endpoint was left behind. */
  readonly warn: (problem: Problem) => void
  /** For how long a network may be held by what is gone, in milliseconds. */
  readonly patience?: number
}

/**
 * Removes a network; one that is not there is removed already. Docker keeps endpoints of containers that were removed while
 * they started or ended (20.10), and refuses then: these are taken off, and nothing else is. Throws EngineError `conflict`, which
 * names the containers that are on it, or says that none is.
 */
export async function removeNetwork(engine: Removing, network: string, options: RemovingOptions): Promise<void> {
  const { signal, warn, patience = 2000 } = options
  const until = performance.now() + patience
  const told = new Set<string>()
  for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
    const refused = await engine.removeNetwork(network).then(
      () => undefined,
      (error: EngineError) => error,
    )
    if (refused === undefined || refused.reason === 'not-found') return
    if (refused.reason !== 'conflict') throw refused
    const { held, left } = await endpoints(engine, network)
    if (held.length > 0) throw naming(refused, held)
    if (performance.now() > until || signal.aborted) throw left.length > 0 ? refused : miscounted(refused)
    for (const { name } of left) {
      await engine.disconnectNetwork(network, name, { force: true }).catch(unlessRefused)
      if (told.has(name)) continue
      told.add(name)
      const message = `took "${name}" off a network that is to go: the container is gone, and the engine had kept its endpoint`
      warn({ code: 'endpoint-left', severity: 'info', message })
    }
    if (left.length === 0) await sleep(pause, undefined, { signal }).catch(() => {})
  }
}

/** Those of containers that there are, and those left by others. */
async function endpoints(engine: Removing, network: string) {
  const on = await engine.listEndpoints(network)
  // Looked at after the endpoints: a container that is there by now is not gone.
  const there = await engine.listContainers({ all: true })
  const isHeld = ({ container, name }: NetworkEndpoint) => there.some(c => c.id === container || c.name === name)
  return { held: on.filter(isHeld), left: on.filter(e => !isHeld(e)) }
}

function naming(error: EngineError, held: readonly NetworkEndpoint[]): EngineError {
  const unnamed = held.filter(({ name }) => !error.message.includes(name)).map(({ name }) => `"${name}"`)
  if (unnamed.length === 0) return error
  const { reason, hint, status } = error
  const message = `${error.message} (${unnamed.join(', ')})`
  return new EngineError(reason, message, {
    ...(hint !== undefined && { hint }),
    ...(status !== undefined && { status }),
    cause: error,
  })
}

/** Docker 20.10 counts endpoints beside keeping them, and puts the count right when it starts. */
function miscounted(error: EngineError): EngineError {
  const message = `${error.message}, and yet no container is on it: the engine has miscounted, and lets go of it when it is restarted`
  const hint = 'the network can be used as it is until the engine is restarted'
  return new EngineError(error.reason, message, { hint, cause: error })
}

/** One that goes by itself meanwhile: the next attempt tells. */
function unlessRefused(error: unknown): void {
  if (!isEngineError(error) || error.reason === 'unreachable') throw error
}

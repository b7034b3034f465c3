import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineEvent } from '../../engine/engine.ts'
import { type EngineError, isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { LABEL } from '../../model/names.ts'
import type { Project } from '../../model/project.ts'
import type { Origin } from '../../text/origin.ts'
import type { Problem } from '../../text/problem.ts'
import type { Emit } from '../event.ts'
import { willRunAgain } from '../output/run-again.ts'
import { steadyEvents } from '../steady.ts'
import { type Crashes, crashes } from '../why/crash.ts'
import { witness } from '../why/witness.ts'

export interface Listening {
  /** Something is about to be done to containers: what crashes from now on is told, also of those that were told of before. */
  acts(): void
  /** Emits what is told of that meanwhile, so that nothing is told twice. */
  readonly tell: Emit
  /** Rejects where it cannot go on. */
  readonly ended: Promise<void>
}

export interface ListeningOptions {
  readonly engine: LiveEngine
  readonly emit: Emit
  readonly signal: AbortSignal
  /** The project as it is now. */
  readonly loaded: () => { readonly project: Project; readonly origin: Origin }
  /** Containers of a service have started; without one, some of any may have, unheard. */
  readonly started: (service: string | undefined) => Promise<void>
  /** Somebody else tells why containers crash. */
  readonly quiet: boolean
}

/**
 * Hears what becomes of a project's containers until the signal aborts, and tells why they crash, each once for every time that
 * something was done. An engine that is away is waited for, however long.
 */
export function listen({ engine, emit, signal, loaded, started, quiet }: ListeningOptions): Listening {
  const { heard, seen } = witness()
  const newCrashes = (): Crashes => {
    const { project, origin } = loaded()
    return crashes(project, { engine, emit, origin, signal, seen, shows: () => false })
  }
  /** Containers that whoever did something has told of. */
  let told = new Set<string>()
  let crashed = newCrashes()
  const died = async ({ id, exitCode = 0, attributes }: EngineEvent) => {
    const service = attributes[LABEL.service]
    if (quiet || exitCode === 0 || service === undefined || !Object.hasOwn(loaded().project.services, service)) return
    const again = await willRunAgain(id, { engine, signal })
    crashed.allUp(told)
    crashed.ended({ id, service }, again)
  }
  const follow = async () => {
    for await (const event of await steadyEvents(engine, { project: loaded().project.name }, signal)) {
      if (event) heard(event)
      // Why something failed must not fail itself.
      if (event?.action === 'die') void died(event).catch(() => {})
      if (!event || event.action === 'start') await started(event?.attributes[LABEL.service])
    }
  }
  const ended = (async () => {
    while (!signal.aborted) {
      try {
        await follow()
      } catch (error) {
        if (signal.aborted) return
        if (!isEngineError(error)) throw error
        emit({ type: 'problem', problem: away(error) })
        await sleep(1000, undefined, { signal }).catch(() => {})
      }
    }
  })()
  return {
    tell(event) {
      if (event.type === 'container-failed') told.add(event.container)
      emit(event)
    },
    acts() {
      told = new Set()
      crashed = newCrashes()
    },
    ended,
  }
}

const away = ({ message }: EngineError): Problem => ({
  code: 'watch-engine-away',
  severity: 'warning',
  message,
  hint: 'watching goes on: what changes meanwhile is sent once the engine is back',
})

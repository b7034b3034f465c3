import type { ContainerDetail, Engine, EngineEvent } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { Problem } from '../../text/problem.ts'
import { look, type Wait } from './look.ts'
import { unprobed } from './unprobed.ts'

/** A container is not, and will not be, what was waited for. */
export class WaitFailed extends Error {
  override readonly name = 'WaitFailed'
  readonly container: string
  readonly service: string
  constructor(message: string, container: string, service: string) {
    super(message)
    this.container = container
    this.service = service
  }
}

export interface Waiter {
  /** Resolves once all containers of the step are what is waited for. Throws WaitFailed, EngineError, or the signal's reason. */
  until(step: Wait, signal: AbortSignal): Promise<void>
  close(): void
}

export interface WaiterOptions {
  /** How long a container without health check must stay up to count as running, in milliseconds. */
  readonly settle?: number
  /** After how long a silent engine is asked again, in milliseconds: events can be lost, waits must not be. */
  readonly again?: number
  /** How long an engine that was away may take to start again what is to be restarted always, in milliseconds. */
  readonly recovery?: number
  /** By how much an engine may be late with a health check, in milliseconds, before that is told. */
  readonly slack?: number
  readonly warn?: (problem: Problem) => void
}

type Looking = Pick<Engine, 'events' | 'inspectContainer'>

/**
 * Waits on one event stream, opened when the first wait needs it and shared by all. Each wait looks at once, and again
 * at every event of its container.
 */
export function waiter(engine: Looking, project: string, options: WaiterOptions = {}): Waiter {
  const { settle = 1000, again = 5000, recovery = 15_000, slack = 15_000, warn = () => {} } = options
  const closing = new AbortController()
  const listeners = new Set<(event: EngineEvent | undefined) => void>()
  /** Containers whose health nobody finds out, told once. */
  const silence = new Set<string>()
  let listening: Promise<void> | undefined
  /** When the engine was last found to be away. */
  let away = Number.NEGATIVE_INFINITY

  /** Resolves once events come in; when the stream ends, everybody looks for himself. */
  const listen = (): Promise<void> => {
    listening ??= engine.events({ project }, { signal: closing.signal }).then(
      events => void follow(events),
      (error: unknown) => {
        listening = undefined
        throw error
      },
    )
    return listening
  }
  const follow = async (events: AsyncIterable<EngineEvent>) => {
    try {
      for await (const event of events) for (const listener of listeners) listener(event)
    } catch (error) {
      if (!isEngineError(error)) throw error
    } finally {
      listening = undefined
      away = performance.now()
      for (const listener of listeners) listener(undefined)
    }
  }

  const untilOne = async (ref: string, step: Wait, signal: AbortSignal): Promise<void> => {
    let wake = () => {}
    const ids = new Set([ref])
    let run = { startedAt: -1, seen: 0 }
    let probe = { of: -1, ended: -1, seen: 0 }
    const listener = (event: EngineEvent | undefined) => {
      // Each probe of a health check tells of itself, too, and then of its result.
      if (event?.action.startsWith('exec_')) return
      if (event === undefined || ids.has(event.id) || ids.has(event.name)) wake()
    }
    listeners.add(listener)
    try {
      for (;;) {
        signal.throwIfAborted()
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        // Listening before looking: what happens in between is not missed.
        if (step.condition !== 'running') await listen()
        const detail = await engine.inspectContainer(ref)
        if (detail.startedAt !== run.startedAt) run = { startedAt: detail.startedAt, seen: performance.now() }
        const seen = look(detail, step, settle, performance.now() - run.seen)
        if (seen.is === 'so') return
        if (seen.is === 'never') {
          const left = recovery - (performance.now() - away)
          if (left < 0 || !returns(detail)) throw new WaitFailed(seen.message, seen.container, step.service)
          await sooner(promise, left, signal)
          continue
        }
        const ended = detail.health?.log.at(-1)?.end ?? 0
        if (probe.of !== detail.startedAt || probe.ended !== ended)
          probe = { of: detail.startedAt, ended, seen: performance.now() }
        const silent = waitsForHealth(step) ? unprobed(detail, performance.now() - probe.seen, slack) : undefined
        if (silent && !silence.has(detail.id)) warn(silent)
        if (silent) silence.add(detail.id)
        ids.add(seen.id)
        await sooner(promise, Math.min(again, seen.within ?? again), signal)
      }
    } finally {
      listeners.delete(listener)
    }
  }

  return {
    async until(step, signal) {
      if (step.timeout === 0) return void (await all(step, signal, untilOne))
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(new TimedOut()), step.timeout)
      try {
        await all(step, AbortSignal.any([signal, late.signal]), untilOne)
      } catch (error) {
        if (!late.signal.aborted || signal.aborted) throw error
        throw await timedOut(engine, step)
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => closing.abort(),
  }
}

const waitsForHealth = ({ condition }: Wait) => condition === 'service_healthy' || condition === 'running_or_healthy'

/** An engine that starts takes what it ran before for ended, and then starts again what is always to run. */
const returns = ({ state, spec: { restart } }: ContainerDetail) =>
  state === 'exited' && (restart === 'always' || restart === 'unless-stopped')

class TimedOut extends Error {}

/** All at once; the first that fails ends the others. */
async function all(
  step: Wait,
  signal: AbortSignal,
  one: (ref: string, step: Wait, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  try {
    await Promise.all(step.containers.map(ref => one(ref, step, either)))
  } finally {
    over.abort()
  }
}

async function sooner(promise: Promise<void>, milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const end = () => resolve()
  const timer = setTimeout(end, milliseconds)
  signal.addEventListener('abort', end, { once: true })
  try {
    await Promise.race([promise, over])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}

/** Says what was still missing when the time was over. */
async function timedOut(engine: Looking, step: Wait): Promise<Error> {
  const seen = await Promise.all(
    step.containers.map(async ref => {
      const c = await engine.inspectContainer(ref).catch((error: unknown) => {
        if (isEngineError(error)) return undefined
        throw error
      })
      return c && { c, seen: look(c, step) }
    }),
  )
  // Between two restarts a container seems to be up.
  const waiting = seen.find(s => s && s.seen.is !== 'so') ?? seen.find(s => s && s.c.restartCount > 0) ?? seen[0]
  const c = waiting?.c
  const seconds = step.timeout / 1000
  const message = `application not healthy after ${seconds}s${c ? `: waited for container ${c.name} of service "${step.service}", ${stateWords(c)}` : ''}`
  return new WaitFailed(message, c?.name ?? '', step.service)
}

function stateWords({ state, health, restartCount }: ContainerDetail): string {
  if (health && state === 'running') return `its health check is still "${health.status}"`
  return restartCount > 0 ? `which keeps restarting (${restartCount} so far)` : `it is ${state}`
}

/** A wait that was given up is no failure of the engine. */
export const isWaitFailed = (error: unknown): error is WaitFailed => error instanceof WaitFailed

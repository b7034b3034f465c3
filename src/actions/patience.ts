import type { Engine } from '../engine/engine.ts'
import type { Emit, Event } from './event.ts'
import { membersOf } from './members.ts'

export interface PatienceOptions {
  readonly engine: Pick<Engine, 'listContainers' | 'inspectContainer'>
  readonly emit: Emit
  /** What each may take, in milliseconds; without it, its own. */
  readonly timeout?: number | undefined
  /** Whether a container's first process listens to a signal; undefined where nobody can know. */
  readonly listens?: ((id: string, signal: string) => Promise<boolean | undefined>) | undefined
}

/** How long a stop may take before anybody is told why. Milliseconds. */
const quick = 2000

/** A container that was not told how to stop is given SIGTERM, and ten seconds (moby, `container/container_unix.go`). */
const usual = { signal: 'SIGTERM', grace: 10_000 }

/**
 * Emits what it is given, and while containers are being stopped also why that takes long and how long it may yet: for each that has
 * not ended after two seconds once why, and every second what is left.
 */
export function patience(project: string, options: PatienceOptions): { readonly emit: Emit; close(): void } {
  const timers = new Map<string, NodeJS.Timeout>()
  const over = (name: string) => {
    clearInterval(timers.get(name))
    timers.delete(name)
  }
  return {
    emit(event: Event) {
      options.emit(event)
      if (event.type !== 'step' || (event.op !== 'stop-container' && event.op !== 'restart-container')) return
      const { unit } = event
      over(unit.name)
      if (event.state !== 'started') return
      const began = performance.now()
      const wait = setTimeout(() => {
        // An engine that is away is told of by whoever stops, not here.
        void slow(unit.name, event.op === 'stop-container' ? 'Stopping' : 'Restarting', began).catch(() => {})
      }, quick)
      timers.set(unit.name, wait)
    },
    close() {
      for (const name of timers.keys()) over(name)
    },
  }

  async function slow(name: string, doing: string, began: number): Promise<void> {
    const { engine, listens, timeout, emit } = options
    const member = (await membersOf(engine, project, { all: false })).find(m => m.name === name)
    if (!member || !timers.has(name)) return
    const { id, label: container, service } = member
    const { spec } = await engine.inspectContainer(id)
    const signal = spec.stop_signal || usual.signal
    const grace = timeout ?? spec.stop_timeout ?? usual.grace
    const left = () => Math.max(0, began + grace - performance.now())
    const ignored = (await listens?.(id, signal).catch(() => undefined)) === false
    if (!timers.has(name)) return
    emit({ type: 'status', container, service, state: 'stopping', slow: { signal, ignored, left: left() } })
    const unit = { kind: 'container', name, short: container } as const
    timers.set(
      name,
      setInterval(
        () => emit({ type: 'progress', unit, text: `${doing}, killed in ${Math.ceil(left() / 1000)}s` }),
        1000,
      ),
    )
  }
}

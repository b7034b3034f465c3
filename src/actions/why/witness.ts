import type { EngineEvent } from '../../engine/engine.ts'

/** What was seen of containers while something was under way. */
export interface Witness {
  heard(event: EngineEvent): void
  /** Hands events on as they come, and hears them. */
  tap<T extends EngineEvent | undefined>(events: AsyncIterable<T>): AsyncIterable<T>
  /** Oldest first. */
  seen(): readonly EngineEvent[]
}

/** Of each container: enough for the last runs of one that crashes over and over. */
const most = 40

/**
 * Remembers what tells how containers ended: the next start clears the OOM flag, and engines keep 256 events, among them
 * three for each probe of a health check (moby, `daemon/events`).
 */
export function witness(): Witness {
  const byContainer = new Map<string, EngineEvent[]>()
  const heard = (event: EngineEvent) => {
    if (/^(?:exec_|attach$|resize$|top$|archive-path$)/.test(event.action)) return
    const own = byContainer.get(event.id) ?? []
    own.push(event)
    if (own.length > most) own.shift()
    byContainer.set(event.id, own)
  }
  return {
    heard,
    async *tap(events) {
      for await (const event of events) {
        if (event) heard(event)
        yield event
      }
    },
    seen: () => inOrder([...byContainer.values()].flat()),
  }
}

/** What was seen and what the engine still tells, each once. */
export function together(seen: readonly EngineEvent[], past: readonly EngineEvent[]): readonly EngineEvent[] {
  const key = ({ id, time, action, detail }: EngineEvent) => `${id} ${time} ${action} ${detail}`
  return inOrder([...new Map([...past, ...seen].map(event => [key(event), event])).values()])
}

const inOrder = (events: readonly EngineEvent[]) => events.toSorted((a, b) => a.time - b.time)

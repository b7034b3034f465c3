import type { ContainerDetail, EngineEvent } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import type { Event } from '../event.ts'
import { type Member, membersOf } from '../members.ts'
import { logs } from '../output/logs.ts'
import { gone, patiently, steadyEvents } from '../steady.ts'
import type { Happening, LiveRow, LogLine, Used } from './dashboard.ts'

export interface FeedOptions {
  readonly engine: Pick<
    LiveEngine,
    'listContainers' | 'inspectContainer' | 'events' | 'stats' | 'logs' | 'attach' | 'state'
  >
  readonly signal: AbortSignal
  readonly told: (happening: Happening) => void
}

/** How long things are gathered before they are told at once. Milliseconds. */
const gather = { looks: 150, usage: 500, lines: 100, again: 1000 } as const

/**
 * Tells what a project's containers are, use and print, and what becomes of them, until the signal aborts. Throws EngineError where
 * the engine stays away.
 */
export async function feed(name: string, { engine, signal, told }: FeedOptions): Promise<void> {
  // Listening comes before looking, so that nothing changes in between unseen.
  const events = await steadyEvents(noticing(engine, told), { project: name }, signal)
  const rows = newRows(engine, name, signal)
  // Without a limit, engines tell the machine's whole memory.
  const { memory: machine } = await engine.state()
  const usage = newUsage({ engine, signal, told }, machine)
  const output = newOutput(name, { engine, signal, told })
  const failed = Promise.withResolvers<never>()
  const look = async () => {
    const seen = await rows.look()
    told({ type: 'containers', containers: seen })
    usage.follow(seen)
  }
  let looking: Promise<void> | undefined
  let again = false
  const looks = gathered(gather.looks, signal, () => {
    again = true
    looking ??= (async () => {
      while (again && !signal.aborted) {
        again = false
        await look()
      }
    })()
      .catch(failed.reject)
      .finally(() => {
        looking = undefined
      })
  })
  const listen = async () => {
    for await (const event of events) {
      if (event && !matters(event)) continue
      if (event) rows.changed(event.id)
      else rows.changed()
      if (event) output.heard(event)
      looks()
    }
  }
  try {
    await look()
    if (signal.aborted) return
    const ended = new Promise(resolve => signal.addEventListener('abort', resolve))
    await Promise.race([Promise.all([listen(), output.follow()]), failed.promise, ended])
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Tells when events have broken off, and when they come again. */
function noticing(engine: FeedOptions['engine'], told: FeedOptions['told']): Pick<LiveEngine, 'events'> {
  let begun = false
  return {
    async events(filter, options) {
      if (begun) told({ type: 'engine', away: true })
      begun = true
      const events = await engine.events(filter, options)
      told({ type: 'engine', away: false })
      return events
    },
  }
}

/** Health checks run commands every few seconds, which the engine tells as well. */
const matters = ({ action }: EngineEvent) => !/^(exec_|top|attach|resize|archive|extract)/.test(action)

/** Calls back once, some time after the first of many calls. */
function gathered(wait: number, signal: AbortSignal, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined
      if (!signal.aborted) act()
    }, wait)
  }
}

/** The containers; only those that something has happened to are examined again. */
function newRows(engine: FeedOptions['engine'], name: string, signal: AbortSignal) {
  const known = new Map<string, LiveRow>()
  return {
    /** All without an id. */
    changed(id?: string) {
      if (id === undefined) known.clear()
      else known.delete(id)
    },
    async look(): Promise<readonly LiveRow[]> {
      const members = (await patiently(signal, () => membersOf(engine, name))).filter(m => !m.oneoff)
      const rows = await Promise.all(members.map(async m => known.get(m.id) ?? (await examined(m))))
      const here = rows.filter(row => row !== undefined)
      known.clear()
      for (const row of here) known.set(row.id, row)
      return here
    },
  }

  async function examined(member: Member): Promise<LiveRow | undefined> {
    try {
      return rowOf(member, await patiently(signal, () => engine.inspectContainer(member.id)))
    } catch (error) {
      if (gone(error)) return undefined
      throw error
    }
  }
}

const rowOf = ({ id, service, label, summary }: Member, detail: ContainerDetail): LiveRow => ({
  id,
  service,
  label,
  state: detail.state,
  ...(detail.health && { health: detail.health.status }),
  exitCode: detail.exitCode,
  restarts: detail.restartCount,
  // What was listed may have been listed before it ended.
  ports: detail.state === 'running' ? summary.ports : [],
})

/** What running containers use: one stream each. */
function newUsage({ engine, signal, told }: FeedOptions, machine: number) {
  const last = new Map<string, Used>()
  const streams = new Set<string>()
  const tell = gathered(gather.usage, signal, () => told({ type: 'usage', usage: new Map(last) }))
  const stream = async (id: string) => {
    try {
      for await (const { cpus, memory, memory_limit } of engine.stats(id, { follow: true, signal })) {
        last.set(id, { cpus, memory, limit: memory_limit < machine ? memory_limit : 0 })
        tell()
      }
    } catch (error) {
      if (!isEngineError(error)) throw error
    } finally {
      streams.delete(id)
      last.delete(id)
      tell()
      // Whatever has ended it: where the container runs (again), another one begins.
      again()
    }
  }
  let latest: readonly LiveRow[] = []
  const follow = (rows: readonly LiveRow[]) => {
    latest = rows
    for (const { id, state } of rows) {
      if (state !== 'running' || streams.has(id)) continue
      streams.add(id)
      void stream(id)
    }
  }
  const again = gathered(gather.again, signal, () => follow(latest))
  return { follow }
}

/** What containers print, also after all of them have stopped and some start again. */
function newOutput(name: string, { engine, signal, told }: FeedOptions) {
  let waiting: LogLine[] = []
  let starts = 0
  let started = Promise.withResolvers<void>()
  let lastEnd: number | undefined
  signal.addEventListener('abort', () => started.resolve())
  const tell = gathered(gather.lines, signal, () => {
    const lines = waiting
    waiting = []
    told({ type: 'log-lines', lines })
  })
  const emit = (event: Event) => {
    if (event.type === 'problem') told({ type: 'note', text: event.problem.message })
    if (event.type !== 'log') return
    const { container, service, line } = event
    waiting.push({ container, service, text: new TextDecoder().decode(line) })
    tell()
  }
  return {
    heard({ action, time }: EngineEvent) {
      if (action === 'die') lastEnd = time
      if (action !== 'start') return
      starts++
      started.resolve()
    },
    async follow(): Promise<void> {
      for (let from: { readonly tail: number } | { readonly since: string } = { tail: 200 }; !signal.aborted; ) {
        const before = starts
        started = Promise.withResolvers<void>()
        await logs(name, undefined, { engine, emit, signal, follow: true, ...from })
        const now = Date.now()
        if (starts === before && !signal.aborted) await started.promise
        // A run begins where the one before ended: the time of its start is noted when it has printed already.
        from = { since: ((lastEnd === undefined ? now : lastEnd + 1) / 1000).toFixed(3) }
      }
    },
  }
}

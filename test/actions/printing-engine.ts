import type { ContainerState, ContainerSummary, Engine, EngineEvent, LogChunk } from '../../src/engine/engine.ts'
import { EngineError } from '../../src/engine/errors.ts'
import { LABEL } from '../../src/model/names.ts'

/** An engine whose containers print what a test says, with the times that it says, and whose connections can be cut. */
export function printingEngine(project = 'shop') {
  const containers = new Map<string, Printing>()
  const listeners = new Set<Queue<EngineEvent>>()
  const find = (id: string) => containers.get(id) ?? refuse('not-found', `No such container: ${id}`)

  const tell = (c: Printing, action: string, exitCode?: number) => {
    const event: EngineEvent = {
      id: c.id,
      name: c.name,
      action,
      detail: '',
      time: Date.now(),
      ...(exitCode !== undefined && { exitCode }),
      attributes: c.labels,
    }
    for (const queue of listeners) queue.push(event)
  }

  const engine: Pick<Engine, 'listContainers' | 'inspectContainer' | 'logs' | 'attach' | 'events' | 'killContainer'> = {
    listContainers: async ({ all }) =>
      [...containers.values()].filter(c => all || c.state === 'running').map(summaryOf),
    inspectContainer: async id => {
      const { state, exitCode, startedAt, finishedAt } = find(id)
      return { state, exitCode, startedAt, finishedAt } as Awaited<ReturnType<Engine['inspectContainer']>>
    },
    async *logs(id, { follow, tail, since, timestamps, signal }) {
      const c = find(id)
      if (c.unreadable) refuse('unsupported', 'configured logging driver does not support reading')
      const from =
        since === undefined ? '' : /^\d{4}-/.test(since) ? since : new Date(Number(since) * 1000).toISOString()
      const said = c.said.filter(line => line.time >= from)
      const bytes = (line: Said) => Buffer.from(timestamps ? `${line.time} ${line.text}` : line.text)
      for (const line of tail === undefined ? said : said.slice(-tail))
        yield { stream: line.stream, bytes: bytes(line) }
      if (!follow || c.state !== 'running') return
      const queue = openQueue<Said>(signal)
      c.readers.add(queue)
      for await (const line of queue.items()) yield { stream: line.stream, bytes: bytes(line) }
    },
    attach: async (id, { signal } = {}) => {
      const c = find(id)
      const queue = openQueue<Said>(signal)
      c.readers.add(queue)
      return (async function* (): AsyncGenerator<LogChunk> {
        for await (const { stream, text } of queue.items()) yield { stream, bytes: Buffer.from(text) }
      })()
    },
    events: async (_, { signal } = {}) => {
      const queue = openQueue<EngineEvent>(signal)
      listeners.add(queue)
      return queue.items()
    },
    killContainer: async id => world.ends(find(id).name, 137),
  }

  const named = (name: string) => [...containers.values()].find(c => c.name === name)!
  const world = {
    engine,
    add(service: string, { number = 1, state = 'running', ...more }: Partial<Printing> & { number?: number } = {}) {
      const name = `${project}-${service}-${number}`
      const labels = {
        [LABEL.project]: project,
        [LABEL.service]: service,
        [LABEL.number]: String(number),
        [LABEL.oneoff]: 'False',
        [LABEL.config_hash]: 'x',
      }
      const c: Printing = {
        id: `id-of-${name}`,
        name,
        labels,
        state,
        exitCode: 0,
        startedAt: Date.now(),
        finishedAt: 0,
        said: [],
        readers: new Set(),
        unreadable: false,
        ...more,
      }
      containers.set(c.id, c)
      return c.id
    },
    /** Prints as it is, with no line end of its own. */
    says(
      name: string,
      text: string,
      { time = new Date().toISOString(), stream = 'stdout' }: { time?: string; stream?: 'stdout' | 'stderr' } = {},
    ) {
      const line = { time, text, stream }
      const c = named(name)
      c.said.push(line)
      for (const reader of c.readers) reader.push(line)
    },
    starts(name: string) {
      const c = named(name)
      c.state = 'running'
      c.startedAt = Date.now()
      tell(c, 'start')
    },
    ends(name: string, exitCode: number, { state = 'exited' }: { state?: ContainerState } = {}) {
      const c = named(name)
      c.state = state
      c.exitCode = exitCode
      c.finishedAt = Date.now()
      for (const reader of c.readers) reader.end()
      c.readers.clear()
      tell(c, 'die', exitCode)
    },
    /** Stopped by somebody while its restart policy waits. */
    stops(name: string) {
      named(name).state = 'exited'
      tell(named(name), 'stop')
    },
    removes(name: string) {
      const c = named(name)
      containers.delete(c.id)
      tell(c, 'destroy')
    },
    /** The engine goes away and comes back: every stream breaks. */
    cuts() {
      const lost = () => new EngineError('unreachable', 'connection lost')
      for (const c of containers.values()) {
        for (const reader of c.readers) reader.fail(lost())
        c.readers.clear()
      }
      for (const listener of listeners) listener.fail(lost())
      listeners.clear()
    },
    /** Resolves once somebody reads a container's output. */
    async read(name: string) {
      while (named(name).readers.size === 0) await new Promise(setImmediate)
    },
  }
  return world
}

interface Said {
  readonly time: string
  readonly text: string
  readonly stream: 'stdout' | 'stderr'
}

interface Printing {
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  state: ContainerState
  exitCode: number
  startedAt: number
  finishedAt: number
  readonly said: Said[]
  readonly readers: Set<Queue<Said>>
  readonly unreadable: boolean
}

interface Queue<T> {
  push(item: T): void
  end(): void
  fail(error: Error): void
  items(): AsyncGenerator<T>
}

function openQueue<T>(signal?: AbortSignal): Queue<T> {
  const kept: (() => T | undefined)[] = []
  let wake = () => {}
  const add = (next: () => T | undefined) => {
    kept.push(next)
    wake()
  }
  signal?.addEventListener('abort', () =>
    add(() => {
      throw new EngineError('cancelled', 'cancelled')
    }),
  )
  return {
    push: item => add(() => item),
    end: () => add(() => undefined),
    fail: error =>
      add(() => {
        throw error
      }),
    async *items() {
      for (;;) {
        while (kept.length === 0) await new Promise<void>(resolve => (wake = resolve))
        const item = kept.shift()!()
        if (item === undefined) return
        yield item
      }
    },
  }
}

function summaryOf({ id, name, labels, state }: Printing): ContainerSummary {
  return {
    id,
    name,
    labels,
    state,
    image: 'busybox',
    imageId: 'sha256:0',
    command: '',
    created: 0,
    status: '',
    ports: [],
    networks: [],
    mounts: [],
  }
}

function refuse(reason: 'not-found' | 'unsupported', message: string): never {
  throw new EngineError(reason, message)
}

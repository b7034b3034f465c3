import { afterAll, beforeAll, inject, type TestContext, vi } from 'vitest'
import type { ContainerSpec, Engine, EngineEvent, LogChunk } from '../../src/engine/engine.ts'
import { isEngineError } from '../../src/engine/errors.ts'

/** An engine under the contract. */
export interface Subject {
  readonly name: string
  /** Runs real processes: what they do and say can be looked at. */
  readonly real: boolean
  open(): Promise<Engine>
}

/** What both the fake and a shell understand. */
export const runs = ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done']
export const exits = (code: number) => ['sh', '-c', `exit ${code}`]
export const says = (text: string) => ['sh', '-c', `printf '${text.replaceAll('\n', '\\n')}'`]

/** As the set-up of the tests names it: official, or a stand-in in an engine that is not ours. */
export const IMAGE = inject('images')?.busybox ?? 'busybox:latest'

export interface Stage {
  readonly engine: Engine
  readonly project: string
  /** A name that nobody else has. */
  name(what: string): string
  /** The first three parts of addresses that nobody else uses. */
  subnet(): string
  labels(service?: string): Readonly<Record<string, string>>
  /** Creates a container of the project and gives its id. */
  make(spec?: Partial<ContainerSpec>, name?: string): Promise<string>
  /** As `make`, and starts it. */
  run(spec?: Partial<ContainerSpec>, name?: string): Promise<string>
  network(name: string): Promise<string>
}

/** A project of its own for one file of the contract; what it made is gone afterwards. */
export function stage(subject: Subject, part: string): Stage {
  const project = `contract-${part}-${Math.random().toString(36).slice(2, 8)}`
  let engine!: Engine
  let count = 0
  const self: Stage = {
    get engine() {
      return engine
    },
    project,
    name: what => `${project}-${what}-${++count}`,
    subnet: () => `10.213.${Math.floor(Math.random() * 256)}`,
    labels: (service = 'web') => ({
      'com.docker.compose.project': project,
      'com.docker.compose.service': service,
    }),
    make: (spec = {}, name = self.name('box')) =>
      engine.createContainer(name, {
        image: IMAGE,
        command: runs,
        labels: self.labels(),
        network_mode: 'none',
        ...spec,
      }),
    async run(spec, name) {
      const id = await self.make(spec, name)
      await engine.startContainer(id)
      return id
    },
    network: name => engine.createNetwork(name, { labels: self.labels() }),
  }
  beforeAll(async () => {
    engine = await subject.open()
  })
  afterAll(async () => {
    if (!engine) return
    // Podman removes no container whose network another one shares: the second round finds it free.
    for (const round of [1, 2])
      for (const { id } of await engine.listContainers({ project, all: true }))
        await engine.removeContainer(id, { force: true, volumes: true }).catch(error => {
          if (round === 2) throw error
        })
    for (const { id } of await engine.listNetworks(project)) await engine.removeNetwork(id)
    for (const { name } of await engine.listVolumes(project)) await engine.removeVolume(name)
    engine.close()
  })
  return self
}

/** The words and codes of an EngineError, so that a test can say which it expects. */
export async function refusal(call: Promise<unknown>): Promise<{ reason: string; message: string; hint: string }> {
  try {
    await call
  } catch (error) {
    if (isEngineError(error)) return { reason: error.reason, message: error.message, hint: error.hint ?? '' }
    throw error
  }
  return { reason: 'none', message: '', hint: '' }
}

export async function text(chunks: AsyncIterable<LogChunk>, stream?: LogChunk['stream']): Promise<string> {
  const bytes: Uint8Array[] = []
  for await (const chunk of chunks) if (stream === undefined || chunk.stream === stream) bytes.push(chunk.bytes)
  return Buffer.concat(bytes).toString()
}

/** The first event that is meant; what comes before it is skipped. */
export async function eventually(
  events: AsyncIterable<EngineEvent>,
  meant: (event: EngineEvent) => boolean,
): Promise<EngineEvent> {
  for await (const event of events) if (meant(event)) return event
  throw new Error('the events ended')
}

/** Looks until it is so, for a minute at most: for what no event tells. */
export async function until<T>(look: () => Promise<T>, so: (seen: T) => boolean): Promise<T> {
  let seen: T
  await vi.waitUntil(async () => so((seen = await look())), { timeout: 60_000, interval: 20 })
  return seen!
}

/** Leaves the rest of a test out where Podman is known to be otherwise, and says so in the report. */
export function notOnPodman(engine: Engine, context: TestContext, why: string): void {
  context.skip(engine.info.flavour === 'podman', `Podman: ${why}`)
}

import { lastEnd } from '../../diagnose/last-end.ts'
import type { Failure, Scene, Subject } from '../../diagnose/scene.ts'
import type { ContainerDetail, ContainerSummary, EngineEvent, LogOptions } from '../../engine/engine.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { LABEL } from '../../model/names.ts'
import type { Project } from '../../model/project.ts'
import { orNone } from './or-none.ts'
import { together } from './witness.ts'

/** Lines of output that diagnoses look at. */
const lines = 40

/** How long the past may take to be told once an engine has begun to, in milliseconds. */
const patience = 250
/** And until it begins: a way by ssh takes a second to open. */
const wayPatience = 5000

export type SceneEngine = Pick<
  LiveEngine,
  'info' | 'arch' | 'listContainers' | 'inspectContainer' | 'inspectImage' | 'logs' | 'events' | 'listNetworks'
>

export interface SceneOptions {
  readonly engine: SceneEngine
  /** The file's project, where there is one. */
  readonly declared?: Project
  /** Containers in question, by id or name, and what failed with them; those that could not be made have no `container`. */
  readonly subjects: readonly {
    readonly container?: string
    readonly service: string
    /** The container's own without it. */
    readonly name?: string
    readonly failure?: Failure
  }[]
  /** What was seen meanwhile, where somebody listened: the engine forgets. */
  readonly events?: readonly EngineEvent[]
  /** Every container of the engine, where they were listed already. */
  readonly neighbours?: readonly ContainerSummary[]
  readonly now: number
}

/** All that a diagnosis may look at without asking for more. What the engine cannot tell is left out; it never throws for that. */
export async function gatherScene(
  project: string,
  { engine, declared, subjects, events, neighbours: listed, now }: SceneOptions,
): Promise<Scene> {
  const [arch, neighbours, networks, past] = await Promise.all([
    orNone(engine.arch()),
    listed ?? orNone(engine.listContainers({ all: true })),
    orNone(engine.listNetworks()),
    pastEvents(engine, project, now).then(past => together(events ?? [], past)),
  ])
  const { flavour, version, os } = engine.info
  return {
    now,
    engine: { flavour, version, os, arch: arch ?? '' },
    ...(declared && { project: declared }),
    subjects: await Promise.all(subjects.map(subject => gatherSubject(engine, subject, past, now))),
    neighbours: neighbours ?? [],
    networks: networks ?? [],
  }
}

async function gatherSubject(
  engine: SceneEngine,
  { container: ref, service, name = '', failure }: SceneOptions['subjects'][number],
  past: readonly EngineEvent[],
  now: number,
): Promise<Subject> {
  const told = { service, name, ...(failure && { failure }) }
  const live = ref === undefined ? undefined : await orNone(engine.inspectContainer(ref))
  if (!live) return { ...told, events: [], log: [] }
  const own = past.filter(event => event.id === live.id)
  const { state, startedAt, restartCount } = live
  const last = lastEnd(live, own, now)
  const { container, events } = last ?? { container: live, events: own }
  const [image, log] = await Promise.all([
    orNone(engine.inspectImage(live.imageId)),
    startedAt === 0
      ? []
      : lastLines(engine, live.id, { ...sinceStart(container, own), ...(last && untilEnd(container)) }),
  ])
  return {
    ...told,
    name: name || container.name,
    service: service || (container.labels[LABEL.service] ?? ''),
    container,
    ...(last && { again: { state, startedAt, restartCount } }),
    ...(image && { image }),
    events,
    log,
  }
}

/** What the engine remembers. One whose clock is behind ours would wait for the end that it was told: it gets a moment. */
async function pastEvents(engine: SceneEngine, project: string, now: number): Promise<EngineEvent[]> {
  const events: EngineEvent[] = []
  const over = new AbortController()
  let timer = setTimeout(() => over.abort(), wayPatience)
  const read = async () => {
    const range = { project, since: '0', until: inSeconds(now) }
    const told = await engine.events(range, { signal: over.signal })
    clearTimeout(timer)
    timer = setTimeout(() => over.abort(), patience)
    for await (const event of told) events.push(event)
  }
  await orNone(read()).finally(() => clearTimeout(timer))
  return events
}

/**
 * What an earlier run printed is another story. The engine notes a start when the program may have printed already: where the end
 * before it is not known, two seconds are allowed for that.
 */
function sinceStart({ startedAt }: ContainerDetail, events: readonly EngineEvent[]): Pick<LogOptions, 'since'> {
  const before = events.findLast(({ action, time }) => action === 'die' && time < startedAt)
  return { since: inSeconds(Math.max((before?.time ?? 0) + 1, startedAt - 2000)) }
}

/** The next run begins 100 ms later at the earliest (moby, `restartmanager.go`). */
const untilEnd = ({ finishedAt }: ContainerDetail) => ({ until: inSeconds(finishedAt + 50) })

const inSeconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3)

async function lastLines(
  engine: SceneEngine,
  id: string,
  range: Pick<LogOptions, 'since' | 'until'>,
): Promise<string[]> {
  const pieces: Uint8Array[] = []
  const read = async () => {
    for await (const { bytes } of engine.logs(id, { tail: lines, ...range })) pieces.push(bytes)
  }
  await orNone(read())
  const text = Buffer.concat(pieces).toString('utf8')
  return text === ''
    ? []
    : text
        .replace(/\r?\n$/, '')
        .split(/\r?\n/)
        .slice(-lines)
}

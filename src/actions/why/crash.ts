import { exitWords } from '../../base/exit-code.ts'
import { diagnoses } from '../../diagnose/diagnoses.ts'
import type { Finding } from '../../diagnose/finding.ts'
import type { EngineEvent } from '../../engine/engine.ts'
import type { Project } from '../../model/project.ts'
import type { Origin } from '../../text/origin.ts'
import type { Emit, FailureEvent } from '../event.ts'
import { discreet } from './discreet.ts'
import { likeness } from './failure.ts'
import type { ProbeEngine } from './probe.ts'
import { gatherScene, type SceneEngine } from './scene.ts'
import { findings } from './why.ts'

export interface CrashOptions {
  readonly engine: SceneEngine & Partial<ProbeEngine>
  readonly emit: Emit
  readonly origin: Origin
  readonly signal: AbortSignal
  /** What was heard of the project's containers. */
  readonly seen: () => readonly EngineEvent[]
  /** Whether a service's last lines are on the screen already. */
  readonly shows: (service: string) => boolean
}

export interface Crashes {
  /** A container has ended with a code other than 0; `again` says that its restart policy starts it once more. */
  ended(container: { readonly id: string; readonly service: string }, again: boolean): void
  /** Until then nothing is told of services that others wait for: whoever waits tells it with them. */
  allUp(told: ReadonlySet<string>): void
  /** Resolves once all is told. */
  settled(): Promise<void>
}

/** So many ends make a loop: what only waits for something else comes up after one or two. */
const loop = 3

/**
 * Tells why containers crash while one stays with them: each once, at its end. One that is started again is told of once, as
 * soon as its cause is known, or when it has crashed three times. Those that somebody stopped have not crashed.
 */
export function crashes(project: Project, { engine, emit, origin, signal, seen, shows }: CrashOptions): Crashes {
  const ends = new Map<string, number>()
  const told = new Set<string>()
  /** Ways to fail, and which container was the first. */
  const kinds = new Map<string, string>()
  const under = new Set<Promise<void>>()
  const awaited = new Set(Object.values(project.services).flatMap(service => Object.keys(service.depends_on ?? {})))
  let waiting: (() => void)[] | undefined = []

  const look = async (id: string, service: string, again: boolean) => {
    if (told.has(id) || signal.aborted || wasStopped(seen(), id)) return
    const count = (ends.get(id) ?? 0) + 1
    ends.set(id, count)
    const scene = await gatherScene(project.name, {
      engine,
      declared: project,
      subjects: [{ container: id, service }],
      events: seen(),
      now: Date.now(),
    })
    const [subject] = scene.subjects
    const container = subject?.container
    if (!container || told.has(container.name)) return
    const causes = await findings(scene, { engine, origin, signal })
    if (signal.aborted) return
    const sure = causes.some(({ severity }) => severity === 'error')
    if (!sure || told.has(id) || (again && count < loop && causes.every(isGeneral))) return
    told.add(id)
    const loud: FailureEvent = {
      type: 'container-failed',
      container: container.name,
      service,
      cause: again
        ? `restarting over and over (${container.restartCount} times)`
        : exitWords(container.exitCode, container),
      findings: causes,
      ...(!again && { exitCode: container.exitCode }),
      log: shows(service) ? [] : subject.log.slice(-10),
      waiting: [],
    }
    const card = discreet(loud, subject, project)
    // Another replica has failed like this already.
    const first = kinds.get(likeness(card)) ?? container.name
    if (first !== container.name) return
    kinds.set(likeness(card), first)
    emit(card)
  }
  const begin = (id: string, service: string, again: boolean) => {
    // Why something failed must not fail itself.
    const looking = look(id, service, again).catch(() => {})
    under.add(looking)
    void looking.finally(() => under.delete(looking))
  }

  return {
    ended({ id, service }, again) {
      if (waiting && awaited.has(service)) waiting.push(() => begin(id, service, again))
      else begin(id, service, again)
    },
    allUp(already) {
      for (const name of already) told.add(name)
      const held = waiting ?? []
      waiting = undefined
      for (const tell of held) tell()
    },
    async settled() {
      while (under.size > 0) await Promise.all(under)
    },
  }
}

/** Whether it was sent a signal to end by, and not just killed. */
function wasStopped(events: readonly EngineEvent[], id: string): boolean {
  const own = events.filter(event => event.id === id)
  const died = own.findLastIndex(({ action }) => action === 'die')
  const began = own.slice(0, Math.max(died, 0)).findLastIndex(({ action }) => action === 'start')
  const run = own.slice(Math.max(began, 0))
  return run.some(({ action, attributes }) => action === 'stop' || (action === 'kill' && !isKill(attributes['signal'])))
}

const isKill = (signal: string | undefined) => signal === '9' || signal === 'SIGKILL' || signal === 'KILL'

const isGeneral = ({ code }: Finding) => diagnoses.some(one => one.code === code && one.general === true)

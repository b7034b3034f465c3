import type { Engine, EngineEvent } from '../../engine/engine.ts'
import { LABEL } from '../../model/names.ts'
import { isOneoff, labelOf, type Member, membersOf } from '../members.ts'
import { detailOf, gone, patiently } from '../steady.ts'
import { willRunAgain } from './run-again.ts'
import { type Telling, tellAttached, tellLogs, thisRun } from './stream.ts'

/** The containers that an attached `up` stays for: it tells their output, and notices when they end. */
export interface Crew {
  /** Begins with a container that is about to start (`whole`), or that runs already. */
  attach(whose: Whose, whole: boolean): Promise<void>
  /** Something happened to one of the project's containers. */
  heard(event: EngineEvent): void
  /**
   * Looks at every one of them: something may have been missed. With `starts` also for those that have started unseen; `closely`
   * at each for itself, since lists and events come late (Docker 28 lists as running what a stop has just ended).
   */
  look(options?: { readonly starts?: boolean; readonly closely?: boolean }): Promise<void>
  isEmpty(): boolean
}

export interface CrewOptions extends Telling {
  readonly engine: Pick<Engine, 'attach' | 'logs' | 'inspectContainer' | 'listContainers' | 'events'>
  readonly project: string
  /** Whether one stays for the containers of a service. */
  readonly belongs: (service: string) => boolean
  /** Whether their output is told. */
  readonly shows: (service: string) => boolean
  /** Read the log, which knows when each line was printed, and not the container's streams. */
  readonly timestamps: boolean
  /** One has ended for good and its last line is told. */
  readonly ended: (service: string, code: number) => void
  readonly failed: (error: unknown) => void
  /** One has ended with another code than 0; `again` says that its restart policy starts it once more. */
  readonly crashed?: (whose: { readonly id: string; readonly service: string }, again: boolean) => void
}

type Whose = Pick<Member, 'id' | 'label' | 'service'>

interface Hand extends Whose {
  /** Its output in this run. */
  telling: Promise<void>
  told: boolean
  /** Starts that were heard of while its output was told, but for the one that it waited for. */
  restarts: number
  /** That of its last end. */
  code: number | undefined
  /** Its end has been heard of, and no start since. */
  isOver: boolean
  /** The kernel has ended a process of this run for memory. */
  outOfMemory: boolean
  /** Resolves once it has started again while its output is told on: an end before that has been told. */
  onward: PromiseWithResolvers<void>
  /** What is being found out about it, one thing after another. */
  busy: Promise<void>
}

const hasEnded = (state: string) => !['running', 'paused', 'restarting', 'created'].includes(state)

export function crew(options: CrewOptions): Crew {
  const { engine, emit, project, belongs, shows, timestamps, ended, failed } = options
  const hands = new Map<string, Hand>()
  /** Replacements that another command has made and not started yet. */
  const coming = new Set<string>()

  const take = (whose: Whose): Hand => {
    const known = hands.get(whose.id)
    if (known) return known
    const hand: Hand = {
      ...whose,
      telling: Promise.resolve(),
      told: true,
      restarts: 0,
      code: undefined,
      isOver: false,
      outOfMemory: false,
      onward: Promise.withResolvers(),
      busy: Promise.resolve(),
    }
    hands.set(whose.id, hand)
    coming.delete(whose.id)
    return hand
  }
  const tell = (hand: Hand, telling: Promise<void>, { beforeStart = false } = {}) => {
    hand.told = false
    hand.restarts = beforeStart ? -1 : 0
    hand.telling = telling
      .catch((error: unknown) => {
        if (!gone(error) && !options.signal.aborted) failed(error)
      })
      .finally(() => {
        hand.told = true
      })
    // Started while it was looked whether it had ended?
    hand.telling.then(() => (hand.restarts > 0 ? goOn(hand) : undefined)).catch(failed)
  }
  /** It may have started again, and that run is told by nobody. */
  const goOn = async (hand: Hand) => {
    const detail = await detailOf(hand.id, options)
    if (!hand.told || hands.get(hand.id) !== hand || detail?.state !== 'running') return
    hand.isOver = false
    tell(hand, read(hand))
  }
  const read = async (hand: Hand) => {
    const since = await thisRun(hand.id, options)
    await tellLogs(hand, { ...since, follow: true }, options)
  }
  /** It has stopped: once its last line is told, is it to be started again? */
  const stopped = (hand: Hand, exited: number | undefined) => {
    const { onward } = hand
    // One that was started again at once is still being told of: what is found out then is about its next end.
    hand.code = exited ?? hand.code
    hand.isOver = true
    const killed = hand.outOfMemory && hand.code === 137 && { outOfMemory: true as const }
    hand.busy = hand.busy.then(async () => {
      if (hands.get(hand.id) !== hand) return
      await Promise.race([hand.telling, onward.promise])
      const again = await willRunAgain(hand.id, options)
      const { label: container, service, code } = hand
      if (exited !== undefined && shows(service))
        emit({
          type: 'status',
          container,
          service,
          state: again ? 'restarting' : 'exited',
          exitCode: code ?? exited,
          ...killed,
        })
      if ((code ?? exited ?? 0) !== 0) options.crashed?.(hand, again)
      if (again) return
      hands.delete(hand.id)
      ended(service, code ?? 0)
    })
    hand.busy.catch(failed)
  }
  /** It has been stopped, and with what code it ended is not told yet (Docker 28 may say "stop" before "die"). */
  const see = async (hand: Hand) => {
    const detail = await detailOf(hand.id, options)
    if (!hand.isOver && (!detail || hasEnded(detail.state))) stopped(hand, detail?.exitCode)
  }

  return {
    async attach(whose, whole) {
      const hand = take(whose)
      if (!shows(whose.service) || timestamps) return
      const output = await engine.attach(whose.id, { signal: options.signal })
      tell(hand, tellAttached(hand, output, options, whole), { beforeStart: whole })
    },
    heard({ id, name, action, attributes, exitCode }) {
      const service = attributes[LABEL.service] ?? ''
      const hand = hands.get(id)
      switch (action) {
        case 'create':
          if (belongs(service) && /^[0-9a-f]{12}_/.test(name)) coming.add(id)
          return
        case 'start': {
          if (!belongs(service) || isOneoff(attributes)) return
          const isNew = coming.has(id)
          const label = labelOf(name, project, service, Number(attributes[LABEL.number] ?? 0))
          const started = take({ id, label, service })
          started.outOfMemory = false
          started.isOver = false
          if (!started.told) {
            started.restarts++
            started.onward.resolve()
            started.onward = Promise.withResolvers()
            return
          }
          if (isNew) emit({ type: 'status', container: label, service, state: 'recreated' })
          if (shows(service)) tell(started, read(started))
          return
        }
        case 'oom':
          if (hand) hand.outOfMemory = true
          return
        case 'die':
          if (hand) stopped(hand, exitCode ?? 0)
          return
        // In its restart policy's pause a container does not die again: these are all that is heard of its end.
        case 'stop':
        case 'destroy':
          coming.delete(id)
          if (hand?.isOver) stopped(hand, undefined)
          else if (hand) see(hand).catch(failed)
      }
    },
    async look({ starts = false, closely = false } = {}) {
      const members = await patiently(options.signal, () => membersOf(engine, project))
      const live = new Map(members.map(member => [member.id, member.summary]))
      for (const hand of hands.values()) {
        const listed = live.get(hand.id)?.state
        // An engine that comes back starts containers before anybody can hear of it.
        if (starts && listed === 'running' && hand.told && shows(hand.service)) await goOn(hand)
        if (listed !== undefined && !closely && !hasEnded(listed)) continue
        const detail = listed === undefined ? undefined : await detailOf(hand.id, options)
        if (!detail || hasEnded(detail.state)) stopped(hand, detail?.exitCode)
      }
      for (const { id, label, service, oneoff, summary } of starts ? members : []) {
        if (summary.state !== 'running' || oneoff || !belongs(service) || hands.has(id)) continue
        const started = take({ id, label, service })
        if (shows(service)) tell(started, read(started))
      }
      await Promise.all([...hands.values()].map(hand => hand.busy))
    },
    isEmpty: () => hands.size === 0 && coming.size === 0,
  }
}

import type { Engine, LogOptions } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import { LABEL } from '../../model/names.ts'
import type { Project } from '../../model/project.ts'
import { userError } from '../../text/problem.ts'
import type { Emit } from '../event.ts'
import { checkServices, isOneoff, labelOf, type Member, membersOf } from '../members.ts'
import { moment } from '../moment.ts'
import { patiently, steadyEvents } from '../steady.ts'
import { merged, plainly, unreadable } from './history.ts'
import { willRunAgain } from './run-again.ts'
import { newPlace, type Place, type Telling, tellLogs, thisRun } from './stream.ts'

export interface LogsOptions {
  readonly engine: Pick<Engine, 'listContainers' | 'inspectContainer' | 'logs' | 'attach' | 'events'>
  readonly emit: Emit
  readonly signal: AbortSignal
  /** Undefined while whoever listens keeps up; else reading waits. */
  readonly ready?: () => Promise<void> | undefined
  /** All without it. */
  readonly services?: readonly string[]
  /** Go on until all containers have stopped, those included that are started meanwhile. */
  readonly follow?: boolean
  /** Only this container of the service. */
  readonly index?: number
  /** Last lines of each container; all without it. */
  readonly tail?: number
  /** A time or a duration back from now, as docker takes them. */
  readonly since?: string
  readonly until?: string
  readonly timestamps?: boolean
}

/**
 * Emits what a project's containers have printed, by time over all of them; with `follow` what they print, as it comes.
 * Throws UserError for services and containers that are not there.
 */
export async function logs(name: string, project: Project | undefined, options: LogsOptions): Promise<void> {
  const { engine, emit, signal, services = [], index, follow = false, timestamps = false, tail } = options
  const range = {
    ...(tail !== undefined && { tail }),
    ...(options.since !== undefined && { since: moment(options.since, 'since', Date.now()) }),
    ...(options.until !== undefined && { until: moment(options.until, 'until', Date.now()) }),
  }
  const end = new AbortController()
  const telling: Telling = { ...options, signal: AbortSignal.any([signal, end.signal]) }
  // Listening comes before looking, so that nothing starts in between unseen.
  const events = follow ? await steadyEvents(engine, { project: name }, telling.signal) : undefined
  try {
    const members = await membersOf(engine, name)
    checkServices(services, project, members)
    const chosen = members.filter(
      m =>
        !m.oneoff &&
        (services.length === 0 || services.includes(m.service)) &&
        (index === undefined || m.number === index),
    )
    if (index !== undefined && chosen.length === 0)
      throw userError('no-such-container', `service "${services[0]}" is not running container #${index}`)
    emit({ type: 'following', containers: chosen.map(m => m.label) })
    if (events) await followed(name, chosen, range, events, { ...options, ...telling, engine })
    else if (chosen.length === 1 && !timestamps) await plainly(chosen[0]!, range, telling)
    else await merged(chosen, range, telling, { times: timestamps })
  } finally {
    end.abort()
  }
}

/** Follows each container until it stops for good, and those that start meanwhile; ends when nothing is followed any more. */
async function followed(
  name: string,
  members: readonly Member[],
  range: LogOptions,
  events: Awaited<ReturnType<typeof steadyEvents>>,
  { services = [], index, ...telling }: Telling & Pick<LogsOptions, 'engine' | 'services' | 'index'>,
): Promise<void> {
  const { emit, signal } = telling
  /** Containers that are followed, or will be when their restart policy starts them again. */
  const watched = new Map<string, { following: boolean; readonly place: Place }>()
  const { promise: over, resolve, reject } = Promise.withResolvers<void>()
  const settle = (id: string) => {
    watched.delete(id)
    if (watched.size === 0) resolve()
  }
  const follow = (whose: Pick<Member, 'id' | 'label' | 'service' | 'name'>, from: LogOptions) => {
    const state = { following: true, place: watched.get(whose.id)?.place ?? newPlace() }
    watched.set(whose.id, state)
    tellLogs(whose, { ...from, follow: true }, telling, state.place)
      .then(async () => {
        state.following = false
        if (!(await willRunAgain(whose.id, telling)) && !state.following) settle(whose.id)
      })
      .catch((error: unknown) => {
        if (!isEngineError(error, 'unsupported', 'invalid')) return reject(error)
        unreadable(whose, error, emit)
        settle(whose.id)
      })
  }
  const wanted = (service: string, number: number) =>
    (services.length === 0 || services.includes(service)) && (index === undefined || number === index)
  const began = async (whose: Pick<Member, 'id' | 'label' | 'service' | 'name'>) => {
    if (!watched.get(whose.id)?.following) follow(whose, await thisRun(whose.id, telling))
  }
  const ended = async (id: string) => {
    const state = watched.get(id)
    if (state && !state.following && !(await willRunAgain(id, telling)) && !state.following) settle(id)
  }
  /** What happened while the engine was away is not told. */
  const look = async () => {
    const live = await patiently(signal, () => membersOf(telling.engine, name))
    const running = live.filter(m => m.summary.state === 'running' && !m.oneoff && wanted(m.service, m.number))
    for (const member of running) await began(member)
    for (const id of watched.keys()) await ended(id)
  }
  const listen = async () => {
    for await (const event of events) {
      if (!event) {
        await look()
        continue
      }
      const { id, action, attributes } = event
      const service = attributes[LABEL.service] ?? ''
      const number = Number(attributes[LABEL.number] ?? 0)
      if (action === 'start' && !isOneoff(attributes)) {
        if (wanted(service, number))
          await began({ id, name: event.name, service, label: labelOf(event.name, name, service, number) })
      } else if (['stop', 'die', 'destroy'].includes(action)) await ended(id)
    }
  }
  if (members.length === 0) return
  for (const member of members) follow(member, range)
  listen().catch(reject)
  signal.addEventListener('abort', () => resolve())
  await over
}

import type { Engine, EngineEvent } from '../engine/engine.ts'
import { LABEL } from '../model/names.ts'
import type { Project } from '../model/project.ts'
import { checkServices, isOneoff, membersOf } from './members.ts'
import { moment } from './moment.ts'
import { steadyEvents } from './steady.ts'

export interface EventsOptions {
  readonly engine: Pick<Engine, 'events' | 'listContainers'>
  readonly signal: AbortSignal
  /** All without it. */
  readonly services?: readonly string[]
  /** Times or durations back from now, as docker takes them. */
  readonly since?: string
  readonly until?: string
}

/** Something that happened to a container of a service. */
export interface Happening {
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly service: string
  readonly id: string
  /** "start"; "exec_create: true" with what it is about. */
  readonly action: string
  /** The engine's, by name, without the labels of Compose. */
  readonly attributes: Readonly<Record<string, string>>
}

/** What happens to a project's containers until the signal aborts, or `until` has come. Throws UserError for unknown services. */
export async function* events(
  name: string,
  project: Project | undefined,
  { engine, signal, services = [], since, until }: EventsOptions,
): AsyncGenerator<Happening> {
  const now = Date.now()
  const range = {
    ...(since !== undefined && { since: moment(since, 'since', now) }),
    ...(until !== undefined && { until: moment(until, 'until', now) }),
  }
  if (services.length > 0) checkServices(services, project, await membersOf(engine, name))
  const happened =
    until === undefined
      ? await steadyEvents(engine, { project: name, ...range }, signal)
      : engine.events({ project: name, ...range }, { signal })
  for await (const event of await happened) {
    if (!event || isOneoff(event.attributes)) continue
    const service = event.attributes[LABEL.service]
    if (service === undefined || (services.length > 0 && !services.includes(service))) continue
    yield happening(event, service)
  }
}

function happening({ time, id, action, detail, attributes }: EngineEvent, service: string): Happening {
  const told = Object.entries(attributes).filter(
    ([key]) => !key.startsWith('com.docker.compose.') && !key.startsWith('dev.gantry.'),
  )
  return {
    time,
    service,
    id,
    action: detail === '' ? action : `${action}: ${detail}`,
    attributes: Object.fromEntries(told.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}

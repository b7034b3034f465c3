import type { Service } from '../model/project.ts'
import { type About, type Diagnosis, lastLine } from './diagnosis.ts'
import type { Found } from './finding.ts'
import type { Failure, Subject } from './scene.ts'

/** What a row says of itself, and how it is told once its words were found. */
export interface Told extends Pick<Diagnosis, 'code' | 'cause' | 'evidence' | 'fix' | 'general'> {
  readonly says: RegExp
  /** What follows from the words found; undefined where they mean something else here. */
  readonly tell: (words: RegExpExecArray, subject: Subject, about: About) => Telling | undefined
}

export interface Telling extends Omit<Found, 'evidence' | 'certainty'> {
  readonly evidence?: Found['evidence']
  readonly certainty?: Found['certainty']
}

/** A cause that the engine tells in words of its own when it refuses to make or to start a container. */
export function refused(told: Told & { readonly doing?: readonly Failure['doing'][] }): Diagnosis {
  return {
    ...row(told),
    find(subject, about) {
      const { doing, said } = words(subject)
      if (doing === undefined || !(told.doing ?? ['create', 'start']).includes(doing)) return undefined
      return telling(
        told,
        told.says.exec(said),
        { field: subject.container?.error ? 'State.Error' : doing, value: said },
        subject,
        about,
      )
    },
  }
}

/** A cause that the program tells on its output before it ends, or while it does not get well. */
export function logged(told: Told): Diagnosis {
  return {
    ...row(told),
    find(subject, about) {
      if (!inTrouble(subject)) return undefined
      const found = lastLine(subject.log, told.says)
      return telling(told, found, { field: 'log', value: found?.input ?? '' }, subject, about)
    },
  }
}

/** Whether something is wrong with a container at all: what a healthy one prints is its own business. */
export function inTrouble({ container, failure }: Subject): boolean {
  if (failure) return true
  if (!container) return false
  const { state, exitCode, restartCount, health } = container
  if (state === 'running' || state === 'paused') return health?.status === 'unhealthy' || restartCount > 2
  return state === 'restarting' || state === 'dead' || (state === 'exited' && exitCode !== 0)
}

/** What the engine said when it refused: kept with the container, or told by the failed call. */
function words({ container, failure }: Subject): {
  readonly doing: Failure['doing'] | undefined
  readonly said: string
} {
  if (container?.error) return { doing: 'start', said: container.error }
  return { doing: failure?.doing, said: failure?.message ?? '' }
}

const row = ({ code, cause, evidence, fix, general }: Told) => ({
  code,
  cause,
  evidence,
  fix,
  ...(general !== undefined && { general }),
})

function telling(
  { tell }: Told,
  words: RegExpExecArray | null | undefined,
  seen: Found['evidence'][number],
  subject: Subject,
  about: About,
): Found | undefined {
  const told = words ? tell(words, subject, about) : undefined
  return told && { certainty: 'certain', ...told, evidence: [seen, ...(told.evidence ?? [])] }
}

/** How a sentence says what did not happen: of a container that could not even be made, or not be started. */
export const didNotStart = ({ service, container }: Subject): string =>
  container ? `"${service}" did not start` : `"${service}" could not be made`

/** Where a port is published, as an attribute to point at: its place in the list, by the host's port. */
export function portAttribute(declared: Service | undefined, published: number): readonly string[] {
  const index = (declared?.ports ?? []).findIndex(port => inRange(port.published, published))
  return index < 0 ? ['ports'] : ['ports', String(index)]
}

/** Whether a range as it is written, "8000-8010", has a port. */
export function inRange(range: string | undefined, port: number): boolean {
  const [low, high = low] = (range ?? '').split('-').map(Number)
  return low !== undefined && high !== undefined && low <= port && port <= high
}

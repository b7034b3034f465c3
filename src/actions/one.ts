import { suggest } from '../base/suggest.ts'
import type { Engine } from '../engine/engine.ts'
import { userError } from '../text/problem.ts'
import { type Member, membersOf } from './members.ts'

/**
 * The one running container that a command is about: of that number, else (or for 0) the lowest, those of `run` last.
 * Throws UserError where there is none.
 */
export async function oneOf(
  engine: Pick<Engine, 'listContainers'>,
  project: string,
  service: string,
  index = 0,
): Promise<Member> {
  const running = (await membersOf(engine, project, { all: false })).filter(m => m.service === service)
  const found =
    index === 0
      ? running.toSorted((a, b) => Number(a.oneoff) - Number(b.oneoff) || a.number - b.number)[0]
      : running.find(m => m.number === index)
  if (found) return found
  const which = index === 0 ? '' : ` container #${index}`
  const near = nearest(service, await membersOf(engine, project))
  throw userError('not-running', `service "${service}" is not running${which}`, near)
}

/** What to do about a service of which there is no container of the kind that is wanted. */
export function nearest(service: string, members: readonly Member[]): string {
  const known = new Set(members.map(member => member.service))
  const near = known.has(service) ? undefined : suggest(service, known)
  return near === undefined ? '"gantry ps --all" shows what there is' : `did you mean "${near}"?`
}

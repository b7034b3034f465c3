import { codeWords, exitWords } from '../../base/exit-code.ts'
import type { ContainerDetail } from '../../engine/engine.ts'
import type { Step } from '../steps.ts'

export type Wait = Extract<Step, { op: 'wait' }>

type Seen =
  | { readonly is: 'so' }
  | { readonly is: 'never'; readonly message: string; readonly container: string }
  /** `within`: look again after so many milliseconds, event or not. */
  | { readonly is: 'not yet'; readonly id: string; readonly within?: number }

/** After so many restarts, a minute or two apart in all, nobody waits for a container any longer. */
const HOPELESS = 10

const so: Seen = { is: 'so' }

/**
 * Whether a container is what is waited for. `since` is how long this run of it has been watched, in milliseconds: the
 * engine's clock may be another than ours. The sentences are docker compose's: scripts look for them.
 */
export function look(
  c: ContainerDetail,
  { condition, service }: Pick<Wait, 'condition' | 'service'>,
  settle = 0,
  since = 0,
): Seen {
  const never = (message: string): Seen => ({ is: 'never', message, container: c.name })
  const notYet: Seen = { is: 'not yet', id: c.id }
  const ended = c.state === 'exited' || c.state === 'dead'
  const exited = `container ${c.name} ${c.exitCode === 0 ? 'exited (0)' : exitWords(c.exitCode, c)}`
  if (c.state === 'restarting' && c.restartCount >= HOPELESS)
    return never(
      `container ${c.name} is restarting over and over: it ${exitWords(c.exitCode, c)} ${c.restartCount} times`,
    )
  switch (condition) {
    case 'service_started':
      return c.startedAt > 0 ? so : notYet
    case 'service_healthy': {
      if (ended) return never(`dependency failed to start: ${exited}`)
      const health = believed(c)
      if (c.state === 'running' && !health && !hasHealthcheck(c))
        return never(`dependency failed to start: container ${c.name} has no healthcheck configured`)
      if (health === 'unhealthy') return never(`dependency failed to start: container ${c.name} is unhealthy`)
      return health === 'healthy' ? so : notYet
    }
    case 'service_completed_successfully':
      if (!ended) return notYet
      if (c.exitCode === 0) return so
      return never(`service "${service}" didn't complete successfully: exit ${codeWords(c.exitCode, c.oomKilled)}`)
    case 'running_or_healthy': {
      if (ended) return c.exitCode === 0 ? so : never(exited)
      const health = believed(c)
      if (hasHealthcheck(c)) {
        if (health === 'unhealthy') return never(`container ${c.name} is unhealthy`)
        return health === 'healthy' ? so : notYet
      }
      if (c.state !== 'running') return notYet
      const up = Math.max(Date.now() - c.startedAt, since)
      return up >= settle ? so : { ...notYet, within: settle - up }
    }
    case 'running':
      if (c.state === 'running' || (ended && c.exitCode === 0)) return so
      return never(ended ? exited : `container ${c.name} is ${c.state}`)
  }
}

/** Health as of the present run: what a probe found before the last start says nothing, and some engines keep it. */
function believed(c: ContainerDetail): 'starting' | 'healthy' | 'unhealthy' | undefined {
  if (!c.health || c.state !== 'running') return undefined
  const last = c.health.log.at(-1)
  if (last && c.startedAt > 0 && last.end < c.startedAt) return 'starting'
  return c.health.status
}

const hasHealthcheck = ({ spec, health }: ContainerDetail) =>
  health !== undefined || (spec.healthcheck?.test !== undefined && spec.healthcheck.test[0] !== 'NONE')

import type { ContainerDetail } from '../../engine/engine.ts'
import { LABEL } from '../../model/names.ts'
import type { Problem } from '../../text/problem.ts'

/** The specification's default of a health check's `interval` and `timeout`, milliseconds. */
const usual = 30_000

/**
 * What is to be told of a container whose health nobody finds out: no probe of it has ended for longer than its health check
 * takes. `quiet` is for how long neither an end of one nor a start of the container was seen, `slack` by how much engines may
 * be late, both in milliseconds. Docker forgets the health checks of what runs on when it is restarted with live-restore
 * (20.10.24), and Podman leaves them to systemd (4.3.1): they stay "starting" for good.
 */
export function unprobed(c: ContainerDetail, quiet: number, slack: number): Problem | undefined {
  if (c.state !== 'running' || c.health?.status !== 'starting') return undefined
  const { interval, timeout } = c.spec.healthcheck ?? {}
  const between = interval || usual
  if (quiet < between + (timeout || usual) + slack) return undefined
  return {
    code: 'health-unknown',
    severity: 'warning',
    message: `the engine runs no health check in container "${c.name}", which is to have one every ${between / 1000} s: nothing for ${Math.round(quiet / 1000)} s`,
    hint: `an engine that was restarted may have forgotten it: restart service "${c.labels[LABEL.service] ?? c.name}", or interrupt this`,
  }
}

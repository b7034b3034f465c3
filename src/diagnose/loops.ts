import { type Diagnosis, exitCodeOf, lastLine } from './diagnosis.ts'

/** Containers that come and go. */
export const loops: readonly Diagnosis[] = [
  {
    code: 'oneshot-loops',
    cause: 'A job ends well, and its restart policy runs it again and again.',
    evidence: 'RestartCount grows, and every end is with code 0.',
    fix: 'restart: on-failure, or "no".',
    find({ service, container, events }) {
      if (!container || container.restartCount < 2 || !['restarting', 'running'].includes(container.state))
        return undefined
      const ends = events.filter(e => e.action === 'die')
      const codes = ends.map(e => e.exitCode ?? Number(e.attributes['exitCode'] ?? Number.NaN))
      const well =
        ends.length > 0 ? codes.every(code => code === 0) : container.state === 'restarting' && container.exitCode === 0
      if (!well) return undefined
      return {
        message: `"${service}" ends well each time, and "restart: ${container.spec.restart}" has run it again ${container.restartCount} times`,
        evidence: [
          { field: 'RestartCount', value: String(container.restartCount) },
          { field: 'State.ExitCode', value: '0' },
          { field: 'HostConfig.RestartPolicy', value: container.spec.restart },
        ],
        certainty: 'certain',
        hint: 'let only failures be repeated',
        fix: 'restart: on-failure',
        attribute: ['restart'],
      }
    },
  },
  {
    code: 'restart-loop',
    cause: 'The container crashes shortly after each start, and its restart policy starts it again.',
    evidence: 'RestartCount grows; the state is "restarting", or running for a moment only.',
    fix: 'Mend the cause of the exit; meanwhile, restart: on-failure:5 ends the loop.',
    general: true,
    find({ service, container, log }, { scene }) {
      if (!container || container.restartCount < 2) return undefined
      const { state, exitCode, startedAt, restartCount } = container
      const young = state === 'running' && scene.now - startedAt < 10_000
      if (state !== 'restarting' && !young) return undefined
      const last = lastLine(log, /\S.*/)
      return {
        message: `"${service}" crashes over and over: ${restartCount} times by now${state === 'restarting' ? `, the last time with code ${exitCode}` : ''}`,
        evidence: [
          { field: 'RestartCount', value: String(restartCount) },
          { field: 'State.Status', value: state },
          ...(state === 'restarting' ? [exitCodeOf(container)] : []),
          ...(last ? [{ field: 'last line', value: last[0] }] : []),
        ],
        certainty: 'certain',
        hint: 'its last lines say why; a limit ends the loop meanwhile',
        fix: 'restart: on-failure:5',
        attribute: ['restart'],
      }
    },
  },
  {
    code: 'removed-outside',
    cause: 'Another tool removed the container.',
    evidence:
      'Events "kill", "die" and "destroy" that nobody here asked for; the engine no longer knows the container.',
    fix: 'gantry up makes it again; look for a job that prunes, or for a second orchestrator.',
    find({ service, container, failure, events }) {
      const gone = events.some(e => e.action === 'destroy') || /No such container/.test(failure?.message ?? '')
      if (container || !gone || !failure || !['start', 'wait', 'hook'].includes(failure.doing)) return undefined
      return {
        message: `another tool removed the container of "${service}"`,
        evidence: [{ field: failure.doing, value: failure.message }],
        certainty: 'likely',
        hint: 'run "gantry up" again, and look for a job that prunes or for a second orchestrator',
      }
    },
  },
]

import { exitCodeOf, type Diagnosis } from './diagnosis.ts'
import { refused } from './telling.ts'

/** Services that wait for others in vain, and hooks. The others have causes of their own. */
export const waits: readonly Diagnosis[] = [
  refused({
    code: 'dependency-no-healthcheck',
    cause: 'A service waits until another one is healthy, and that one has no health check.',
    evidence: 'The dependency has no health check, neither in the file nor in its image.',
    fix: 'Give it a health check, or wait for its start only (condition: service_started).',
    doing: ['wait', 'start', 'create'],
    says: /container (\S+) has no healthcheck configured/,
    tell([, name], { service }) {
      return {
        message: `"${service}" waits until "${name}" is healthy, which has no health check`,
        hint: 'give it a health check, or wait for its start only',
        fix: 'healthcheck:\n  test: [CMD, …]',
        attribute: ['depends_on'],
      }
    },
  }),
  refused({
    code: 'dependency-unhealthy',
    cause: 'A service was to wait until another one is healthy, and that one became unhealthy.',
    evidence: 'The dependency’s container is unhealthy; the service itself was never started.',
    fix: 'Mend the dependency: its own card says why.',
    doing: ['wait', 'start'],
    says: /dependency failed to start: container (\S+) is unhealthy/,
    tell: ([, name], { service, name: own }) =>
      name === own
        ? undefined
        : {
            message: `"${service}" was not started: "${name}", for which it waits, is unhealthy`,
            hint: 'look at that one',
            attribute: ['depends_on'],
          },
  }),
  refused({
    code: 'dependency-exited',
    cause: 'A service waits for another one, and that one ended.',
    evidence: 'The dependency’s container has ended, with an error where it was to complete.',
    fix: 'Mend the dependency: its own card says why.',
    doing: ['wait', 'start'],
    says: /dependency failed to start: container (\S+) exited \((\d+)\)|service "([^"]+)" didn't complete successfully: exit (\d+)/,
    tell: ([, name, code, job, jobCode], { service, name: own }) =>
      name === own || job === service
        ? undefined
        : {
            message: `"${service}" was not started: "${name ?? job}", for which it waits, ended with ${code ?? jobCode}`,
            hint: 'look at that one',
            attribute: ['depends_on'],
          },
  }),
  {
    code: 'hook-failed',
    cause:
      'A command that was to run after the start (post_start) or before the stop ended with an error. The container runs on.',
    evidence: 'The hook’s exit code; the container is running.',
    fix: 'Mend the hook, or stop the container.',
    find({ service, failure, container }) {
      if (failure?.doing !== 'hook') return undefined
      const code = /exited with (?:status )?(\d+)|ended with (\d+)/.exec(failure.message)
      return {
        message: `a hook of "${service}" failed${code ? ` with ${code[1] ?? code[2]}` : ''}${container?.state === 'running' ? '; the container runs on' : ''}`,
        evidence: [{ field: 'hook', value: failure.message }, ...(container ? [exitCodeOf(container)] : [])],
        certainty: 'certain',
        hint: 'mend the hook: its output says why',
        attribute: ['post_start'],
      }
    },
  },
]

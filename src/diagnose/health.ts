import type { ContainerDetail } from '../engine/engine.ts'
import type { About, Diagnosis } from './diagnosis.ts'
import type { Found } from './finding.ts'
import type { Subject } from './scene.ts'

type Probed = ContainerDetail & { readonly health: NonNullable<ContainerDetail['health']> }
type LastProbe = Probed['health']['log'][number]

/** Why a container is held to be unhealthy. Whether it has exited is told by others: an exit is no matter of health. */
export const health: readonly Diagnosis[] = [
  probed({
    code: 'probe-tool-missing',
    cause: 'The health check runs a program that the image does not have. The service itself may be well.',
    evidence: 'The last probe ended with -1 and "executable file not found", or its shell says "not found".',
    fix: 'Use a program that is in the image: test: [CMD, wget, -qO-, "http://127.0.0.1:80"].',
    says: /exec: "([^"\s]+)": executable file not found|(?:sh|dash|bash): (?:\d+: |line \d+: )?(\S+): (?:command )?not found/,
    tell: ([, direct, inShell], { service }) => ({
      message: `the health check of "${service}" needs "${direct ?? inShell}", which its image does not have; the service itself may be well`,
      hint: 'use a program that the image has',
      fix: 'healthcheck:\n  test: [CMD, wget, -qO-, "http://127.0.0.1:80"]',
    }),
  }),
  probed({
    code: 'probe-no-shell',
    cause: 'The health check is a text, which a shell would have to run, and the image has no shell.',
    evidence: 'The last probe ended with -1 and "exec: /bin/sh: stat /bin/sh: no such file or directory".',
    fix: 'Write a list that names a program of the image: test: [CMD, /app, --health].',
    says: /exec: "\/bin\/sh": stat \/bin\/sh: no such file or directory/,
    tell: (_, { service }) => ({
      message: `the health check of "${service}" needs a shell, and its image has none`,
      hint: 'write the check as a list that names a program of the image',
      fix: 'healthcheck:\n  test: [CMD, /app, --health]',
    }),
  }),
  probed({
    code: 'probe-one-string',
    cause: 'The health check is a list of one element that holds a whole line: it is taken as the name of one program.',
    evidence: 'The last probe ended with -1 and a "not found" of a name that holds blanks.',
    fix: 'Split the words, or write CMD-SHELL before the line.',
    says: /exec: "([^"]* [^"]*)": (?:stat .*: no such file or directory|executable file not found)/,
    tell: ([, line = ''], { service }) => ({
      message: `the health check of "${service}" is one text, "${line}", which is taken as the name of a program`,
      hint: 'split the words, or let a shell run the line',
      fix: `healthcheck:\n  test: ["CMD-SHELL", ${JSON.stringify(line)}]`,
    }),
  }),
  probed({
    code: 'probe-timeout',
    cause:
      'The health check took longer than its timeout allows. Starting it alone takes up to 1.5 s on a busy machine.',
    evidence: 'The last probe ended with -1 and "Health check exceeded timeout".',
    fix: 'timeout: 5s, or a cheaper check.',
    says: /Health check exceeded timeout \(([^)]*)\)/,
    tell: ([, timeout], { service }) => ({
      message: `the health check of "${service}" took longer than its timeout of ${timeout}`,
      hint: 'give it more time, or have it ask for less',
      fix: 'healthcheck:\n  timeout: 5s',
      attribute: ['healthcheck', 'timeout'],
    }),
  }),
  {
    code: 'probe-refused',
    cause: 'Nobody listens where the health check asks: another port, another address, or the program is not up yet.',
    evidence: 'The last probe says "Connection refused"; who listens in the container is told by /proc/net/tcp.',
    fix: 'Ask the port on which the program listens, at 127.0.0.1 rather than at localhost.',
    find(subject, about) {
      const container = unhealthy(subject)
      const last = container?.health.log.at(-1)
      if (!container || !last || !/connection refused/i.test(last.output)) return undefined
      return {
        ...refusedProbe(subject, container, about),
        evidence: probeEvidence(container, last),
        attribute: ['healthcheck', 'test'],
      }
    },
  },
  {
    code: 'health-never-passes',
    cause: 'The health check has failed each time since the start.',
    evidence: 'Health.Status is "unhealthy", and the last probes of this start all say the same.',
    fix: 'Its output says what is missing.',
    general: true,
    find(subject) {
      const container = unhealthy(subject)
      const last = container?.health.log.at(-1)
      if (!container || !last) return undefined
      const said = last.output.trim().split('\n')[0]
      return {
        message: `"${subject.service}" is unhealthy: its check failed ${container.health.failingStreak} times in a row with ${last.exitCode}`,
        evidence: probeEvidence(container, last),
        certainty: 'certain',
        hint: said
          ? 'the check’s output says what is missing'
          : 'the check prints nothing: run it by hand with "gantry exec"',
        attribute: ['healthcheck'],
      }
    },
  },
  {
    code: 'health-flaps-at-start',
    cause: 'The service was declared unhealthy before it had had time to start, and became healthy right after.',
    evidence: 'The event "health_status: unhealthy", and "healthy" seconds later.',
    fix: 'healthcheck.start_period: 30s together with start_interval: 1s.',
    severity: 'warning',
    find({ service, events, container }) {
      const told = events.filter(e => e.action === 'health_status')
      const early = told.findIndex(e => e.detail === 'unhealthy')
      const later = told.slice(early + 1).find(e => e.detail === 'healthy')
      const first = told[early]
      if (early < 0 || !first || !later || container?.health?.status !== 'healthy') return undefined
      const late = later.time - first.time
      if (late > 60_000 || told.slice(0, early).some(e => e.detail === 'healthy')) return undefined
      return {
        message: `"${service}" was declared unhealthy ${(late / 1000).toFixed(0)} s before it was ready`,
        evidence: [{ field: 'events', value: 'health_status: unhealthy, health_status: healthy' }],
        certainty: 'certain',
        hint: 'give it time to start, and look often meanwhile',
        fix: 'healthcheck:\n  start_period: 30s\n  start_interval: 1s',
        attribute: ['healthcheck'],
      }
    },
  },
]

interface ProbedRow extends Pick<Diagnosis, 'code' | 'cause' | 'evidence' | 'fix'> {
  readonly says: RegExp
  readonly tell: (words: RegExpExecArray, subject: Subject) => Omit<Found, 'evidence' | 'certainty'>
}

/** A cause that the output of the last probe gives away. */
function probed({ says, tell, ...row }: ProbedRow): Diagnosis {
  return {
    ...row,
    find(subject) {
      const container = unhealthy(subject)
      const last = container?.health.log.at(-1)
      const words = last && says.exec(last.output)
      if (!container || !last || !words) return undefined
      return {
        certainty: 'certain',
        attribute: ['healthcheck', 'test'],
        ...tell(words, subject),
        evidence: probeEvidence(container, last),
      }
    },
  }
}

/** A container that runs and whose check fails, by probes of this start: older ones stay in the engine's memory. */
function unhealthy({ container }: Subject): Probed | undefined {
  if (container?.state !== 'running' || !container.health) return undefined
  const { health, startedAt } = container
  const log = health.log.filter(probe => probe.start >= startedAt)
  const failing =
    health.status === 'unhealthy' || (health.failingStreak > 0 && log.some(probe => probe.exitCode === -1))
  return failing ? { ...container, health: { ...health, log } } : undefined
}

const probeEvidence = ({ health }: Probed, last: LastProbe) => [
  { field: 'State.Health.Status', value: health.status },
  { field: 'State.Health.FailingStreak', value: String(health.failingStreak) },
  { field: 'last probe', value: `${last.exitCode}: ${last.output.trim().split('\n').slice(0, 3).join(' ')}` },
]

/** What a refused probe comes from, as far as it is known who listens. */
function refusedProbe(
  { service }: Subject,
  container: Probed,
  { ask }: About,
): Pick<Found, 'message' | 'certainty' | 'hint' | 'fix'> {
  const test = (container.spec.healthcheck?.test ?? []).join(' ')
  const port = Number(/:(\d{2,5})(?=\D|$)/.exec(test)?.[1] ?? (/https:/.test(test) ? 443 : 80))
  const sockets = ask({ what: 'sockets', container: container.id })
  const open = sockets === 'unknown' ? [] : sockets.listening.filter(s => s.address !== '127.0.0.11')
  const other = open.find(s => s.port !== port)
  if (sockets === 'unknown')
    return {
      message: `the health check of "${service}" is refused: nobody listens where it asks, or not yet`,
      certainty: 'likely',
      hint: 'compare the check’s port with the one on which the program listens',
    }
  if (open.some(s => s.port === port))
    return {
      message: `the health check of "${service}" is refused at its address, though something listens on port ${port}`,
      certainty: 'likely',
      hint: 'ask 127.0.0.1: "localhost" may lead to ::1, where nobody listens',
      fix: `healthcheck:\n  test: ${JSON.stringify(container.spec.healthcheck?.test ?? [])
        .replaceAll('localhost', '127.0.0.1')
        .replaceAll('[::1]', '127.0.0.1')}`,
    }
  if (other)
    return {
      message: `the health check of "${service}" asks port ${port}, and the program listens on ${other.port}`,
      certainty: 'certain',
      hint: `ask port ${other.port}`,
      fix: `healthcheck:\n  test: ${JSON.stringify(container.spec.healthcheck?.test ?? []).replaceAll(`:${port}`, `:${other.port}`)}`,
    }
  return {
    message: `the health check of "${service}" is refused: nothing listens in the container yet`,
    certainty: 'certain',
    hint: 'look at its output: the program has not opened its port',
  }
}

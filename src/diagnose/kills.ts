import { type Diagnosis, ended, exitCodeOf, lastLine, lastWords, sinceStart } from './diagnosis.ts'
import type { Subject } from './scene.ts'

/** Containers that were ended, or that crashed, rather than ended by themselves. */
export const kills: readonly Diagnosis[] = [
  {
    code: 'pid1-ignores-term',
    cause:
      'The main process does not react to the stop signal, so that stopping takes the whole grace time and ends in a kill.',
    evidence: 'Events "kill" with the stop signal and then with 9, exit code 137, no lack of memory.',
    fix: 'init: true; or "exec" before the last command of the start script; or the command as a list instead of a text.',
    severity: 'warning',
    find(subject) {
      const container = ended(subject)
      if (container?.exitCode !== 137 || container.oomKilled) return undefined
      const signals = signalsOf(subject)
      const last = signals.at(-1)
      if (last !== '9' || signals.length < 2) return undefined
      const command = [...(container.spec.entrypoint ?? []), ...(container.spec.command ?? [])].join(' ')
      return {
        message: `"${subject.service}" did not react to its stop signal and was killed after the grace time`,
        evidence: [
          exitCodeOf(container),
          { field: 'events', value: `kill ${signals.join(', kill ')}` },
          { field: 'command', value: command },
        ],
        certainty: 'certain',
        hint: 'put a small init before it, or let the program handle the signal',
        fix: 'init: true',
        attribute: ['init'],
      }
    },
  },
  {
    code: 'killed-from-outside',
    cause: 'Somebody killed the container: through the engine, or its process on the host.',
    evidence:
      'Exit code 137 (143, 130, 129) without lack of memory and without a stop: one event "kill" with that signal, or none at all.',
    fix: 'Find who did it; a host that lacked memory says so in the kernel’s log.',
    find(subject) {
      const container = ended(subject)
      const signal = container && asked[container.exitCode]
      const since = sinceStart(subject)
      if (!container || signal === undefined || container.oomKilled) return undefined
      // Without the end among the events nobody knows whether there was a stop.
      if (!since.some(e => e.action === 'die') || since.some(e => e.action === 'stop' || e.action === 'oom'))
        return undefined
      const signals = signalsOf(subject)
      const byEngine = signals[0] === String(container.exitCode - 128)
      if (signals.length > 1 || (signals.length === 1 && !byEngine)) return undefined
      const killed = signal === 'SIGKILL'
      const byHost = killed ? 'a process of the host' : 'something in it or on its host'
      return {
        message: byEngine
          ? `"${subject.service}" was ${killed ? 'killed' : `ended by ${signal}`} through the engine ("kill", or "docker kill")`
          : `"${subject.service}" was ${killed ? 'killed' : `ended by ${signal}, which was sent`} by ${byHost}, not through the engine`,
        evidence: [exitCodeOf(container), { field: 'events', value: since.map(e => e.action).join(', ') }],
        certainty: byEngine ? 'certain' : 'likely',
        hint: byEngine
          ? 'start it again; find out who killed it'
          : killed
            ? 'look into the kernel’s log of the engine’s host ("dmesg"): a host that lacks memory kills'
            : 'look for a supervisor or a script that ends it; its last lines may say more',
      }
    },
  },
  {
    code: 'exit-segv',
    cause: 'The program crashed: a memory fault, or it aborted itself. (As PID 1, abort() shows as 139, too.)',
    evidence: 'Exit code 139, or 134 under an init.',
    fix: 'Look whether image and machine have the same architecture and whether mounted programs fit the image’s libc; "init: true" tells 134 (abort) from 139 (fault).',
    find(subject) {
      const container = ended(subject)
      if (!container || (container.exitCode !== 139 && container.exitCode !== 134)) return undefined
      if (lastLine(subject.log, /heap out of memory|OutOfMemoryError/)) return undefined
      const told = { evidence: [exitCodeOf(container), ...lastWords(subject)], certainty: 'certain' } as const
      if (container.exitCode === 134)
        return { ...told, message: `"${subject.service}" aborted itself`, hint: 'its last lines may say why' }
      // Under an init an abort would have been 134.
      if (container.spec.init)
        return {
          ...told,
          message: `"${subject.service}" crashed: a memory fault`,
          hint: 'look whether image and machine have the same architecture, and mounted programs the image’s libc',
        }
      return {
        ...told,
        message: `"${subject.service}" crashed: a memory fault, or it aborted itself`,
        hint: 'run it with "init: true" to see which of the two',
        fix: 'init: true',
        attribute: ['init'],
      }
    },
  },
  {
    code: 'engine-died',
    cause: 'The engine or its host went down while the container ran.',
    evidence: 'Exit code 255, and several containers ended in the same moment, or the log just breaks off.',
    fix: 'restart: unless-stopped, so that the engine starts it again.',
    find(subject, { scene }) {
      const container = ended(subject)
      if (container?.exitCode !== 255 || lastLine(subject.log.slice(0, 1), /^exec /)) return undefined
      const together = scene.subjects.filter(
        s => s.container?.exitCode === 255 && Math.abs(s.container.finishedAt - container.finishedAt) < 1500,
      )
      if (together.length < 2 && subject.events.some(e => e.action === 'die')) return undefined
      return {
        message: `"${subject.service}" ended because the engine or its host went down`,
        evidence: [
          exitCodeOf(container),
          { field: 'State.FinishedAt', value: new Date(container.finishedAt).toISOString() },
        ],
        certainty: together.length > 1 ? 'certain' : 'likely',
        hint: 'start it again; with a restart policy the engine does so by itself',
        ...(container.spec.restart === 'no' && { fix: 'restart: unless-stopped', attribute: ['restart'] }),
      }
    },
  },
]

/** Signals that ask a process to end, by the exit code that they leave. */
const asked: Readonly<Record<number, string>> = { 129: 'SIGHUP', 130: 'SIGINT', 137: 'SIGKILL', 143: 'SIGTERM' }

/** Signals that the engine sent since the last start, in order. */
const signalsOf = (subject: Subject): readonly string[] =>
  sinceStart(subject)
    .filter(e => e.action === 'kill')
    .map(e => e.attributes['signal'] ?? '')

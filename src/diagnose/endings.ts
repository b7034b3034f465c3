import { humanSize, spokenSize } from '../base/units.ts'
import type { ContainerDetail } from '../engine/engine.ts'
import type { Project } from '../model/project.ts'
import { type Diagnosis, ended, exitCodeOf, lastLine, sinceStart } from './diagnosis.ts'
import type { Subject } from './scene.ts'
import { logged } from './telling.ts'

/** Why a container that ran has ended. */
export const endings: readonly Diagnosis[] = [
  {
    code: 'exit-oom',
    cause: 'The kernel ended the container: together its processes wanted more memory than its limit.',
    evidence:
      'Exit code 137 with OOMKilled, or the event "oom" right before the end. The log mostly has no last words.',
    fix: 'Raise mem_limit, or have the program use less: a smaller heap, fewer workers.',
    find(subject) {
      const container = ended(subject)
      if (container?.exitCode !== 137) return undefined
      const limit = container.spec.memory
      const since = sinceStart(subject)
      const event = since.some(e => e.action === 'oom')
      const sure = container.oomKilled || event
      // Engines miss some: one that was at its limit's mercy, and that nobody stopped or killed, most likely ran into it.
      const alone = since.some(e => e.action === 'die') && !since.some(e => e.action === 'kill' || e.action === 'stop')
      if (!sure && !(limit > 0 && alone)) return undefined
      return {
        message:
          limit > 0
            ? `"${subject.service}" was ended by the kernel: it wanted more than its memory limit of ${spokenSize(limit)}`
            : `"${subject.service}" was ended by the kernel: the machine had no memory left`,
        evidence: [
          exitCodeOf(container),
          ...(container.oomKilled
            ? [{ field: 'State.OOMKilled', value: 'true' }]
            : [{ field: 'events', value: since.map(e => e.action).join(', ') }]),
          ...(limit > 0 ? [{ field: 'HostConfig.Memory', value: String(limit) }] : []),
        ],
        certainty: sure ? 'certain' : 'likely',
        hint: 'raise the limit, or have the program use less: a smaller heap, fewer workers',
        ...(limit > 0 && { fix: `mem_limit: ${humanSize(limit * 2).toLowerCase()}` }),
        attribute: ['mem_limit'],
      }
    },
  },
  {
    code: 'oom-child',
    cause: 'The kernel ended a process of the container for memory, but not its main process, which goes on.',
    evidence:
      'The container runs, and OOMKilled or an event "oom" without an end says that something in it was killed.',
    fix: 'Raise mem_limit, or run fewer workers.',
    find(subject, { ask }) {
      const { container, service } = subject
      if (container?.state !== 'running') return undefined
      const limit = container.spec.memory
      const event = sinceStart(subject).some(e => e.action === 'oom')
      const told = container.oomKilled || event
      const counted = told || limit === 0 ? 0 : ask({ what: 'oom-kills', container: container.id })
      if (!told && (counted === 'unknown' || counted === 0)) return undefined
      return {
        message: `a process in "${service}" was ended by the kernel for memory; the main process goes on`,
        evidence: [
          { field: 'State.Status', value: 'running' },
          counted !== 0
            ? { field: 'oom_kill', value: String(counted) }
            : event
              ? { field: 'event', value: 'oom' }
              : { field: 'State.OOMKilled', value: 'true' },
        ],
        certainty: 'certain',
        hint: 'raise the memory limit, or run fewer workers',
        ...(limit > 0 && { fix: `mem_limit: ${humanSize(limit * 2).toLowerCase()}` }),
        attribute: ['mem_limit'],
      }
    },
  },
  logged({
    code: 'runtime-heap-limit',
    cause: 'The language’s own limit of its heap was reached, not the container’s memory limit.',
    evidence: 'The log says "JavaScript heap out of memory" or "java.lang.OutOfMemoryError"; OOMKilled is not set.',
    fix: 'Raise the heap’s limit to about three quarters of mem_limit: NODE_OPTIONS=--max-old-space-size=…, -Xmx….',
    says: /JavaScript heap out of memory|java\.lang\.OutOfMemoryError/,
    tell([words], { service, container }) {
      if (container?.oomKilled) return undefined
      const node = words.startsWith('JavaScript')
      const most = container?.spec.memory ? Math.floor((container.spec.memory / 1024 ** 2) * 0.75) : 1024
      return {
        message: `"${service}" reached the limit of its own heap, which is not the container's memory limit`,
        hint: `let the heap grow to ${most} MB`,
        fix: node
          ? `environment:\n  NODE_OPTIONS: --max-old-space-size=${most}`
          : `environment:\n  JAVA_TOOL_OPTIONS: -Xmx${most}m`,
        attribute: ['environment'],
      }
    },
  }),
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
    evidence: 'Exit code 137 without lack of memory and without a stop: one event "kill" with 9, or none at all.',
    fix: 'Find who did it; a host that lacked memory says so in the kernel’s log.',
    find(subject) {
      const container = ended(subject)
      if (container?.exitCode !== 137 || container.oomKilled || subject.events.length === 0) return undefined
      const since = sinceStart(subject)
      const signals = signalsOf(subject)
      if (since.some(e => e.action === 'stop' || e.action === 'oom') || signals.length > 1) return undefined
      const byEngine = signals[0] === '9'
      if (signals.length === 1 && !byEngine) return undefined
      return {
        message: byEngine
          ? `"${subject.service}" was killed through the engine ("kill", or "docker kill")`
          : `"${subject.service}" was killed by a process of the host, not through the engine`,
        evidence: [exitCodeOf(container), { field: 'events', value: since.map(e => e.action).join(', ') }],
        certainty: byEngine ? 'certain' : 'likely',
        hint: byEngine
          ? 'start it again; find out who killed it'
          : 'look into the kernel’s log of the engine’s host ("dmesg"): a host that lacks memory kills',
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
      const aborted = container.exitCode === 134
      return {
        message: aborted
          ? `"${subject.service}" aborted itself`
          : `"${subject.service}" crashed: a memory fault, or it aborted itself`,
        evidence: [exitCodeOf(container), ...lastWords(subject)],
        certainty: 'certain',
        hint: aborted ? 'its last lines may say why' : 'run it with "init: true" to see which of the two',
        ...(!aborted && { fix: 'init: true', attribute: ['init'] }),
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
  logged({
    code: 'not-found-in-shell',
    cause: 'The start script calls a program that the image does not have.',
    evidence: 'A shell says "not found" in the log; exit code 127, and the engine itself has nothing against it.',
    fix: 'Install the program in the Dockerfile, or replace the call.',
    says: /^(?:\/?[\w/.-]*sh): (?:\d+: |line \d+: )?([^:\s]+): (?:command )?not found/,
    tell([, program], { service, container }) {
      if (container?.exitCode !== 127 || container.error) return undefined
      return {
        message: `"${service}" ended: its start script calls "${program}", which the image does not have`,
        evidence: [exitCodeOf(container)],
        hint: `install "${program}" in the image, or replace the call`,
        attribute: ['command'],
      }
    },
  }),
  {
    code: 'entrypoint-drops-cmd',
    cause: 'Setting "entrypoint" in the compose file removes the image’s own command.',
    evidence: 'The container has an entrypoint and no command, its image has one, and it ended at once.',
    fix: 'Repeat the command beside the entrypoint.',
    find(subject, { declared }) {
      const container = ended(subject)
      const dropped = subject.image?.command
      if (!container || !declared?.entrypoint || container.spec.command?.length || !dropped?.length) return undefined
      return {
        message: `setting "entrypoint" removed the command of the image of "${subject.service}": ${dropped.join(' ')}`,
        evidence: [
          exitCodeOf(container),
          { field: 'Config.Cmd', value: 'null' },
          { field: 'Config.Cmd of the image', value: JSON.stringify(dropped) },
        ],
        certainty: 'likely',
        hint: 'repeat the command beside the entrypoint',
        fix: `command: ${JSON.stringify(dropped)}`,
        attribute: ['entrypoint'],
      }
    },
  },
  {
    code: 'exit-0-at-once',
    cause: 'The container had nothing to keep running: its command is a shell, and there is no terminal.',
    evidence: 'Exit code 0 within two seconds, and the command is a shell alone.',
    fix: 'Give it a command that stays, or a terminal: stdin_open: true and tty: true.',
    severity: 'warning',
    find(subject, { declared, scene }) {
      const container = ended(subject)
      if (container?.exitCode !== 0 || container.finishedAt - container.startedAt > 2000 || container.tty)
        return undefined
      const words = [...(container.spec.entrypoint ?? []), ...(container.spec.command ?? [])]
      if (!/^(?:\/\S*\/)?(?:ba|da|a|z)?sh$|^(?:\/\S*\/)?(?:python3?|node)$/.test(words.join(' '))) return undefined
      if (isAwaited(subject.service, scene.project) || declared?.stdin_open) return undefined
      return {
        message: `"${subject.service}" had nothing to keep running: its command is "${words.join(' ')}" without a terminal`,
        evidence: [exitCodeOf(container), { field: 'Config.Cmd', value: JSON.stringify(words) }],
        certainty: 'certain',
        hint: 'give it a command that stays, or a terminal',
        fix: 'stdin_open: true\ntty: true',
        attribute: ['command'],
      }
    },
  },
  {
    code: 'exit-app-error',
    cause: 'The program ended by itself with an exit code of its own.',
    evidence: 'An exit code from 1 to 125, nothing that the engine says against it, and no signal from outside.',
    fix: 'Read its last lines.',
    general: true,
    find(subject) {
      const container = ended(subject)
      if (!container || container.state === 'restarting' || container.exitCode < 1 || container.exitCode > 127)
        return undefined
      return {
        message: `"${subject.service}" ended by itself with code ${container.exitCode}, ${lasted(container)} after its start`,
        evidence: [exitCodeOf(container), ...lastWords(subject)],
        certainty: 'certain',
        hint:
          lastWords(subject).length > 0
            ? 'its last lines say why'
            : `it printed nothing: try "gantry run ${subject.service} sh"`,
      }
    },
  },
]

/** Signals that the engine sent since the last start, in order. */
const signalsOf = (subject: Subject): readonly string[] =>
  sinceStart(subject)
    .filter(e => e.action === 'kill')
    .map(e => e.attributes['signal'] ?? '')

function lastWords({ log }: Subject) {
  const found = lastLine(log, /\S.*/)
  return found ? [{ field: 'last line', value: found[0] }] : []
}

/** Whether somebody waits for a service to complete: then ending with 0 is what it is there for. */
export function isAwaited(service: string, project: Project | undefined): boolean {
  const services = Object.values(project?.services ?? {})
  return services.some(s => s.depends_on?.[service]?.condition === 'service_completed_successfully')
}

export function lasted({ startedAt, finishedAt }: Pick<ContainerDetail, 'startedAt' | 'finishedAt'>): string {
  const seconds = Math.max(0, finishedAt - startedAt) / 1000
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`
}

import { humanSize, spokenSize } from '../base/units.ts'
import { type Diagnosis, ended, exitCodeOf, lastLine, sinceStart } from './diagnosis.ts'

/** Why a container that ran has ended, or ends over and over. */
export const endings: readonly Diagnosis[] = [
  {
    code: 'exit-oom',
    cause: 'The kernel ended the container: together its processes wanted more memory than its limit.',
    evidence:
      'Exit code 137 with OOMKilled, or the event "oom" right before the end. The log mostly has no last words.',
    fix: 'Raise mem_limit, or have the program use less: a smaller heap, fewer workers.',
    find(subject) {
      const container = ended(subject)
      const event = sinceStart(subject).find(e => e.action === 'oom')
      if (!container || (!container.oomKilled && !event) || container.exitCode !== 137) return undefined
      const limit = container.spec.memory
      return {
        message:
          limit > 0
            ? `"${subject.service}" was ended by the kernel: it wanted more than its memory limit of ${spokenSize(limit)}`
            : `"${subject.service}" was ended by the kernel: the machine had no memory left`,
        evidence: [
          exitCodeOf(container),
          container.oomKilled ? { field: 'State.OOMKilled', value: 'true' } : { field: 'event', value: 'oom' },
          ...(limit > 0 ? [{ field: 'HostConfig.Memory', value: String(limit) }] : []),
        ],
        certainty: 'certain',
        hint: 'raise the limit, or have the program use less: a smaller heap, fewer workers',
        ...(limit > 0 && { fix: `mem_limit: ${humanSize(limit * 2).toLowerCase()}` }),
        attribute: ['mem_limit'],
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
      if (!container || container.state === 'restarting' || container.exitCode < 1 || container.exitCode > 125)
        return undefined
      const last = lastLine(subject.log, /\S.*/)
      return {
        message: `"${subject.service}" ended by itself with code ${container.exitCode}, ${lasted(container)} after its start`,
        evidence: [exitCodeOf(container), ...(last ? [{ field: 'last line', value: last[0] }] : [])],
        certainty: 'certain',
        hint: last ? 'its last lines say why' : 'it printed nothing: run it by hand, "gantry run" with a shell',
      }
    },
  },
]

function lasted({ startedAt, finishedAt }: { readonly startedAt: number; readonly finishedAt: number }): string {
  const seconds = Math.max(0, finishedAt - startedAt) / 1000
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`
}

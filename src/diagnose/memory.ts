import { humanSize, spokenSize } from '../base/units.ts'
import { type Diagnosis, ended, exitCodeOf, sinceStart } from './diagnosis.ts'
import { logged } from './telling.ts'

/** Memory that ran out: the container's, or a language's own. */
export const memory: readonly Diagnosis[] = [
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
  {
    code: 'limit-not-seen',
    cause:
      'The program does not see the container’s memory limit: unless told otherwise it plans for more, or for all that the machine has.',
    evidence: 'The kernel ended it, or a process of it, for memory, and nothing tells it how much it may use.',
    fix: 'Tell it: NODE_OPTIONS=--max-old-space-size=… (about three quarters of mem_limit), --maxmemory for redis.',
    severity: 'warning',
    find(subject, { ask }) {
      const { container, service } = subject
      const limit = container?.spec.memory ?? 0
      if (!container || limit === 0) return undefined
      const running = container.state === 'running' ? ask({ what: 'oom-kills', container: container.id }) : 0
      const event = sinceStart(subject).some(e => e.action === 'oom')
      if (!container.oomKilled && !event && (running === 'unknown' || running === 0)) return undefined
      const words = [...(container.spec.entrypoint ?? []), ...(container.spec.command ?? [])]
      const greedy = planners.find(({ program }) => words.some(word => program.test(word)))
      if (!greedy || limit >= greedy.most || [...words, ...container.spec.env].some(word => greedy.told.test(word)))
        return undefined
      const most = Math.floor((limit / 1024 ** 2) * 0.75)
      return {
        message: `"${service}" runs ${greedy.name}, which plans for ${greedy.plans} and not for its limit of ${spokenSize(limit)}`,
        evidence: [
          { field: 'HostConfig.Memory', value: String(limit) },
          { field: 'command', value: words.join(' ') },
        ],
        certainty: 'likely',
        hint: `tell it how much it may use: about ${most} MB`,
        fix: greedy.fix(most, words),
        attribute: greedy.attribute,
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
]

/** Programs that are known to plan for more than a small limit, and how they are told of it. */
const planners: readonly {
  readonly name: string
  readonly program: RegExp
  readonly told: RegExp
  readonly plans: string
  /** From this limit on, in bytes, what they plan fits. */
  readonly most: number
  readonly fix: (most: number, words: readonly string[]) => string
  readonly attribute: readonly string[]
}[] = [
  {
    // V8 takes no less than about 256 MB for its heap, in however small a container (measured: 259 MB in 64 MiB, Node 20).
    name: 'Node.js',
    program: /(?:^|\/)(?:node|npm|npx|yarn|pnpm)$/,
    told: /--max[-_]old[-_]space[-_]size/,
    plans: 'a heap of 256 MB at least',
    most: 400 * 1024 ** 2,
    fix: most => `environment:\n  NODE_OPTIONS: --max-old-space-size=${most}`,
    attribute: ['environment'],
  },
  {
    name: 'an in-memory database',
    program: /(?:^|\/)(?:redis|valkey)-server$/,
    told: /maxmemory|\.conf$/,
    plans: 'all the memory of the machine',
    most: Number.POSITIVE_INFINITY,
    fix: (most, words) =>
      `command: ${JSON.stringify([...words.filter(word => !/docker-entrypoint/.test(word)), '--maxmemory', `${most}mb`])}`,
    attribute: ['command'],
  },
]

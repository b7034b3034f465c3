import type { Diagnosis } from './diagnosis.ts'

/** Containers that go on, and are held back. */
export const pressure: readonly Diagnosis[] = [
  {
    code: 'cpu-throttled',
    cause: 'The container wants more of the CPU than its limit, and is made to wait in most of its time slices.',
    evidence: 'nr_throttled of its cgroup comes near nr_periods.',
    fix: 'Raise cpus, or accept that it is slow: it is held back, not ended.',
    severity: 'warning',
    find({ service, container }, { ask }) {
      if (container?.state !== 'running') return undefined
      const { nano_cpus, cpu_quota, cpu_period } = container.spec
      const cpus = nano_cpus > 0 ? nano_cpus / 1e9 : cpu_quota > 0 ? cpu_quota / (cpu_period || 100_000) : 0
      if (cpus === 0) return undefined
      const stat = ask({ what: 'inside', container: container.id, command: ['cat', ...cpuFiles] })
      if (stat === 'unknown') return undefined
      const [periods, throttled] = [counted(stat.output, 'nr_periods'), counted(stat.output, 'nr_throttled')]
      if (periods < 20 || throttled / periods < 0.5) return undefined
      const share = Math.round((100 * throttled) / periods)
      return {
        message: `"${service}" was held back in ${share} % of its time slices: it wants more than ${cpus} CPUs`,
        evidence: [
          { field: 'nr_periods', value: String(periods) },
          { field: 'nr_throttled', value: String(throttled) },
        ],
        certainty: 'certain',
        hint: 'raise the limit where it is too slow; a health check or a caller may give up meanwhile',
        fix: `cpus: ${Math.max(0.5, cpus * 2)}`,
        attribute: ['cpus'],
      }
    },
  },
  {
    code: 'zombies-pile-up',
    cause:
      'Processes that have ended stay as zombies, since the main process does not ask for their exit codes. They count against pids_limit.',
    evidence: 'Processes in state Z whose parent is process 1, in a container without an init.',
    fix: 'init: true.',
    severity: 'warning',
    find({ service, container }, { ask }) {
      if (container?.state !== 'running' || container.spec.init) return undefined
      // Health checks and limits of processes are where they come from, and where they hurt.
      if (container.spec.pids_limit <= 0 && !container.health) return undefined
      const table = ask({ what: 'inside', container: container.id, command: ['sh', '-c', 'cat /proc/[0-9]*/stat'] })
      const zombies = table === 'unknown' ? [] : [...table.output.matchAll(/^\d+ \((.*)\) Z 1 /gm)]
      if (zombies.length < 3) return undefined
      const name = zombies[0]![1]!
      return {
        message: `"${service}" has ${zombies.length} zombies: processes that have ended and that its main process does not clear away`,
        evidence: [
          { field: 'processes in state Z below PID 1', value: String(zombies.length) },
          { field: 'one of them', value: name },
        ],
        certainty: 'certain',
        hint: 'put a small init before it, which clears them away',
        fix: 'init: true',
        attribute: ['init'],
      }
    },
  },
]

/** Where the kernel counts: cgroup v1, and v2. */
const cpuFiles = ['/sys/fs/cgroup/cpu/cpu.stat', '/sys/fs/cgroup/cpu.stat']

const counted = (text: string, name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0)

import type { LiveSpec } from '../engine/engine.ts'
import type { Service } from '../model/project.ts'
import type { Diagnosis } from './diagnosis.ts'
import { didNotStart, logged, refused } from './telling.ts'

/** Limits that a container runs into, or that the engine cannot set. */
export const limits: readonly Diagnosis[] = [
  logged({
    code: 'pids-limit',
    cause: 'The container may not start another process or thread: its limit of processes is reached.',
    evidence:
      'The log says "can’t fork: Resource temporarily unavailable" or "can’t start new thread", and pids_limit is set.',
    fix: 'Raise pids_limit. Threads and zombies count, too.',
    says: /can't fork|Resource temporarily unavailable|can't start new thread|EAGAIN/i,
    tell(_, { service, container }, { declared }) {
      const most = container?.spec.pids_limit ?? 0
      const nproc = declared?.ulimits?.['nproc']
      if (most <= 0)
        return (
          nproc && {
            message: `"${service}" reached "ulimits.nproc": it counts all processes of its user on the whole machine`,
            certainty: 'likely',
            hint: 'limit the container instead',
            fix: 'pids_limit: 200',
            attribute: ['ulimits', 'nproc'],
          }
        )
      return {
        message: `"${service}" reached its limit of ${most} processes`,
        evidence: [{ field: 'HostConfig.PidsLimit', value: String(most) }],
        hint: 'raise it; threads and zombies count, too',
        fix: `pids_limit: ${Math.max(200, most * 4)}`,
        attribute: ['pids_limit'],
      }
    },
  }),
  logged({
    code: 'nofile-limit',
    cause: 'A process has as many files and connections open as it may.',
    evidence: 'The log says "Too many open files" (EMFILE).',
    fix: 'ulimits: {nofile: 65536}.',
    says: /Too many open files|EMFILE|Errno 24/i,
    tell: (_, { service }) => ({
      message: `"${service}" has as many files open as it may`,
      hint: 'raise the limit',
      fix: 'ulimits:\n  nofile: 65536',
      attribute: ['ulimits'],
    }),
  }),
  refused({
    code: 'rlimit-refused',
    cause: 'A limit of "ulimits" is higher than the engine itself may go.',
    evidence: 'The engine says "error setting rlimit … operation not permitted".',
    fix: 'Lower it, or raise the engine’s own limit on its host.',
    says: /error setting rlimits?.*?(?:rlimit type (\d+))?: operation not permitted/,
    tell([, type], subject) {
      const name = rlimits[Number(type)]
      return {
        message: `${didNotStart(subject)}: the limit ${name ? `"${name}"` : 'of "ulimits"'} is higher than the engine may set`,
        hint: 'lower it, or raise the engine’s own limit on its host',
        attribute: name ? ['ulimits', name] : ['ulimits'],
      }
    },
  }),
  refused({
    code: 'limit-impossible',
    cause:
      'The engine’s machine cannot give what is asked for, or less is asked for than a container needs. (A number without a unit is bytes.)',
    evidence:
      'The engine says so: "Minimum memory limit allowed", "range of CPUs", "Requested CPUs are not available", "Minimum memoryswap limit".',
    fix: 'Ask for what the machine has; write units: mem_limit: 512m.',
    says: /Minimum memory limit allowed is \S+|[Rr]ange of CPUs is from [^,"]*(?:, as there are only \d+ CPUs available)?|Requested CPUs are not available[^"]*|Minimum memoryswap limit should be larger than memory limit|Minimum memory limit can not be less than memory reservation limit/,
    tell([words], subject) {
      const attribute = /memoryswap/.test(words)
        ? 'memswap_limit'
        : /memory/.test(words)
          ? 'mem_limit'
          : /Requested/.test(words)
            ? 'cpuset'
            : 'cpus'
      return {
        message: `${didNotStart(subject)}: ${words[0]!.toLowerCase()}${words.slice(1)}`,
        hint: attribute === 'mem_limit' ? 'write the unit: a number alone is bytes' : 'ask for what the machine has',
        ...(attribute === 'mem_limit' && { fix: 'mem_limit: 64m' }),
        attribute: [attribute],
      }
    },
  }),
  {
    code: 'cgroup-limit-ignored',
    cause:
      'The engine cannot hold a limit, since the kernel of its machine lacks the controller. The container runs without it.',
    evidence:
      'The engine says "Your kernel does not support …" once, when the container is made; afterwards the container has no such limit, though the file sets one.',
    fix: 'Turn the controller on in the kernel of the engine’s machine, or do not rely on the limit. "gantry doctor" says which limits it holds.',
    severity: 'warning',
    find({ service, container }, { declared }) {
      const ignored = container && declared ? lost(container.spec, declared) : undefined
      if (ignored === undefined) return undefined
      return {
        message: `"${service}" runs without "${ignored}", which the file sets: the engine ignores it, or the container is older than the line`,
        evidence: [{ field: `${ignored} of the container`, value: 'none' }],
        certainty: 'likely',
        hint: '"gantry doctor" says which limits the engine holds; "gantry up" makes the container anew where the file has changed',
        attribute: [ignored],
      }
    },
  },
  refused({
    code: 'sysctl-refused',
    cause: 'A setting of the kernel belongs to the whole machine, or does not exist.',
    evidence: 'The engine says "is not in a separate kernel namespace", or "open sysctl … no such file".',
    fix: 'Set it on the engine’s host (sysctl -w), or correct its name.',
    says: /sysctl "([^"]+)" is not in a separate kernel namespace|open (?:sysctl |\/proc\/sys\/)(\S+?)(?: file)?: (?:unsafe|no such)/,
    tell([, host, unknown], subject) {
      const key = host ?? unknown ?? ''
      return {
        message: host
          ? `${didNotStart(subject)}: "${key}" is a setting of the whole machine, not of a container`
          : `${didNotStart(subject)}: the kernel has no setting "${key}"`,
        hint: host ? `set it on the engine's host ("sysctl -w ${key}=…")` : 'correct its name',
        attribute: ['sysctls'],
      }
    },
  }),
  refused({
    code: 'device-missing',
    cause: 'The engine’s host does not have the device.',
    evidence: 'The engine says "error gathering device information while adding custom device".',
    fix: 'Correct the path, or leave the device out on machines that do not have it (a profile, an override file).',
    says: /error gathering device information while adding custom device "([^"]+)"/,
    tell: ([, device], subject) => ({
      message: `${didNotStart(subject)}: the engine's host has no device "${device}"`,
      hint: 'correct the path, or leave the device out where there is none',
      attribute: ['devices'],
    }),
  }),
  refused({
    code: 'gpu-missing',
    cause: 'The engine has no driver for the GPU that is asked for.',
    evidence: 'The engine says "could not select device driver … with capabilities: [[gpu]]".',
    fix: 'Install the GPU toolkit on the engine’s host, or leave the GPU out there.',
    says: /could not select device driver "([^"]*)" with capabilities: \[\[([^\]]*)\]\]/,
    tell: ([, driver], subject, { declared }) => ({
      message: `${didNotStart(subject)}: the engine has no driver ${driver ? `"${driver}" ` : ''}for a GPU`,
      hint: 'install the GPU toolkit on the engine’s host, or leave the GPU out where there is none',
      attribute: declared?.gpus ? ['gpus'] : ['deploy', 'resources', 'reservations', 'devices'],
    }),
  }),
  refused({
    code: 'runtime-unknown',
    cause: 'The engine does not have the runtime that is asked for.',
    evidence: 'The engine says "unknown or invalid runtime name".',
    fix: 'Install it on the engine’s host, or leave "runtime" out.',
    says: /unknown or invalid runtime name: (\S+)|Unknown runtime specified (\S+)/,
    tell: ([, name, older], subject) => ({
      message: `${didNotStart(subject)}: the engine has no runtime "${name ?? older}"`,
      hint: 'install it on the engine’s host, or leave "runtime" out',
      attribute: ['runtime'],
    }),
  }),
  refused({
    code: 'log-driver-failed',
    cause: 'The log driver cannot be started: its server does not answer, an option is wrong, or it is not installed.',
    evidence:
      'The engine says "failed to initialize logging driver", "unknown log opt" or "error looking up logging plugin".',
    fix: 'Start the log server first, correct the option, or let the driver wait (fluentd-async: "true").',
    says: /failed to initialize logging driver: ([^\n]*)|unknown log opt '([^']+)' for (\S+) log driver|error looking up logging plugin (\S+?):|(journald is not enabled on this host)/,
    tell([, because, option, driver, plugin], subject) {
      const what = option
        ? `its log driver ${driver} has no option "${option}"`
        : plugin
          ? `the engine has no log driver "${plugin}"`
          : `its log driver could not start${because ? `: ${because}` : ''}`
      return {
        message: `${didNotStart(subject)}: ${what}`,
        hint: option ? 'correct the option' : 'start the log server first, or choose the driver "local"',
        attribute: option ? ['logging', 'options', option] : ['logging'],
      }
    },
  }),
  refused({
    code: 'restart-policy-invalid',
    cause: 'There is no such restart policy.',
    evidence: 'The engine says "invalid restart policy".',
    fix: 'no, always, on-failure[:N] or unless-stopped.',
    says: /invalid restart policy:? (?:unknown policy )?'?([^';]*)/,
    tell: ([, policy], subject) => ({
      message: `${didNotStart(subject)}: there is no restart policy "${policy}"`,
      hint: 'there are "no", "always", "on-failure" and "unless-stopped"',
      fix: 'restart: unless-stopped',
      attribute: ['restart'],
    }),
  }),
]

/** The first limit that is written and that the container does not have. */
function lost(spec: LiveSpec, { mem_limit = 0, pids_limit = 0, cpus = 0 }: Service): string | undefined {
  if (mem_limit > 0 && spec.memory === 0) return 'mem_limit'
  if (pids_limit > 0 && spec.pids_limit === 0) return 'pids_limit'
  return cpus > 0 && spec.nano_cpus === 0 && spec.cpu_quota === 0 ? 'cpus' : undefined
}

/** RLIMIT_ numbers of Linux (asm-generic/resource.h), as "ulimits" calls them. */
const rlimits: Readonly<Record<number, string>> = {
  0: 'cpu',
  1: 'fsize',
  2: 'data',
  3: 'stack',
  4: 'core',
  5: 'rss',
  6: 'nproc',
  7: 'nofile',
  8: 'memlock',
  9: 'as',
  10: 'locks',
  11: 'sigpending',
  12: 'msgqueue',
  13: 'nice',
  14: 'rtprio',
  15: 'rttime',
}

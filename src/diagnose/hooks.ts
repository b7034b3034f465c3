import type { Diagnosis } from './diagnosis.ts'

/** Commands that a service is to run around its start and its stop. */
export const hooks: readonly Diagnosis[] = [
  {
    code: 'hook-failed',
    cause:
      'A command that was to run around the start (pre_start, post_start) or before the stop (pre_stop) ended with an error. A container that has started runs on.',
    evidence: 'The hook’s exit code, and what it printed last.',
    fix: 'Mend the hook. Where the container runs on: "gantry stop", or start over with "gantry up".',
    find({ service, failure, container }) {
      if (failure?.doing !== 'hook') return undefined
      const [, code, said] = /exited with (?:status|code) (\d+)(?: \([^)]*\))?(?:: (.*))?/s.exec(failure.message) ?? []
      const when = /\bpre_start\b/.test(failure.message) ? 'pre_start' : 'post_start'
      const runs = container?.state === 'running'
      return {
        message: `${when === 'pre_start' ? 'a "pre_start"' : 'a'} hook of "${service}" failed${code === undefined ? '' : ` with ${code}`}${runs ? '; the container runs on' : ''}`,
        evidence: [
          said === undefined ? { field: 'hook', value: failure.message } : { field: 'hook printed', value: said },
        ],
        certainty: 'certain',
        hint: said === undefined ? 'mend the hook; it printed nothing' : 'mend the hook',
        attribute: [when],
      }
    },
  },
]

import type { BuildTold, Found } from '../../engine/build.ts'
import type { Unit } from '../../plan/plan.ts'
import type { Problem } from '../../text/problem.ts'
import type { BuildFailedEvent } from '../event.ts'

/** What a failed step has said last is enough to see why. */
const KEPT = 40

interface Log {
  readonly name: string
  lines: string[]
  /** Lines that are not kept. */
  dropped: number
}

/** Remembers the last words of each step of builds, for telling them again where one fails. */
export function buildLog() {
  const steps = new Map<string, Map<string, Log>>()
  const failed = new Map<string, Log>()
  const stepsOf = (unit: Unit) => {
    const known = steps.get(unit.name) ?? new Map<string, Log>()
    steps.set(unit.name, known)
    return known
  }
  const print = (log: Log | undefined, text: string) => {
    if (!log) return
    const [first = '', ...rest] = text.split('\n')
    log.lines.push((log.lines.pop() ?? '') + first, ...rest)
    // Now and then, not at every line.
    if (log.lines.length <= 2 * KEPT) return
    const over = log.lines.length - KEPT
    log.dropped += over
    log.lines = log.lines.slice(over)
  }
  return {
    /** Of BuildKit. */
    told(unit: Unit, told: BuildTold): void {
      const known = stepsOf(unit)
      if (told.kind === 'output') print(known.get(told.id), told.text)
      if (told.kind !== 'vertex') return
      const log = known.get(told.id) ?? { name: told.name, lines: [], dropped: 0 }
      known.set(told.id, log)
      if (told.state === 'failed') failed.set(unit.name, log)
    },
    /** Of the classic builder, which names each step on a line of its own. */
    printed(unit: Unit, text: string): void {
      const known = stepsOf(unit)
      const name = /^Step (\d+\/\d+) : (.*)$/m.exec(text)
      if (name) {
        const log = { name: `[${name[1]}] ${name[2]}`, lines: [], dropped: 0 }
        known.set('', log)
        failed.set(unit.name, log)
      } else print(known.get(''), text.replace(/^ ---> .*\n/gm, ''))
    },
    /** The step at which an image's build failed; undefined where it failed at none. */
    failure(unit: Unit): BuildFailedEvent | undefined {
      const log = failed.get(unit.name)
      if (!log) return undefined
      const end = log.lines.findLastIndex(line => line.trim() !== '') + 1
      const lines = log.lines.slice(0, end)
      const output = lines.slice(-KEPT)
      return { type: 'build-failed', unit, step: log.name, output, omitted: log.dropped + lines.length - output.length }
    },
  }
}

/** What the Dockerfile's own checks found, as a warning. */
export function checkProblem({ message, url, at }: Found): Problem {
  return {
    code: 'dockerfile-check',
    severity: 'warning',
    // BuildKit names the line in brackets.
    message: at ? message.replace(/ \(line \d+\)$/, '') : message,
    ...(url !== undefined && { hint: `see ${url}` }),
    ...(at && { at }),
  }
}

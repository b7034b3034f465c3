import type { Problem } from '../text/problem.ts'

/** So many warnings of one code are shown; a file with a thousand of them is no thousand lines. */
const shown = 3

/** Keeps back warnings that are like those already told, and tells how many there were. */
export function grouping(tell: (problem: Problem) => void): {
  /** Whether this one is not to be shown. */
  readonly holds: (problem: Problem) => boolean
  /** Tells what was kept back since the last time. */
  readonly rest: () => void
} {
  const seen = new Map<string, number>()
  const held = new Map<string, number>()
  return {
    holds({ code, severity }) {
      if (severity === 'error') return false
      const number = (seen.get(code) ?? 0) + 1
      seen.set(code, number)
      if (number <= shown) return false
      held.set(code, (held.get(code) ?? 0) + 1)
      return true
    },
    rest() {
      for (const [code, number] of held)
        tell({
          code,
          severity: 'warning',
          message: `and ${number} more like ${number === 1 ? 'that' : 'those'} (${code}); "--progress json" tells them all`,
        })
      held.clear()
    },
  }
}

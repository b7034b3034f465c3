import { certain } from '../lint/certain.ts'
import { lint } from '../lint/lint.ts'
import type { Loaded } from '../load/load.ts'
import type { Problem } from '../text/problem.ts'
import { loadedScope } from './loaded-scope.ts'

/** What is certain to go wrong when the project is started, as warnings: whoever starts it is not refused. */
export function beforeUp(loaded: Loaded, cwd: string): readonly Problem[] {
  return lint(loadedScope(loaded, { cwd, disabled: false }), certain)
    .filter(({ severity, problem: { code } }) => severity === 'error' && !saidByLoading.has(code))
    .map(({ problem }) => ({ ...problem, severity: 'warning' as const }))
}

/** Loading warns of these in words of its own. */
const saidByLoading = new Set(['command-operator', 'one-letter-volume'])

import type { CheckUp } from '../actions/doctor/check-up.ts'
import { clean } from './clean.ts'
import type { Paint } from './paint.ts'

/** What was looked at, a line each, and what to do where it is not well. */
export function checkUpsText(checks: readonly CheckUp[], paint: Paint): string {
  return checks
    .map(({ state, message, hint }) => {
      const mark = {
        ok: paint('green', '✔'),
        warning: paint('yellow', '!'),
        error: paint('red', '✘'),
        unknown: paint('dim', '?'),
      }[state]
      return `${mark} ${clean(message)}\n${hint === undefined ? '' : `  ${paint('cyan', 'hint:')} ${clean(hint)}\n`}`
    })
    .join('')
}

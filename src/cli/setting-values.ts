import { userError } from '../text/problem.ts'

const kinds = ['auto', 'tty', 'plain', 'json', 'quiet'] as const

/** What COMPOSE_PROGRESS asks for. Whatever is not known is told by `checkProgress`; here it must not get into the way of telling. */
export function progressOf(setting: string | undefined): (typeof kinds)[number] {
  return setting === 'none' ? 'quiet' : (kinds.find(kind => kind === setting) ?? 'auto')
}

/** Throws UserError. */
export function checkProgress(setting: string | undefined): void {
  if (!setting || setting === 'none' || kinds.some(kind => kind === setting)) return
  throw userError(
    'bad-setting',
    `unsupported COMPOSE_PROGRESS value "${setting}"`,
    `it takes ${kinds.map(kind => `"${kind}"`).join(', ')}`,
  )
}

/** Whether a switch is on, whatever else it may be. */
export const isTrue = (text: string | undefined): boolean => /^(1|t|true|y|yes|on)$/i.test(text ?? '')

/** Whether a switch is on. Throws UserError where it is neither on nor off. */
export function truth(name: string, text: string | undefined): boolean {
  if (text === undefined || text === '') return false
  if (isTrue(text)) return true
  if (/^(0|f|false|n|no|off)$/i.test(text)) return false
  throw userError('bad-setting', `${name} is "${text}"`, 'it takes "true" or "false"')
}

/** How many things may be done at once: by the flag, else by COMPOSE_PARALLEL_LIMIT. 0 is no limit; undefined is the default. */
export function parallelLimit(flag: number | undefined, setting: string | undefined): number | undefined {
  if (flag !== undefined) return Math.max(0, flag)
  if (setting === undefined || setting === '') return undefined
  if (!/^-?\d+$/.test(setting))
    throw userError('bad-setting', `COMPOSE_PARALLEL_LIMIT must be an integer (found: "${setting}")`)
  return Math.max(0, Number(setting))
}

/** What was looked at, and how it is. */
export interface CheckUp {
  /** Stable: `engine`, `clock`, `disk`, `name`, `listening` … */
  readonly code: string
  readonly state: 'ok' | 'warning' | 'error' | 'unknown'
  /** One sentence. */
  readonly message: string
  /** What to do where it is not well. */
  readonly hint?: string
}

export const ok = (code: string, message: string): CheckUp => ({ code, state: 'ok', message })
export const warning = (code: string, message: string, hint: string): CheckUp => ({
  code,
  state: 'warning',
  message,
  hint,
})
export const bad = (code: string, message: string, hint: string): CheckUp => ({ code, state: 'error', message, hint })
export const unknown = (code: string, message: string): CheckUp => ({ code, state: 'unknown', message })

import { withoutCredentials } from '../base/url-credentials.ts'
import type { Span } from '../text/source.ts'

export type EngineReason =
  | 'unreachable'
  | 'not-found'
  | 'conflict'
  | 'port-taken'
  | 'denied'
  | 'unsupported'
  | 'invalid'
  | 'cancelled'
  | 'failed'

/** The engine refused, failed, or could not be reached. The only error that the port throws, without passwords of addresses. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly reason: EngineReason
  /** What `gantry explain` knows it by. */
  readonly code: string
  readonly hint: string | undefined
  /** The HTTP status where there was one. */
  readonly status: number | undefined
  /** What the engine complains of, in a file that it was sent. */
  readonly at: Span | undefined
  constructor(
    reason: EngineReason,
    message: string,
    options: {
      readonly hint?: string
      /** Where the reason alone does not say it: `engine-unreachable` and the like without it. */
      readonly code?: string
      readonly status?: number
      readonly at?: Span
      readonly cause?: unknown
    } = {},
  ) {
    super(withoutCredentials(message), { cause: options.cause })
    this.reason = reason
    this.code = options.code ?? `engine-${reason}`
    this.hint = options.hint
    this.status = options.status
    this.at = options.at
  }
}

export const isEngineError = (error: unknown, ...reasons: readonly EngineReason[]): error is EngineError =>
  error instanceof EngineError && (reasons.length === 0 || reasons.includes(error.reason))

import { EngineError, isEngineError } from '../../engine/errors.ts'

/** Milliseconds before each further try. */
const pauses = [1000, 2000, 4000]

/** What engines say of a line that was cut, or of a registry that stumbles: the same again may go well. Not of one that is not there. */
const cut =
  /unexpected EOF|: EOF$|connection reset|broken pipe|i\/o timeout|TLS handshake timeout|Client\.Timeout|context deadline exceeded|request canceled|use of closed network connection|(?:status(?: code)?|HTTP status:?) ?(?:from \S+ )?:? ?(?:500|502|503|504)|(?:502|503|504) (?:Bad Gateway|Service Unavailable|Gateway Time-?out)/i

/** The engine has tried again itself, for minutes (28.5). */
const byEngine = /after attempts=\d/

export interface Retrying {
  readonly signal: AbortSignal
  /** Hears of each further try before its pause: the second is 2. */
  readonly tell: (error: EngineError, attempt: number, of: number) => void
}

/** Does what may be done again (a pull, a push) again where its line was cut: four times in all. Anything else is thrown as it is. */
export async function retried<T>(run: () => Promise<T>, { signal, tell }: Retrying): Promise<T> {
  for (let failures = 0; ; failures++)
    try {
      return await run()
    } catch (error) {
      if (!isEngineError(error, 'failed') || !cut.test(error.message) || byEngine.test(error.message)) throw error
      const pause = pauses[failures]
      if (pause === undefined) {
        const cause = `its line was cut ${failures + 1} times; what has come whole is kept`
        throw new EngineError('failed', error.message, {
          hint: `${cause}: run it again, or look at what lies between the engine and the registry`,
          cause: error,
        })
      }
      tell(error, failures + 2, pauses.length + 1)
      await passed(pause, signal)
      if (signal.aborted) throw error
    }
}

/** Resolves after so many milliseconds, or once nobody waits any more. */
function passed(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  signal.addEventListener('abort', () => resolve(), { once: true })
  return promise.finally(() => clearTimeout(timer))
}

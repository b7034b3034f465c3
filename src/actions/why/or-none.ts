import { isEngineError } from '../../engine/errors.ts'

/** What the engine cannot tell is not known: telling why something failed must not fail itself. */
export async function orNone<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch((error: unknown) => {
    if (isEngineError(error)) return undefined
    throw error
  })
}

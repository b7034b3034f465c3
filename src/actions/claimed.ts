import { claim } from '../local/claim.ts'
import type { ActionOptions } from './options.ts'

/**
 * Does what changes a project as the only command that does, and waits for that where another one is at it. What was seen
 * before may have changed meanwhile: `work` looks again. Its signal aborts when the claim is lost, too.
 */
export async function claimed<T>(
  verb: string,
  project: string,
  { engine, emit, signal }: Pick<ActionOptions, 'engine' | 'emit' | 'signal'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const mine = await claim(engine, project, { verb, signal, tell: problem => emit({ type: 'problem', problem }) })
  try {
    return await work(mine.signal)
  } finally {
    await mine.release()
  }
}

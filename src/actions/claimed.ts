import type { VolumeDetail } from '../engine/engine.ts'
import { type Claim, claim } from '../local/perform/claim.ts'
import { isStopping, untilStopped } from '../local/perform/stopping.ts'
import type { Problem } from '../text/problem.ts'
import type { ActionOptions } from './options.ts'

export interface ClaimedOptions extends Pick<ActionOptions, 'engine' | 'emit' | 'signal'> {
  /** Claims as they were seen: what dead commands have left of these is removed. */
  readonly seen?: readonly VolumeDetail[]
}

/**
 * Does what changes a project as the only command that does, and waits for that where another one is at it. What was seen
 * before may have changed meanwhile: `work` looks again. Its signal aborts when the claim is lost, too.
 */
export async function claimed<T>(
  verb: string,
  project: string,
  { engine, emit, signal, seen = [] }: ClaimedOptions,
  work: (claim: Pick<Claim, 'signal' | 'from'>) => Promise<T>,
): Promise<T> {
  const tell = (problem: Problem) => emit({ type: 'problem', problem })
  const mine = await claim(engine, project, { verb, signal, seen, tell })
  try {
    // Who was cut short may have asked for containers to be stopped, which still look as if they ran.
    if (mine.from === 'the dead') await untilStopped(engine, project, { signal: mine.signal, tell })
    return await work(mine)
  } finally {
    if (signal.aborted && (await isStopping(engine, project))) await mine.leave()
    else await mine.release()
  }
}

import type { Engine } from '../../src/engine/engine.ts'
import { EngineError } from '../../src/engine/errors.ts'

export interface RunnerOptions {
  /** How many turns of the event loop pass before each call, over and over: how commands get between each other. */
  readonly pauses?: readonly number[]
  /** The command is killed at this call, from 0: before the engine sees it, while the engine is at it, or after it has done it. */
  readonly killed?: { readonly nth: number; readonly when: 'before' | 'during' | 'after' } | undefined
}

/** An engine as one of several commands has it. What a killed one asks for is not done any more. */
export function runner(engine: Engine, { pauses = [0], killed }: RunnerOptions): Engine {
  let counted = 0
  let dead = false
  const die = () => {
    throw new EngineError('failed', 'this command was killed')
  }
  const entries = Object.entries(engine).map(([name, method]) => {
    if (typeof method !== 'function' || name === 'close' || name === 'logs') return [name, method]
    const call = async (...args: unknown[]) => {
      const nth = counted++
      for (let i = 0; i < pauses[nth % pauses.length]!; i++) await turn()
      if (dead) die()
      dead = nth === killed?.nth
      if (dead && killed?.when === 'before') die()
      const answer = (method as (...args: unknown[]) => Promise<unknown>)(...args)
      if (dead && killed?.when === 'during') {
        answer.catch(() => {})
        die()
      }
      const result = await answer
      if (dead) die()
      return result
    }
    return [name, call]
  })
  return Object.fromEntries(entries) as Engine
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

import { passing } from '../../base/swept.ts'
import type { LogChunk } from '../../engine/engine.ts'

/**
 * Reads several containers' output on while nobody asks for it, as far as all of them together hold less than so many bytes, and each of
 * them for one chunk in any case. Whoever takes lines in the order of their times reads one log while the others wait, and an engine
 * tells one at half the speed at which it tells two.
 */
export function readingAhead(most: number): (chunks: AsyncIterable<LogChunk>) => AsyncGenerator<LogChunk> {
  let held = 0
  let room = Promise.withResolvers<void>()

  return chunks => {
    const waiting: LogChunk[] = []
    let over = false
    let failure: { readonly error: unknown } | undefined
    let came = Promise.withResolvers<void>()

    const read = async () => {
      try {
        for await (const chunk of chunks) {
          waiting.push(chunk)
          held += chunk.bytes.length
          came.resolve()
          while (held >= most && waiting.length > 0 && !over) await room.promise
          if (over) return
        }
      } catch (error) {
        failure = { error }
      } finally {
        over = true
        came.resolve()
      }
    }
    const give = (chunk: LogChunk) => {
      held -= chunk.bytes.length
      passing(chunk.bytes.length, 'major')
      room.resolve()
      room = Promise.withResolvers()
      return chunk
    }

    void read()
    return (async function* () {
      try {
        for (;;) {
          const next = waiting.shift()
          if (next) yield give(next)
          else if (failure) throw failure.error
          else if (over) return
          else {
            await came.promise
            came = Promise.withResolvers()
          }
        }
      } finally {
        over = true
        for (const left of waiting.splice(0)) give(left)
      }
    })()
  }
}

import type { LogChunk, LogOptions } from '../engine.ts'
import { type Frame, frames, together } from './streams.ts'

/** "2026-11-21T11:27:44.123456789Z " */
const STAMP = 30
const REMEMBERED = 256

/**
 * Follows a log to its very end on an engine that stops following before it has told what a container said last: asks once more
 * for the end, and leaves out what was told. Timestamps tell one message from another, so they are always asked for.
 */
export async function* toTheEnd(
  ask: (options: LogOptions) => Promise<AsyncIterable<Uint8Array>>,
  options: LogOptions,
): AsyncGenerator<LogChunk> {
  const { timestamps = false, tail } = options
  const shown = timestamps ? (f: Frame) => f : (f: Frame) => ({ stream: f.stream, bytes: f.bytes.subarray(STAMP + 1) })
  let told: string[] = []
  for await (const batch of frames(await ask({ ...options, timestamps: true, follow: true }))) {
    // Both streams write at once: the newest stamp need not be the last, so several are kept.
    told = [...told, ...batch.slice(-REMEMBERED).map(identity)].slice(-REMEMBERED)
    yield* together(batch.map(shown))
  }
  // Nothing said and nothing of the past wanted: what stands in the log may be old.
  if (tail === 0 && told.length === 0) return
  const oldest = told.map(stampOf).toSorted()[0]
  const { tail: _tail, ...untailed } = options
  const again = oldest === undefined ? options : { ...untailed, since: oldest }
  const known = Map.groupBy(told, one => one)
  // A long line is told in parts that bear one timestamp, so they are counted.
  const isNew = (one: string) => (oldest === undefined || stampOf(one) > oldest) && known.get(one)?.pop() === undefined
  for await (const batch of frames(await ask({ ...again, timestamps: true, follow: false })))
    yield* together(batch.filter(f => isNew(identity(f))).map(shown))
}

function identity({ stream, bytes }: Frame): string {
  return `${bytes.toString('latin1', 0, STAMP)} ${stream}`
}

function stampOf(identity: string): string {
  return identity.slice(0, STAMP)
}

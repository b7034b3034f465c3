import { setTimeout as sleep } from 'node:timers/promises'
import { passing } from '../../base/swept.ts'
import type { ContainerDetail, Engine, LogChunk, LogOptions } from '../../engine/engine.ts'
import type { Emit } from '../event.ts'
import type { Member } from '../members.ts'
import { detailOf, gone, isLost, patiently } from '../steady.ts'
import { compareTimes, lineCutter, timed } from './lines.ts'

export interface Telling {
  readonly engine: Pick<Engine, 'logs' | 'attach' | 'inspectContainer'>
  readonly emit: Emit
  readonly signal: AbortSignal
  /** Undefined while whoever listens keeps up. */
  readonly ready?: (() => Promise<void> | undefined) | undefined
}

type Whose = Pick<Member, 'id' | 'label' | 'service'>

/** Emits the lines of pieces of output, those of each stream apart. */
function teller(
  whose: Whose,
  { emit }: Telling,
  wanted: (stream: LogChunk['stream'], line: Uint8Array) => { time?: string; line: Uint8Array } | undefined,
) {
  const cutter = (stream: LogChunk['stream']) =>
    lineCutter(bytes => {
      const said = wanted(stream, bytes)
      if (said) emit({ type: 'log', container: whose.label, service: whose.service, stream, ...said })
    })
  const cutters = { stdout: cutter('stdout'), stderr: cutter('stderr') }
  return {
    hear({ stream, bytes }: LogChunk) {
      cutters[stream].push(bytes)
      passing(bytes.length, 'major')
    },
    end() {
      cutters.stdout.end()
      cutters.stderr.end()
    },
  }
}

/** How far a container's output has been told: the last line's time, and how many lines told bear it. */
export interface Place {
  last: string | undefined
  told: number
  /** Lines that were told while attached, without times, and are passed over when the log is read. */
  readonly skip?: Record<LogChunk['stream'], number>
}

export const newPlace = (): Place => ({ last: undefined, told: 0 })

/**
 * Tells what a container has printed and, with `follow`, what it prints until it stops. It begins after `place` and keeps that up to
 * date; where the connection is lost on the way it goes on there, so that no line is lost or told twice.
 */
export async function tellLogs(
  whose: Whose,
  options: LogOptions,
  telling: Telling,
  place: Place = newPlace(),
): Promise<void> {
  const { engine, signal, ready } = telling
  const follow = options.follow === true
  const { since, tail, ...rest } = options
  for (;;) {
    let heard = false
    // Lines of the last time come again, since times are all that the engine can begin at.
    const from = place.last
    let again = place.told
    const { hear, end } = teller(whose, telling, (stream, bytes) => {
      const said = timed(bytes)
      if (place.skip && place.skip[stream] > 0) {
        place.skip[stream]--
        return undefined
      }
      if (from !== undefined && again > 0 && said.time !== '') {
        const order = compareTimes(said.time, from)
        if (order === 0) again--
        if (order <= 0) return undefined
      }
      if (said.time === place.last) place.told++
      else {
        place.last = said.time
        place.told = 1
      }
      return said
    })
    try {
      const start = from ?? since
      const stream = engine.logs(whose.id, {
        ...rest,
        ...(start !== undefined && { since: start }),
        ...(from === undefined && tail !== undefined && { tail }),
        timestamps: true,
        signal,
      })
      for await (const chunk of stream) {
        heard = true
        hear(chunk)
        await ready?.()
      }
      end()
    } catch (error) {
      const goesOn = follow && isLost(error)
      // A line cut off by the loss is told whole when it comes again.
      if (!goesOn) end()
      if (signal.aborted || gone(error)) return
      if (!goesOn) throw error
    }
    if (!follow || signal.aborted) return
    const detail = await detailOf(whose.id, telling)
    if (signal.aborted || !detail || !lives(detail)) return
    // It ended while the container goes on: the engine, or what stands before it, was away. One that ends a stream at once,
    // again and again, is not asked a thousand times a second.
    if (!heard) await sleep(200, undefined, { signal }).catch(() => {})
  }
}

/**
 * Tells what comes out of a container that one is attached to, until it stops. Where the connection is lost on the way the
 * log is read from there on; `whole` says that nothing was printed in this run before one was attached.
 */
export async function tellAttached(
  whose: Whose,
  output: AsyncIterable<LogChunk>,
  telling: Telling,
  whole: boolean,
): Promise<void> {
  const { signal, ready } = telling
  // The run before: asked for while this one has hardly begun.
  const before = whole ? lastEnd(whose.id, telling) : Promise.resolve(undefined)
  before.catch(() => {})
  const skip = { stdout: 0, stderr: 0 }
  let heardAt = Date.now()
  const { hear, end } = teller(whose, telling, (stream, line) => {
    skip[stream]++
    return { line }
  })
  let lost = false
  try {
    for await (const chunk of output) {
      heardAt = Date.now()
      hear(chunk)
      await ready?.()
    }
  } catch (error) {
    if (!isLost(error) || signal.aborted) throw error
    lost = true
  }
  const detail = await detailOf(whose.id, telling)
  if (signal.aborted || !detail || !lives(detail)) return end()
  if (!lost) end()
  const [began, now] = [await before, detail.finishedAt]
  // It ended in order and was started again: all of that run has been told, and nothing of the next.
  const anew = !lost && began !== now
  const since = began === undefined ? { since: seconds(heardAt) } : sinceEnd(anew ? now : began)
  const place = { ...newPlace(), ...(began !== undefined && !anew && { skip }) }
  await tellLogs(whose, { ...since, follow: true }, telling, place)
}

/**
 * What the log is to be asked for to give all of a container's present run: it begins where the one before ended. The time of
 * its start is too late, since the engine notes that when the program has printed already.
 */
export async function thisRun(
  id: string,
  telling: Pick<Telling, 'engine' | 'signal'>,
): Promise<Pick<LogOptions, 'since'>> {
  return sinceEnd(await lastEnd(id, telling))
}

/** When a container ended last, milliseconds; 0 where it never did. */
async function lastEnd(id: string, { engine, signal }: Pick<Telling, 'engine' | 'signal'>): Promise<number> {
  return (await patiently(signal, () => engine.inspectContainer(id))).finishedAt
}

const sinceEnd = (finishedAt: number): Pick<LogOptions, 'since'> =>
  finishedAt > 0 ? { since: seconds(finishedAt + 1) } : {}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(9)

const lives = ({ state }: ContainerDetail) => state === 'running' || state === 'paused'

import { describe, expect, test } from 'vitest'
import { toTheEnd } from '../../../src/engine/docker/follow.ts'
import type { LogOptions } from '../../../src/engine/engine.ts'

/** What a log keeps: nanoseconds of one second, stream, text. */
type Message = readonly [at: number, stream: 1 | 2, text: string]

const stamp = (at: number) => `2026-11-21T11:27:44.${String(at).padStart(9, '0')}Z`

function frame([at, stream, text]: Message): Buffer {
  const bytes = Buffer.from(`${stamp(at)} ${text}`)
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}

/** An engine whose followed log ends after `told` of the messages; asked again, it gives all from `since` on. */
function engine(log: readonly Message[], told: number) {
  const asked: LogOptions[] = []
  const ask = async (options: LogOptions) => {
    asked.push(options)
    const { follow, since = '', tail } = options
    const from = log.filter(([at]) => stamp(at) >= since)
    const all = follow ? log.slice(0, told) : from.slice(tail === undefined ? 0 : Math.max(0, from.length - tail))
    return (async function* () {
      for (const message of all) yield frame(message)
    })()
  }
  const read = async (options: LogOptions = {}) =>
    (await Array.fromAsync(toTheEnd(ask, options))).map(c => Buffer.from(c.bytes).toString()).join('')
  return { asked, read }
}

const log: readonly Message[] = [
  [1, 1, 'one\n'],
  [2, 1, 'two\n'],
  [3, 2, 'three'],
  [4, 1, 'four'],
]

describe('a log that is followed to its end', () => {
  test.each([0, 1, 2, 3, 4])('is whole, and nothing is told twice, where %d messages were told', async told => {
    expect(await engine(log, told).read()).toBe('one\ntwo\nthreefour')
  })

  test('bears timestamps only where they were asked for', async () => {
    expect(await engine(log.slice(0, 1), 0).read({ timestamps: true })).toBe(`${stamp(1)} one\n`)
  })

  test('asks for no more than the end', async () => {
    const { asked, read } = engine(log, 3)
    await read({ tail: 10 })
    expect(asked).toEqual([
      { tail: 10, timestamps: true, follow: true },
      { since: stamp(1), timestamps: true, follow: false },
    ])
  })

  test('keeps to the lines that were asked for where nothing was told', async () => {
    expect(await engine(log, 0).read({ tail: 1 })).toBe('four')
    expect(await engine(log, 0).read({ tail: 0 })).toBe('')
  })

  test('keeps messages that stand out of order, and parts of one line that bear one time', async () => {
    const mixed: readonly Message[] = [
      [1, 1, 'a'],
      [5, 1, 'b'],
      [4, 2, 'c'],
      [6, 1, 'd'],
      [6, 1, 'e'],
      [6, 1, 'f'],
    ]
    for (const told of [2, 3, 4, 5]) expect(await engine(mixed, told).read()).toBe('abcdef')
  })

  test('is whole also where more was told than is remembered', async () => {
    const long = Array.from({ length: 1000 }, (_, i): Message => [i + 1, 1, `${i}\n`])
    expect(await engine(long, 990).read()).toBe(long.map(m => m[2]).join(''))
  })
})

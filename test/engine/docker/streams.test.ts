import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { demultiplexed, engineEvent, jsonLines } from '../../../src/engine/docker/streams.ts'

function frame(stream: number, text: string | Buffer): Buffer {
  const bytes = Buffer.from(text)
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}

/** The bytes, cut at these places. */
async function* cut(bytes: Buffer, places: readonly number[]) {
  let from = 0
  for (const place of [...places.toSorted((a, b) => a - b), bytes.length]) {
    if (place > bytes.length) continue
    if (place > from) yield bytes.subarray(from, place)
    from = Math.max(from, place)
  }
}

const places = fc.array(fc.nat({ max: 400 }), { maxLength: 30 })

describe('demultiplexing', () => {
  const told = async (bytes: Buffer, at: readonly number[] = []) =>
    (await Array.fromAsync(demultiplexed(cut(bytes, at)))).map(c => [c.stream, Buffer.from(c.bytes).toString()])

  test('frames of one stream that arrive together are one chunk', async () => {
    const bytes = Buffer.concat([frame(1, 'a\n'), frame(1, 'b\n'), frame(2, 'e\n'), frame(1, 'c')])
    expect(await told(bytes)).toEqual([
      ['stdout', 'a\nb\n'],
      ['stderr', 'e\n'],
      ['stdout', 'c'],
    ])
  })

  test('an empty frame and a cut header lose nothing', async () => {
    expect(await told(Buffer.concat([frame(1, ''), frame(1, 'x')]), [3, 8, 11])).toContainEqual(['stdout', 'x'])
  })

  test('wherever the network cuts, each stream’s bytes are whole and in order', async () => {
    const messages = fc.array(fc.record({ stream: fc.constantFrom(1, 2), text: fc.string({ maxLength: 40 }) }), {
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(messages, places, async (all, at) => {
        const chunks = await told(Buffer.concat(all.map(m => frame(m.stream, m.text))), at)
        for (const [number, name] of [
          [1, 'stdout'],
          [2, 'stderr'],
        ] as const)
          expect(
            chunks
              .filter(c => c[0] === name)
              .map(c => c[1])
              .join(''),
          ).toBe(
            all
              .filter(m => m.stream === number)
              .map(m => m.text)
              .join(''),
          )
      }),
    )
  })

  test('a megabyte of one-byte lines in one piece is no trouble', async () => {
    const bytes = Buffer.concat(Array.from({ length: 120_000 }, () => frame(1, '\n')))
    expect((await told(bytes)).map(c => c[1]!.length)).toEqual([120_000])
  })
})

describe('JSON lines', () => {
  const values = async (bytes: Buffer, at: readonly number[] = []) => Array.fromAsync(jsonLines(cut(bytes, at)))

  test('wherever the network cuts, also inside a character, values are whole', async () => {
    const objects = fc.array(fc.record({ status: fc.string({ unit: 'grapheme', maxLength: 20 }), n: fc.integer() }), {
      maxLength: 10,
    })
    await fc.assert(
      fc.asyncProperty(objects, places, async (all, at) => {
        const bytes = Buffer.from(all.map(o => `${JSON.stringify(o)}\r\n`).join(''))
        expect(await values(bytes, at)).toEqual(all)
      }),
    )
  })

  test('the last line needs no end', async () => {
    expect(await values(Buffer.from('{"a":1}\n{"b":2}'))).toEqual([{ a: 1 }, { b: 2 }])
  })

  test('what is no JSON is the engine’s failure, and is quoted', async () => {
    await expect(values(Buffer.from('<html>\n'))).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining('<html>'),
    })
  })
})

describe('events', () => {
  const message = (Action: string, Attributes: Record<string, string> = {}) => ({
    Type: 'container' as const,
    Action,
    Actor: { ID: 'abc', Attributes: { name: 'p-web-1', ...Attributes } },
    timeNano: 1_795_260_075_253_000_000,
  })

  test('an end tells its code', () => {
    expect(engineEvent(message('die', { exitCode: '137' }))).toEqual({
      id: 'abc',
      name: 'p-web-1',
      action: 'die',
      detail: '',
      time: 1_795_260_075_253,
      exitCode: 137,
      attributes: { name: 'p-web-1', exitCode: '137' },
    })
  })

  test('what stands after a colon is the detail', () => {
    expect(engineEvent(message('health_status: healthy'))).toMatchObject({ action: 'health_status', detail: 'healthy' })
    expect(engineEvent(message('exec_create: sh -c a: b'))).toMatchObject({
      action: 'exec_create',
      detail: 'sh -c a: b',
    })
  })

  test('Podman’s words are Docker’s', () => {
    expect(engineEvent(message('died', { containerExitCode: '3' }))).toMatchObject({ action: 'die', exitCode: 3 })
    expect(engineEvent(message('remove')).action).toBe('destroy')
  })
})

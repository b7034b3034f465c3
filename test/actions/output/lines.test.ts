import { expect, test } from 'vitest'
import { compareStamps, compareTimes, lineCutter, lineOf, timed } from '../../../src/actions/output/lines.ts'

function cut(...pieces: string[]): string[] {
  const lines: string[] = []
  const cutter = lineCutter(line => lines.push(Buffer.from(line).toString()))
  for (const piece of pieces) cutter.push(Buffer.from(piece))
  cutter.end()
  return lines
}

test('pieces that end anywhere become whole lines', () => {
  expect(cut('a\nb', 'c', '\n', '\nd\n')).toEqual(['a', 'bc', '', 'd'])
})

test('a last line that nothing ended is a line', () => {
  expect(cut('a\ntail')).toEqual(['a', 'tail'])
})

test('a letter cut in two pieces stays one letter', () => {
  const bytes = Buffer.from('ü\n')
  const lines: string[] = []
  const cutter = lineCutter(line => lines.push(Buffer.from(line).toString()))
  cutter.push(bytes.subarray(0, 1))
  cutter.push(bytes.subarray(1))
  expect(lines).toEqual(['ü'])
})

test('the engine’s time is taken off a line', () => {
  const { time, line } = timed(Buffer.from('2026-11-21T10:00:00.000000001Z hello world'))
  expect([time, Buffer.from(line).toString()]).toEqual(['2026-11-21T10:00:00.000000001Z', 'hello world'])
})

test('times that the engine puts into a long line every 16 KiB are taken out, and nothing else is', () => {
  const stamp = '2026-11-21T10:00:00.000000001Z '
  const part = 'x'.repeat(16384)
  const { line } = timed(Buffer.from(`${stamp}${part}${stamp}${part}${stamp}end 2026-11-21T10:00:00Z`))
  expect(Buffer.from(line).toString()).toBe(`${part}${part}end 2026-11-21T10:00:00Z`)
})

test('times are compared to the nanosecond, in whatever zone they are told', () => {
  expect(compareTimes('2026-11-21T10:00:00.000000001Z', '2026-11-21T10:00:00.000000002Z')).toBeLessThan(0)
  expect(compareTimes('2026-11-21T11:00:00.5+01:00', '2026-11-21T10:00:00.500000000Z')).toBe(0)
  expect(compareTimes('2026-11-21T11:00:00.500000001+01:00', '2026-11-21T10:00:00.5Z')).toBeGreaterThan(0)
})

test('lines are compared by the times that they begin with, wherever they lie', () => {
  const lying = (text: string) => ({ bytes: Buffer.from(`..${text}..`), from: 2, to: 2 + text.length })
  const line = (time: string) => lying(`${time} said`)
  const earlier = line('2026-11-21T10:00:00.000000001Z')
  const later = line('2026-11-21T10:00:00.000000002Z')
  expect(compareStamps(earlier, later)).toBeLessThan(0)
  expect(compareStamps(later, earlier)).toBeGreaterThan(0)
  expect(compareStamps(later, line('2026-11-21T10:00:00.000000002Z'))).toBe(0)
  // Podman's, shortened and in local time.
  expect(compareStamps(line('2026-11-21T11:00:00.1+01:00'), later)).toBeGreaterThan(0)
  expect(compareStamps(lying(''), later)).toBeLessThan(0)
})

test('a line that lies among others is what it is by itself', () => {
  const stamp = '2026-11-21T10:00:00.000000001Z '
  const part = 'x'.repeat(16384)
  for (const text of [
    stamp,
    `${stamp}said`,
    '2026-11-21T11:00:00.1+01:00 said',
    `${stamp}${part}`,
    `${stamp}${part}${stamp}end`,
  ]) {
    const bytes = Buffer.from(`..${text}..`)
    const { line } = timed(Buffer.from(text))
    expect(Buffer.from(lineOf({ bytes, from: 2, to: bytes.length - 2 })).equals(line)).toBe(true)
  }
})

import { describe, expect, test } from 'vitest'
import { formatDuration, formatSize, humanDuration, humanSize, parseDuration, parseSize } from '../../src/base/units.ts'

describe('a duration is numbers with units', () => {
  test.each([
    ['1m30s', 90_000],
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1h5m30s20ms', 3_930_020],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
    ['100us', 0.1],
    ['100µs', 0.1],
    ['1ns', 0.000001],
    ['-1s', -1000],
    ['+1s', 1000],
    ['0', 0],
    ['-0s', 0],
  ])('%s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds))
})

describe('what is no duration is undefined', () => {
  test.each(['', '30', '1h 5m', 's', '1mo', '1y', '1.2.3s', ' 1s', '1s ', '-', '9999999w', 'abc'])('"%s"', text =>
    expect(parseDuration(text)).toBeUndefined(),
  )
})

describe('a duration is written as Go writes it', () => {
  test.each([
    [90_000, '1m30s'],
    [86_400_000, '24h0m0s'],
    [1500, '1.5s'],
    [20, '20ms'],
    [0.1, '100µs'],
    [0.0005, '500ns'],
    [0, '0s'],
    [-90_000, '-1m30s'],
    [3_930_020, '1h5m30.02s'],
  ])('%d ms is %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text))
})

describe('a size is a number and a unit of 1024', () => {
  test.each([
    ['64M', 67_108_864],
    ['64mb', 67_108_864],
    ['64MiB', 67_108_864],
    ['1.5g', 1_610_612_736],
    ['1 g', 1_073_741_824],
    ['512', 512],
    ['512b', 512],
    ['1e3', 1000],
    ['.5k', 512],
    ['0.3b', 0],
    ['-1', -1],
    ['2p', 2_251_799_813_685_248],
  ])('%s', (text, bytes) => expect(parseSize(text)).toBe(bytes))
})

describe('what is no size is undefined', () => {
  test.each(['', 'g', '1bb', '1kk', '1  g', '-2', '1x', '1.2.3k', '0x10', '9999999p', '1ibm'])('"%s"', text =>
    expect(parseSize(text)).toBeUndefined(),
  )
})

test('a size is written in digits, the largest as Go has it', () => {
  expect([0, 67_108_864, -1, 2 ** 63].map(formatSize)).toEqual(['0', '67108864', '-1', '9223372036854775807'])
})

test.each([
  [32 * 2 ** 20, '32M'],
  [1.5 * 2 ** 30, '1536M'],
  [2 ** 30, '1G'],
  [64e6, '64000000'],
  [0, '0'],
  [-1, '-1'],
])('%d bytes are "%s" to people', (bytes, words) => {
  expect(humanSize(bytes)).toBe(words)
  expect(parseSize(words)).toBe(bytes)
})

test.each([
  [10_000, '10s'],
  [300_000, '5m'],
  [5_400_000, '1h30m'],
  [3_600_000, '1h'],
  [3_605_000, '1h0m5s'],
  [36_000_000, '10h'],
  [0, '0s'],
])('%d milliseconds are "%s" to people', (milliseconds, words) => {
  expect(humanDuration(milliseconds)).toBe(words)
  expect(parseDuration(words)).toBe(milliseconds)
})

import { describe, expect, test } from 'vitest'
import { goFloat, goInteger, goParsedFloat, shortestFloat32 } from '../../src/base/go-number.ts'

describe('a float becomes text as Go prints it', () => {
  test.each([
    [1, '1'],
    [1.5, '1.5'],
    [1000, '1000'],
    [999_999, '999999'],
    [1_000_000, '1e+06'],
    [1_234_567.5, '1.2345675e+06'],
    [1e20, '1e+20'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-0.5, '-0.5'],
    [-0, '-0'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NaN, 'NaN'],
  ])('%d', (value, text) => expect(goFloat(value)).toBe(text))
})

test('a float of 32 bits is the shortest number that reads back as itself', () => {
  expect([0.1, 0.25, 1.5, 16_777_217.5, 1 / 3].map(shortestFloat32)).toEqual([0.1, 0.25, 1.5, 16_777_218, 0.33333334])
})

test('a whole number is digits with a sign, within 64 bits', () => {
  expect(['12', '+5', '-3', '012', '1_000', '1.0', '', '9223372036854775808'].map(goInteger)).toEqual([
    12,
    5,
    -3,
    12,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('a float is digits, a point and an exponent', () => {
  expect(['1.5', '.5', '1.', '1e3', '-2', 'inf', '1,5', ''].map(goParsedFloat)).toEqual([
    1.5,
    0.5,
    1,
    1000,
    -2,
    undefined,
    undefined,
    undefined,
  ])
})

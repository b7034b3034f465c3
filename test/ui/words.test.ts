import { expect, test } from 'vitest'
import { count, roughly, size, took } from '../../src/ui/words.ts'

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]

test.each([
  [999, 'Less than a second'],
  [second, '1 second'],
  [59 * second, '59 seconds'],
  [60 * second, 'About a minute'],
  [119 * second, 'About a minute'],
  [3 * minute, '3 minutes'],
  [59 * minute, '59 minutes'],
  [60 * minute, 'About an hour'],
  [89 * minute, 'About an hour'],
  [90 * minute, '2 hours'],
  [47 * hour, '47 hours'],
  [48 * hour, '2 days'],
  [13 * day, '13 days'],
  [14 * day, '2 weeks'],
  [60 * day, '2 months'],
  [730 * day, '2 years'],
])('%d ms ago is told as docker tells it: %s', (milliseconds, words) => {
  expect(roughly(milliseconds)).toBe(words)
})

test.each([
  [400, '0.4s'],
  [9_940, '9.9s'],
  [12_000, '12s'],
  [125_000, '2m05s'],
])('%d ms took %s', (milliseconds, text) => {
  expect(took(milliseconds)).toBe(text)
})

test.each([
  [0, '0B'],
  [999, '999B'],
  [2_309_708, '2.31MB'],
  [34_000_000_000, '34GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(size(bytes, 3)).toBe(text)
})

test('one of a thing is not two', () => {
  expect(count(1, 'error')).toBe('1 error')
  expect(count(2, 'error')).toBe('2 errors')
})

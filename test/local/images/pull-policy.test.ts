import { describe, expect, test } from 'vitest'
import { mustPull, refreshWindow } from '../../../src/local/images/pull-policy.ts'
import { anImage } from '../../kit/image.ts'

const hour = 3_600_000

describe('whether an image is pulled, missing and there', () => {
  test.each([
    [undefined, true, false],
    ['missing', true, false],
    ['if_not_present', true, false],
    ['always', true, true],
    ['never', false, false],
    ['build', false, false],
    ['daily', true, false],
  ])('%s: %s, %s', (policy, missing, there) => {
    expect(mustPull(policy, undefined, 0)).toBe(missing)
    expect(mustPull(policy, anImage({ created: 0 }), hour)).toBe(there)
  })
})

test('an image is pulled again once it is older than its window, counted from when it last came', () => {
  const image = anImage({ created: 0, tagged: 10 * hour })
  expect(mustPull('daily', image, 34 * hour)).toBe(false)
  expect(mustPull('daily', image, 34 * hour + 1)).toBe(true)
  expect(mustPull('every_2h', image, 13 * hour)).toBe(true)
})

test.each([
  ['daily', 24 * hour],
  ['weekly', 168 * hour],
  ['every_1h30m', 1.5 * hour],
  ['every_2w1d', 360 * hour],
  ['every_90s', hour / 40],
  ['every_', undefined],
  ['always', undefined],
  [undefined, undefined],
])('the window of %s is %s ms', (policy, window) => expect(refreshWindow(policy)).toBe(window))

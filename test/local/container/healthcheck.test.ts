import { expect, test } from 'vitest'
import { healthcheck } from '../../../src/local/container/healthcheck.ts'

const check = { test: ['CMD', 'true'], interval: 1000, timeout: 500, start_period: 40, start_interval: 5, retries: 3 }

test('the check goes to the engine as it is', () => {
  expect(healthcheck(check, new Set(['start-interval']))).toEqual(check)
})

test('an engine that has no start_interval is not given one', () => {
  expect(healthcheck(check, new Set())).not.toHaveProperty('start_interval')
})

test('a check that is switched off switches the image’s off too', () => {
  expect(healthcheck({ disable: true, test: ['CMD', 'true'] }, new Set())).toEqual({ test: ['NONE'] })
})

test('no check leaves the image’s', () => expect(healthcheck(undefined, new Set())).toBeUndefined())

import { expect, test } from 'vitest'
import { moment } from '../../src/actions/moment.ts'
import { UserError } from '../../src/text/problem.ts'

const now = Date.parse('2026-11-21T10:00:00Z')

test.each([
  ['1700000000', '1700000000'],
  ['1700000000.5', '1700000000.5'],
  ['10m', '1795254600.000000000'],
  ['1h30m', '1795249800.000000000'],
  ['500ms', '1795255199.500000000'],
  ['2026-11-21T10:00:00Z', '1795255200'],
  ['2026-11-21T10:00:00.123456789Z', '1795255200.123456789'],
  ['2026-11-21T11:00:00+01:00', '1795255200'],
])('%s', (text, seconds) => {
  expect(moment(text, 'since', now)).toBe(seconds)
})

test('a time without a zone is local', () => {
  expect(moment('2026-11-21T10:00:00', 'since', now)).toBe(String(new Date(2026, 10, 21, 10).getTime() / 1000))
  expect(moment('2026-11-21', 'since', now)).toBe(String(new Date(2026, 10, 21).getTime() / 1000))
})

test('anything else is refused with an example', () => {
  expect(() => moment('yesterday', 'since', now)).toThrow(UserError)
})

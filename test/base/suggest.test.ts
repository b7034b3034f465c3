import { expect, test } from 'vitest'
import { suggest } from '../../src/base/suggest.ts'

const commands = ['down', 'logs', 'restart', 'top', 'up', 'volumes']

test.each([
  ['dwon', 'down'],
  ['lgs', 'logs'],
  ['pu', 'up'],
  ['volmes', 'volumes'],
  ['restrat', 'restart'],
  ['ressart', 'restart'],
])('%s was meant as %s', (word, meant) => expect(suggest(word, commands)).toBe(meant))

test.each(['nope', 'xy', 'x', '', 'backend'])('"%s" is like none of them', word =>
  expect(suggest(word, commands)).toBeUndefined(),
)

test('of two that are close, the closer is meant', () => {
  expect(suggest('webs', ['wheels', 'web'])).toBe('web')
})

import { expect, test } from 'vitest'
import { flag } from '../../src/cli/flag.ts'

const shell = flag.choice('', ['always', 'missing'], { complain: word => `invalid --pull option "${word}"` })

test('a switch is on when given, and takes what Go takes for true and false', () => {
  const { parse } = flag.boolean('')
  expect(parse([], 'detach')).toBe(false)
  expect(parse(['true'], 'detach')).toBe(true)
  expect(parse(['true', 'F'], 'detach')).toBe(false)
  expect(() => parse(['maybe'], 'detach')).toThrow('invalid argument "maybe" for "--detach" flag')
})

test('of some switches it matters whether they were given', () => {
  expect(flag.given('').parse([], 'menu')).toBeUndefined()
  expect(flag.given('').parse(['false'], 'menu')).toBe(false)
})

test('the last text wins, a list keeps all', () => {
  expect(flag.text('', 'X').parse(['a', 'b'], 'x')).toBe('b')
  expect(flag.list('', 'X').parse(['a', 'b'], 'x')).toEqual(['a', 'b'])
})

test('seconds become milliseconds', () => {
  expect(flag.seconds('').parse(['3'], 'timeout')).toBe(3000)
  expect(() => flag.seconds('').parse(['3s'], 'timeout')).toThrow('invalid argument "3s" for "--timeout" flag')
  expect(() => flag.seconds('', { short: 't' }).parse(['3s'], 'timeout')).toThrow('for "-t, --timeout" flag')
})

test('an empty word is none, as where a script’s variable is not set', () => {
  expect(shell.parse([''], 'pull')).toBeUndefined()
  expect(flag.filled('', 'X').parse([''], 'x')).toBeUndefined()
  expect(flag.text('', 'X').parse([''], 'x')).toBe('')
})

test('a word that is not one of the words is refused with the one that was meant', () => {
  expect(shell.parse(['always'], 'pull')).toBe('always')
  expect(() => shell.parse(['allways'], 'pull')).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ hint: 'did you mean "always"?' })] }),
  )
  expect(() => shell.parse(['policy'], 'pull')).toThrow('invalid --pull option "policy"')
})

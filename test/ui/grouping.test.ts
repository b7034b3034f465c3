import { expect, test } from 'vitest'
import { grouping } from '../../src/ui/grouping.ts'

const warning = (code: string) => ({ code, severity: 'warning', message: code }) as const

test('of many warnings of one code three are shown, and how many more there were', () => {
  const told: string[] = []
  const group = grouping(problem => void told.push(problem.message))
  const shown = Array.from({ length: 500 }, () => warning('unset-variable')).filter(problem => !group.holds(problem))
  expect(shown).toHaveLength(3)
  group.rest()
  expect(told).toEqual(['and 497 more like those (unset-variable); "--progress json" tells them all'])
  group.rest()
  expect(told).toHaveLength(1)
})

test('each code is counted by itself, and errors are never kept back', () => {
  const group = grouping(() => {})
  for (let i = 0; i < 3; i++) expect(group.holds(warning('one'))).toBe(false)
  expect(group.holds(warning('one'))).toBe(true)
  expect(group.holds(warning('two'))).toBe(false)
  expect(group.holds({ code: 'one', severity: 'error', message: 'one' })).toBe(false)
})

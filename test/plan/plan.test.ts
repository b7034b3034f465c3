import { expect, test } from 'vitest'
import { draft, format, isEmpty, outline } from '../../src/plan/plan.ts'

const unit = { kind: 'container', name: 'shop-web-1', short: 'web-1' }
const step = { op: 'create-container', secret: 'pw' }

test('steps are numbered from 1, and come after what is given, each once and in order', () => {
  const plan = draft<typeof step>()
  const first = plan.add(unit, step, [])
  const second = plan.add(unit, step, [{ code: 'missing' }])
  plan.add(unit, step, [{ code: 'changed', path: 'user' }, { code: 'forced' }], second, undefined, first, second)
  expect(format(plan.done())).toBe(
    [
      '[] -> #1 shop-web-1: create-container',
      '[] -> #2 shop-web-1: create-container (missing)',
      '[1,2] -> #3 shop-web-1: create-container (user, forced)',
    ].join('\n'),
  )
})

test('an outline has what a plan does and why, and nothing of what steps hold', () => {
  const plan = draft<typeof step>()
  plan.change(unit, 'create', [{ code: 'missing' }])
  plan.add(unit, step, [])
  expect(outline(plan.done())).toEqual({
    changes: [{ unit, verdict: 'create', why: [{ code: 'missing' }] }],
    steps: [{ id: 1, unit, op: 'create-container', why: [], after: [] }],
  })
})

test('a plan that asks something is not empty', () => {
  const plan = draft<typeof step>()
  expect(isEmpty(plan.done())).toBe(true)
  plan.ask({ id: 'volume:data', ask: 'really?' })
  expect(isEmpty(plan.done())).toBe(false)
  expect(outline(plan.done()).questions).toEqual([{ id: 'volume:data', ask: 'really?' }])
})

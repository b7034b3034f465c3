import { expect, test } from 'vitest'
import { hookKinds } from '../../src/local/lost-hooks.ts'

test('a label says which hooks run in a container, and nothing of what they run', () => {
  const hook = [{ command: ['drain', '--password', 'x'] }]
  expect(hookKinds({ post_start: hook, pre_stop: hook, pre_start: hook })).toBe('post_start,pre_stop')
  expect(hookKinds({ pre_stop: hook })).toBe('pre_stop')
  expect(hookKinds({ pre_stop: [] })).toBeUndefined()
})

import { expect, test } from 'vitest'
import { restartPolicy } from '../../../src/local/container/restart-policy.ts'
import type { Service } from '../../../src/model/project.ts'

test.each<[Service, unknown]>([
  [{}, undefined],
  [{ restart: 'no' }, { name: 'no' }],
  [{ restart: 'always' }, { name: 'always' }],
  [{ restart: 'on-failure' }, { name: 'on-failure' }],
  [{ restart: 'on-failure:3' }, { name: 'on-failure', maximum_retry_count: 3 }],
  [{ restart: 'unless-stopped' }, { name: 'unless-stopped' }],
  [{ restart: 'always', deploy: { restart_policy: { condition: 'none' } } }, { name: 'no' }],
  [{ deploy: { restart_policy: { condition: 'any' } } }, { name: 'always' }],
  [
    { deploy: { restart_policy: { condition: 'on-failure', max_attempts: 4 } } },
    { name: 'on-failure', maximum_retry_count: 4 },
  ],
  [{ restart: 'always', deploy: {} }, { name: 'always' }],
])('%j', (service, policy) => expect(restartPolicy(service)).toEqual(policy))

test('attempts are counted only where the engine takes a count', () => {
  expect(restartPolicy({ deploy: { restart_policy: { condition: 'any', max_attempts: 4 } } })).toEqual({
    name: 'always',
  })
})

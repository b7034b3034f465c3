import { expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { willRunAgain } from '../../../src/actions/output/run-again.ts'
import { EngineError } from '../../../src/engine/errors.ts'
import { fakeEngine } from '../../kit/fake-engine.ts'

/** A container that has ended on an engine which refuses connections so many times. */
async function ended(restart: 'no' | 'always', refusals: number) {
  const fake = fakeEngine({ images: ['app:1'] })
  await fake.engine.createContainer('shop-web-1', { image: 'app:1', labels: {}, restart: { name: restart } })
  await fake.engine.startContainer('shop-web-1')
  await fake.engine.stopContainer('shop-web-1')
  let left = refusals
  fake.inject(call =>
    (call.name === 'events' || call.name === 'inspectContainer') && left-- > 0
      ? { when: 'before', error: new EngineError('unreachable', 'away') }
      : undefined,
  )
  const events: Event[] = []
  const { signal } = new AbortController()
  const again = () =>
    willRunAgain('shop-web-1', { engine: fake.engine, signal, emit: event => void events.push(event) })
  return { fake, again, told: () => events.flatMap(e => (e.type === 'problem' ? [e.problem.message] : [])) }
}

test('a container that has ended on an engine that stays will not run again, and nothing is told', async () => {
  const { again, told } = await ended('always', 0)
  expect([await again(), told()]).toEqual([false, []])
})

test('one that an engine stopped as it ended is waited for, where it is always to run', async () => {
  const { fake, again, told } = await ended('always', 2)
  const answer = again()
  await fake.engine.startContainer('shop-web-1')
  expect([await answer, told()]).toEqual([true, []])
})

test('one that such an engine does not start again is told', async () => {
  const { again, told } = await ended('no', 2)
  expect([await again(), told()]).toEqual([
    false,
    ['container "shop-web-1" was stopped by the engine, which ended, and was not started again'],
  ])
})

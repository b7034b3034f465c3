import { expect, test } from 'vitest'
import { together, witness } from '../../../src/actions/why/witness.ts'
import type { EngineEvent } from '../../../src/engine/engine.ts'

const event = (id: string, action: string, time: number): EngineEvent => ({
  id,
  name: id,
  action,
  detail: '',
  time,
  attributes: {},
})
const actions = (events: readonly EngineEvent[]) => events.map(({ id, action }) => `${id} ${action}`)

test('what health checks do in a container is not kept, since it would push out everything else', () => {
  const { heard, seen } = witness()
  for (const action of ['start', 'exec_create', 'exec_start', 'exec_die', 'oom', 'die']) heard(event('a', action, 1))
  expect(actions(seen())).toEqual(['a start', 'a oom', 'a die'])
})

test('one that crashes over and over pushes out nothing of another one, and stays bounded itself', () => {
  const { heard, seen } = witness()
  heard(event('a', 'oom', 0))
  for (let time = 1; time < 1000; time++) heard(event('b', 'die', time))
  expect(actions(seen())[0]).toBe('a oom')
  expect(seen().length).toBeLessThan(50)
  expect(seen().at(-1)?.time).toBe(999)
})

test('hands on what it hears, gaps included', async () => {
  const { tap, seen } = witness()
  async function* events() {
    yield event('a', 'start', 1)
    yield undefined
    yield event('a', 'exec_die', 2)
  }
  const through: (string | undefined)[] = []
  for await (const one of tap(events())) through.push(one?.action)
  expect(through).toEqual(['start', undefined, 'exec_die'])
  expect(actions(seen())).toEqual(['a start'])
})

test('what was seen and what the engine still knows come together in order, each once', () => {
  const past = [event('a', 'start', 1), event('a', 'oom', 2)]
  const seen = [event('a', 'oom', 2), event('a', 'die', 3), event('b', 'start', 1.5)]
  expect(actions(together(seen, past))).toEqual(['a start', 'b start', 'a oom', 'a die'])
})

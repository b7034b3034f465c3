import { expect, test } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import { push } from '../../src/actions/images/push.ts'
import { wouldDo } from '../../src/actions/would.ts'
import { shop } from '../kit/shop.ts'

test('a dry run of push names the images that it would push, and pushes none', async () => {
  const events: Event[] = []
  const project = shop({ services: { web: { image: 'web:1', build: { context: '.', tags: ['web:latest'] } }, db: {} } })
  const pushed: string[] = []
  const engine = { pushImage: async (image: string) => void pushed.push(image) }
  await push(project, {
    engine,
    emit: event => void events.push(event),
    signal: new AbortController().signal,
    dryRun: true,
  })
  expect(pushed).toEqual([])
  expect(named(events)).toEqual(['push web:1', 'push web:latest'])
})

test('what has no plan of its own is told as one change without a step', () => {
  const events: Event[] = []
  wouldDo(event => void events.push(event), { kind: 'container', name: 'shop-web-1', short: 'web-1' }, 'exec')
  expect(named(events)).toEqual(['exec shop-web-1'])
  expect(events.flatMap(e => (e.type === 'plan' ? e.stages.flatMap(s => s.outline.steps) : []))).toEqual([])
})

const named = (events: readonly Event[]) =>
  events.flatMap(e =>
    e.type === 'plan' ? e.stages.flatMap(s => s.outline.changes.map(c => `${c.verdict} ${c.unit.name}`)) : [],
  )

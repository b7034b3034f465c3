import { expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { withSharedBuilds } from '../../../src/actions/images/shared-builds.ts'
import type { Step } from '../../../src/local/steps.ts'
import { draft } from '../../../src/plan/plan.ts'

const image = (name: string) => ({ kind: 'image', name, short: name }) as const

test('a build that several services share is told for each of their images, and for no other name', () => {
  const plan = draft<Step>()
  const why = [{ code: 'missing' }]
  for (const name of ['shop-web', 'shop-worker', 'apart']) plan.change(image(name), 'build', why)
  const tags = ['shop-web', 'also:1', 'shop-worker']
  const build = { builder: 'classic', tags, context: '/', dockerfile: '/Dockerfile' } as const
  const id = plan.add(image('shop-web'), { op: 'build-image', build }, why)
  const told: Event[] = []
  const emit = withSharedBuilds(plan.done(), event => told.push(event))
  emit({ type: 'step', id, unit: image('shop-web'), op: 'build-image', state: 'done' })
  emit({ type: 'step', id: id + 1, unit: image('apart'), op: 'build-image', state: 'done' })
  expect(told.map(event => event.type === 'step' && event.unit.name)).toEqual(['shop-web', 'shop-worker', 'apart'])
})

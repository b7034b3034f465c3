import { expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { withoutUnpulled } from '../../../src/actions/images/unpulled.ts'
import { imageUnit } from '../../../src/local/units.ts'

test('an image that could not be pulled and is built is not told as pulled; others are', () => {
  const told: Event[] = []
  const emit = withoutUnpulled(event => void told.push(event))
  const done = (image: string): Event => ({
    type: 'step',
    id: 1,
    unit: imageUnit(image),
    op: 'pull-image',
    state: 'done',
  })
  emit({
    type: 'problem',
    problem: { code: 'pull-failed', severity: 'info', message: 'image "web:1" could not be pulled: not found' },
  })
  emit(done('web:1'))
  emit(done('web:2'))
  expect(told.slice(1)).toEqual([{ ...done('web:1'), op: 'skip', message: 'Image can be built' }, done('web:2')])
})

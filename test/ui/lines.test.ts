import { expect, test } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import { json, plain } from '../../src/ui/lines.ts'
import { stream } from './terminal.ts'

const unit = (name: string, kind = 'container') => ({ kind, name, short: name })
const step = (op: string, state: 'started' | 'done' | 'failed', name = 'shop-web-1', more = {}): Event => ({
  type: 'step',
  id: 1,
  unit: unit(name, op.split('-')[1] ?? 'service'),
  op,
  state,
  ...more,
})
const replaced: Event = {
  type: 'plan',
  stages: [
    { name: 'change', outline: { changes: [{ unit: unit('shop-web-1'), verdict: 'replace', why: [] }], steps: [] } },
  ],
}
const lines = (...events: Event[]) => {
  const out = stream()
  const { on } = plain({ out, brief: false })
  events.forEach(on)
  return out.text()
}
const objects = (...events: Event[]) => {
  const out = stream()
  const { on } = json(out)
  events.forEach(on)
  return out
    .text()
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}

test('plain lines are docker compose’s: a blank before and after, and its words', () => {
  expect(
    lines(
      step('create-network', 'started', 'shop_default'),
      step('create-network', 'done', 'shop_default'),
      step('create-container', 'started'),
      step('create-container', 'done'),
      step('start-container', 'done'),
    ),
  ).toBe(
    [
      ' Network shop_default Creating ',
      ' Network shop_default Created ',
      ' Container shop-web-1 Creating ',
      ' Container shop-web-1 Created ',
      ' Container shop-web-1 Started ',
      '',
    ].join('\n'),
  )
})

test('the steps of a replacement are told as one thing', () => {
  const told = lines(
    replaced,
    step('create-container', 'started'),
    step('create-container', 'done'),
    step('stop-container', 'done'),
    step('start-container', 'done'),
    step('remove-container', 'done'),
    step('rename-container', 'done'),
  )
  expect(told).toBe(
    [
      '~ shop-web-1  replace',
      ' Container shop-web-1 Recreate ',
      ' Container shop-web-1 Recreated ',
      ' Container shop-web-1 Started ',
      '',
    ].join('\n'),
  )
})

test('a failure is told with what the engine said, on one line', () => {
  expect(lines(step('start-container', 'failed', 'shop-web-1', { message: 'no\nsuch \u001b[1mthing' }))).toBe(
    ' Container shop-web-1 Error no such thing \n',
  )
})

test('what waits for an end says so when it has come', () => {
  expect(lines(step('wait', 'done', 'job', { condition: 'service_completed_successfully' }))).toBe(
    ' Service job Exited \n',
  )
  expect(lines(step('wait', 'done', 'db', { condition: 'service_healthy' }))).toBe(' Service db Healthy \n')
})

test('layers of a pull are not told line by line', () => {
  const image = unit('nginx', 'image')
  expect(lines({ type: 'progress', unit: image, part: 'abc', text: 'Downloading', current: 1, total: 2 })).toBe('')
})

test('json lines have docker compose’s keys, and ours beside them', () => {
  expect(
    objects(step('create-container', 'started'), step('create-container', 'done', 'shop-web-1', { elapsed: 12.3 })),
  ).toEqual([
    {
      id: 'Container shop-web-1',
      status: 'Working',
      text: 'Creating',
      unit: unit('shop-web-1'),
      op: 'create-container',
    },
    {
      id: 'Container shop-web-1',
      status: 'Done',
      text: 'Created',
      unit: unit('shop-web-1'),
      op: 'create-container',
      elapsed: 12,
    },
  ])
})

test('a layer in json names its image, how much there is, and how far it is', () => {
  const image = unit('nginx', 'image')
  expect(
    objects({ type: 'progress', unit: image, part: 'abc', text: 'Downloading', current: 10, total: 40 }),
  ).toMatchObject([
    {
      id: 'abc',
      parent_id: 'Image nginx',
      status: 'Working',
      text: 'Downloading',
      current: 10,
      total: 40,
      percent: 25,
    },
  ])
})

test('two waits for one container are told as one', () => {
  const [started, done, failed] = (['started', 'done', 'failed'] as const).map(state => step('wait', state, 'db'))
  expect(lines(started!, started!, done!, done!)).toBe(' Service db Waiting \n Service db Healthy \n')
  expect(lines(started!, done!, started!, done!)).toBe(' Service db Waiting \n Service db Healthy \n')
  expect(lines(started!, done!, started!, failed!)).toContain(' Service db Healthy \n Service db Error')
})

test('a wait is told anew in another plan: what was healthy may not be so any more', () => {
  const [started, done] = (['started', 'done'] as const).map(state => step('wait', state, 'db'))
  expect(lines(started!, done!, replaced, started!)).toMatch(/Healthy[^]*Waiting/)
})

test('a wait for an end is told beside one for health', () => {
  const wait = (state: 'started' | 'done', condition: string) => step('wait', state, 'db', { condition })
  const both = ['service_healthy', 'service_completed_successfully']
  expect(lines(...both.map(c => wait('started', c)), ...both.map(c => wait('done', c)))).toBe(
    ' Service db Waiting \n Service db Healthy \n Service db Exited \n',
  )
})

test('that a replacement runs is told only where it does not', () => {
  const look = (state: 'started' | 'done' | 'failed') =>
    step('wait', state, 'db', {
      condition: 'running',
      ...(state === 'failed' && { message: 'container db exited (3)' }),
    })
  expect(lines(look('started'), look('done'))).toBe('')
  expect(lines(look('started'), look('failed'))).toBe(' Service db Error container db exited (3) \n')
})

test('what is still in use was not removed', () => {
  const removal = [
    step('remove-network', 'started', 'shop_back'),
    step('remove-network', 'done', 'shop_back', { kept: 'Resource is still in use' }),
  ]
  expect(lines(...removal)).toBe(' Network shop_back Removing \n Network shop_back Resource is still in use \n')
  expect(objects(...removal)[1]).toMatchObject({ status: 'Warning', text: 'Resource is still in use' })
})

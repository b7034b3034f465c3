import { expect, test } from 'vitest'
import type { Stage } from '../../src/actions/event.ts'
import type { Change } from '../../src/plan/plan.ts'
import { paint } from '../../src/ui/paint.ts'
import { planJson, planText } from '../../src/ui/plan.ts'

const source = { name: 'compose.yaml', text: 'services:\n  web:\n    environment:\n      LOG_LEVEL: debug\n' }
const at = { source, start: source.text.indexOf('LOG_LEVEL'), end: source.text.indexOf(': debug') }
const unit = (short: string, kind = 'container') => ({ kind, name: `shop-${short}`, short })
const stages = (...changes: Change[]): Stage[] => [{ name: 'change', outline: { changes, steps: [] } }]
const text = (...changes: Change[]) => planText(stages(...changes), paint(false))

test('a change says what, why, and which line asks for it', () => {
  const why = [{ code: 'changed', path: 'environment.LOG_LEVEL', from: 'info', to: 'debug', at }]
  expect(text({ unit: unit('web-1'), verdict: 'replace', why })).toBe(
    '~ web-1  replace  environment.LOG_LEVEL "info" -> "debug"  compose.yaml:4\n',
  )
})

test('columns are aligned, and further reasons stand below the first', () => {
  expect(
    text(
      { unit: unit('front', 'network'), verdict: 'create', why: [{ code: 'missing' }] },
      {
        unit: unit('web-1'),
        verdict: 'replace',
        why: [
          { code: 'changed', path: 'image', from: 'a:1', to: 'a:2', at },
          { code: 'changed', path: 'labels.x' },
        ],
      },
      { unit: unit('old-1'), verdict: 'remove', why: [{ code: 'orphan' }] },
      { unit: unit('job-1'), verdict: 'start', why: [{ code: 'exited' }] },
    ),
  ).toBe(
    [
      '+ front  create   does not exist yet',
      '~ web-1  replace  image "a:1" -> "a:2"     compose.yaml:4',
      '                  labels.x changed',
      '- old-1  remove   not in the compose file',
      '> job-1  start    has ended',
      '',
    ].join('\n'),
  )
})

test('values are quoted, cut and cannot draw', () => {
  const why = [{ code: 'changed', path: 'environment.A', from: '\u009b31mx\ny', to: 'z'.repeat(100) }]
  const [, line] = /environment\.A (.*)/.exec(text({ unit: unit('web-1'), verdict: 'replace', why }))!
  expect(line).toBe(`"31mx\\ny" -> "${'z'.repeat(58)}…`)
})

test('a code that has no sentence is told by its name', () => {
  expect(text({ unit: unit('web-1'), verdict: 'restart', why: [{ code: 'moon-phase' }] })).toBe(
    '~ web-1  restart  moon phase\n',
  )
})

test('in short it leaves out what was asked for in so many words, but names what holds data', () => {
  const why = [{ code: 'asked' }]
  const changes = [
    { unit: unit('web-1'), verdict: 'remove', why },
    { unit: unit('data', 'volume'), verdict: 'remove', why },
    { unit: unit('old-1'), verdict: 'remove', why: [{ code: 'orphan' }] },
  ]
  expect(planText(stages(...changes), paint(false), { brief: true })).toBe(
    '- data   remove\n- old-1  remove  not in the compose file\n',
  )
})

test('nothing to do is no text', () => {
  expect(text()).toBe('')
})

test('for programs it carries a version, steps with what they stand on, and places as file, line and column', () => {
  const why = [{ code: 'changed', path: 'image', from: 'a', to: 'b', at }]
  const outline = {
    changes: [{ unit: unit('web-1'), verdict: 'replace', why }],
    steps: [{ id: 1, unit: unit('web-1'), op: 'create-container', why, after: [] }],
  }
  const reasons = [
    { code: 'changed', path: 'image', from: 'a', to: 'b', at: { file: 'compose.yaml', line: 4, column: 7 } },
  ]
  expect(planJson([{ name: 'change', outline }])).toEqual({
    version: 1,
    stages: [
      {
        name: 'change',
        changes: [{ unit: unit('web-1'), verdict: 'replace', reasons }],
        steps: [{ id: 1, unit: unit('web-1'), op: 'create-container', reasons, after: [] }],
      },
    ],
  })
})

import { expect, test } from 'vitest'
import { buildLog, checkProblem } from '../../../src/actions/images/build-log.ts'
import type { BuildTold } from '../../../src/engine/build.ts'

const unit = { kind: 'image', name: 'shop-web', short: 'web' } as const
const vertex = (id: string, state: Extract<BuildTold, { kind: 'vertex' }>['state']): BuildTold => ({
  kind: 'vertex',
  id,
  name: `step ${id}`,
  state,
})
const output = (id: string, text: string): BuildTold => ({ kind: 'output', id, text })

test('of a failed build the last words of the step that failed are kept, and not those of others', () => {
  const log = buildLog()
  for (const told of [
    vertex('1', 'started'),
    vertex('2', 'started'),
    output('1', 'fine\n'),
    output('2', 'it '),
    output('2', 'breaks\nfor a reason\n'),
    vertex('2', 'failed'),
  ])
    log.told(unit, told)
  expect(log.failure(unit)).toEqual({
    type: 'build-failed',
    unit,
    step: 'step 2',
    output: ['it breaks', 'for a reason'],
    omitted: 0,
  })
})

test('of many lines the last are kept, and the others counted', () => {
  const log = buildLog()
  log.told(unit, vertex('1', 'started'))
  for (let i = 1; i <= 1000; i++) log.told(unit, output('1', `line ${i}\n`))
  log.told(unit, vertex('1', 'failed'))
  const { output: lines = [], omitted } = log.failure(unit) ?? {}
  expect([lines[0], lines.at(-1), lines.length + omitted!]).toEqual(['line 961', 'line 1000', 1000])
})

test('a step that printed nothing but blank lines has no last words', () => {
  const log = buildLog()
  for (const told of [vertex('1', 'started'), output('1', '\n\n'), vertex('1', 'failed')]) log.told(unit, told)
  expect(log.failure(unit)).toMatchObject({ output: [], omitted: 0 })
})

test('a build that failed at no step has no last words', () => {
  const log = buildLog()
  log.told(unit, vertex('1', 'done'))
  expect(log.failure(unit)).toBeUndefined()
})

test('the classic builder names each step on a line of its own', () => {
  const log = buildLog()
  for (const text of [
    'Step 1/2 : FROM busybox\n',
    ' ---> 123\n',
    'Step 2/2 : RUN make\n',
    ' ---> Running in 4\n',
    'broken\n',
  ])
    log.printed(unit, text)
  expect(log.failure(unit)).toMatchObject({ step: '[2/2] RUN make', output: ['broken'] })
})

test('what the Dockerfile’s checks find is a warning at its line, where to read more in the hint', () => {
  const at = { source: { name: 'Dockerfile', text: 'from a' }, start: 0, end: 6 }
  expect(checkProblem({ message: 'Casing: bad (line 1)', url: 'https://x', at })).toEqual({
    code: 'dockerfile-check',
    severity: 'warning',
    message: 'Casing: bad',
    hint: 'see https://x',
    at,
  })
})

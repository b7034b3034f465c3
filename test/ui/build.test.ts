import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { BuildTold } from '../../src/actions/event.ts'
import { buildCard, buildJson, buildLines, buildSteps, isShown, stepLine } from '../../src/ui/build.ts'
import { paint } from '../../src/ui/paint.ts'

const unit = { kind: 'image', name: 'shop-web', short: 'web' } as const
type State = Extract<BuildTold, { kind: 'vertex' }>['state']
const vertex = (
  state: State,
  more: { readonly elapsed?: number; readonly error?: string; readonly name?: string } = {},
): BuildTold => ({
  kind: 'vertex',
  id: 'a',
  name: '[2/3] RUN make',
  state,
  ...more,
})
const output = (text: string): BuildTold => ({ kind: 'output', id: 'a', text })

const plain = (several: boolean, ...all: BuildTold[]) => {
  const lines = buildLines(() => several)
  // How long a step has run when it prints is not of interest here.
  return all.map(told => lines({ type: 'build', unit, told }).replaceAll(/^(#\d+) \d\.\d{3} /gm, '$1 TIME ')).join('')
}

test('in a file a step has a number, what it prints, and its end', () => {
  expect(
    plain(false, vertex('started'), output('one\ntw'), output('o\nthree'), vertex('done', { elapsed: 1234 })),
  ).toBe('#1 [2/3] RUN make\n#1 TIME one\n#1 TIME two\n#1 TIME three\n#1 DONE 1.2s\n')
})

test('of several builds each step says whose it is; one that was there is cached; one that failed says why', () => {
  expect(plain(true, vertex('cached'))).toBe('#1 web [2/3] RUN make\n#1 CACHED\n')
  expect(plain(true, vertex('failed', { error: 'exit code: 2', elapsed: 5 }))).toBe(
    '#1 web [2/3] RUN make\n#1 ERROR: exit code: 2\n',
  )
})

test('how much of a context was sent is told once it is', () => {
  const sent = (current: number, done: boolean): BuildTold => ({
    kind: 'amount',
    id: 'a',
    what: 'transferring context:',
    current,
    done,
  })
  expect(plain(false, vertex('started'), sent(5, false), sent(2_340_000, true))).toBe(
    '#1 [2/3] RUN make\n#1 transferring context: 2.34MB done\n',
  )
})

test('what a step prints cannot write over the screen', () => {
  expect(plain(false, vertex('started'), output('\u001b[2Jgone\n'))).toBe('#1 [2/3] RUN make\n#1 TIME gone\n')
})

test('on a terminal a step is a line: its end and time, or the last that it printed', () => {
  const line = (...all: BuildTold[]) => {
    const steps = buildSteps()
    for (const told of all) steps.heard(told)
    return stripVTControlCharacters(stepLine(steps.all()[0]!, 60, paint(false)))
  }
  expect(line(vertex('done', { elapsed: 1234 }))).toBe('   ✔ [2/3] RUN make  1.2s')
  expect(line(vertex('cached', { elapsed: 0 }))).toBe('   ✔ [2/3] RUN make  CACHED')
  expect(line(vertex('failed', { elapsed: 65_000 }))).toBe('   ✘ [2/3] RUN make  1m05s')
  expect(line(vertex('started'), output('compiling\n\n'))).toMatch(/^ {3}\S \[2\/3\] RUN make {2}compiling {2}0\.0s$/)
  const long = line(vertex('started', { name: `[2/3] RUN ${'make '.repeat(40)}` }), output('compiling'))
  expect(long.length).toBeLessThanOrEqual(60)
})

test('how BuildKit looks for the Dockerfile is shown only while it does, or where that failed', () => {
  const step = (state: State) => {
    const steps = buildSteps()
    return steps.heard(vertex(state, { name: '[internal] load build definition' }))!
  }
  expect(isShown(step('started'), false)).toBe(true)
  expect(isShown(step('done'), false)).toBe(false)
  expect(isShown(step('failed'), true)).toBe(true)
})

test('as JSON a step is a child of its image', () => {
  const steps = buildSteps()
  expect(buildJson(steps, { type: 'build', unit, told: vertex('cached', { elapsed: 0 }) })).toEqual({
    id: '[2/3] RUN make',
    parent_id: 'Image shop-web',
    status: 'Done',
    text: 'Cached',
    elapsed: 0,
    unit,
  })
  expect(buildJson(steps, { type: 'build', unit, told: output('hello\n') })).toMatchObject({
    status: 'Working',
    details: 'hello\n',
  })
})

test('the step that failed is shown with its last words', () => {
  const card = buildCard(
    { type: 'build-failed', unit, step: '[2/3] RUN make', output: ['a', 'b'], omitted: 7 },
    paint(false),
  )
  expect(card).toBe('✘ web: [2/3] RUN make\n  … 7 lines before\n  | a\n  | b\n')
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import { paint } from '../../src/ui/paint.ts'
import { tasks } from '../../src/ui/tasks.ts'
import { shown, stream } from './terminal.ts'

const unit = (n: number) => ({ kind: 'container', name: `shop-web-${n}`, short: `web-${n}` })
const plan = (count: number): Event => ({
  type: 'plan',
  stages: [
    {
      name: 'change',
      outline: {
        changes: [],
        steps: Array.from({ length: count }, (_, i) => ({
          id: i,
          unit: unit(i),
          op: 'start-container',
          why: [],
          after: [],
        })),
      },
    },
  ],
})
const step = (n: number, state: 'started' | 'done' | 'failed', message?: string): Event => ({
  type: 'step',
  id: n,
  unit: unit(n),
  op: 'start-container',
  state,
  ...(message !== undefined && { message }),
})
/** Longer than the renderer waits between two drawings. */
const aFrame = () => vi.advanceTimersByTimeAsync(200)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('each thing has a line, which says in the end what became of it', async () => {
  const out = stream({ columns: 60, rows: 20 })
  const { on, close } = tasks({ out, verb: 'up', paint: paint(false), brief: false, flush: () => {} })
  on(plan(3))
  on(step(0, 'started'))
  on(step(1, 'started'))
  await aFrame()
  on(step(0, 'done'))
  on(step(1, 'failed', 'port is taken'))
  await close()
  const { lines } = shown(out.text(), 60)
  expect(lines).toEqual([
    '[+] up 1/3',
    ' ✔ Container shop-web-0  Started     0.2s',
    ' ✘ Container shop-web-1  Error       port is taken  0.2s',
    '',
  ])
})

test('while it is drawn it is never taller than the terminal, and says how much more there is', async () => {
  const out = stream({ columns: 50, rows: 8 })
  const { on, close } = tasks({ out, verb: 'up', paint: paint(false), brief: false, flush: () => {} })
  on(plan(40))
  for (let n = 0; n < 40; n++) on(step(n, 'started'))
  await aFrame()
  const { lines } = shown(out.text(), 50)
  expect(lines).toHaveLength(8)
  expect(lines.at(-2)).toBe(' … 35 more')
  for (let n = 0; n < 40; n++) on(step(n, 'done'))
  await aFrame()
  const { tallest, cleared } = shown(out.text(), 50)
  expect(tallest).toBeLessThan(8)
  // tmux keeps what was on a screen that is cleared at once: a frame of every drawing in the history.
  expect(cleared).toBe(0)
  await close()
  expect(shown(out.text(), 50).lines).toHaveLength(42)
})

test('a line longer than the terminal is wide is cut', async () => {
  const out = stream({ columns: 30, rows: 8 })
  const { on, close } = tasks({ out, verb: 'up', paint: paint(false), brief: false, flush: () => {} })
  on(plan(1))
  on(step(0, 'failed', 'a very long story about what has happened'))
  await close()
  const { lines } = shown(out.text(), 30)
  expect(lines).toHaveLength(3)
  expect(lines[1]!.endsWith('…')).toBe(true)
})

test('a narrow terminal shows what happens rather than how long it took', async () => {
  const out = stream({ columns: 36, rows: 8 })
  const { on, close } = tasks({ out, verb: 'up', paint: paint(false), brief: false, flush: () => {} })
  on(plan(1))
  on(step(0, 'started'))
  on(step(0, 'done'))
  await close()
  expect(shown(out.text(), 36).lines[1]).toBe(' ✔ Container shop-web-0  Started')
})

test('a thousand events cost a few drawings', async () => {
  const out = stream({ columns: 80, rows: 24 })
  const { on, close } = tasks({ out, verb: 'up', paint: paint(false), brief: false, flush: () => {} })
  on(plan(500))
  for (let n = 0; n < 500; n++) {
    on(step(n, 'started'))
    on(step(n, 'done'))
  }
  await aFrame()
  const drawings = out.text().split('\u001b[?2026h').length - 1
  expect(drawings).toBeGreaterThan(0)
  expect(drawings).toBeLessThan(6)
  await close()
})

test('what is printed meanwhile comes above', async () => {
  const out = stream({ columns: 40, rows: 8 })
  const { on, above, close } = tasks({ out, verb: 'up', paint: paint(false), brief: false, flush: () => {} })
  on(plan(1))
  on(step(0, 'started'))
  await aFrame()
  above(() => out.write('web-0  | hello\n'))
  await aFrame()
  on(step(0, 'done'))
  await close()
  expect(shown(out.text(), 40).lines.slice(0, 2)).toEqual(['web-0  | hello', '[+] up 1/1'])
})

test('nothing is drawn where there is nothing to do', async () => {
  const out = stream({ columns: 40, rows: 8 })
  const { on, close } = tasks({ out, verb: 'up', paint: paint(false), brief: false, flush: () => {} })
  on(plan(0))
  await close()
  expect(out.text()).toBe('')
})

test('an image that is pulled has a bar over all, and one for each layer that moves, until it is there', async () => {
  const out = stream({ columns: 70, rows: 20 })
  const { on, close } = tasks({ out, verb: 'pull', paint: paint(false), brief: false, flush: () => {} })
  const image = { kind: 'image', name: 'web:1', short: 'web:1' }
  const layer = (part: string, text: string, current?: number, total?: number): Event => ({
    type: 'progress',
    unit: image,
    part,
    text,
    ...(current !== undefined && { current }),
    ...(total !== undefined && { total }),
  })
  on({ type: 'step', id: 1, unit: image, op: 'pull-image', state: 'started' })
  on(layer('aaaaaaaaaaaa', 'Downloading', 1e6, 4e6))
  on(layer('bbbbbbbbbbbb', 'Downloading', 6e6, 6e6))
  on(layer('bbbbbbbbbbbb', 'Extracting', 3e6, 6e6))
  on(layer('cccccccccccc', 'Waiting'))
  await aFrame()
  const { lines } = shown(out.text(), 70)
  expect(lines[1]).toMatch(/^ . Image web:1 {2}Pulling {5}\[⣿⣿⣿⣿⣿⣿⣿⣀⣀⣀\] 7MB \/ 10MB {2}0\.\ds$/)
  expect(lines.slice(2, 4)).toEqual([
    '     aaaaaaaaaaaa  Downloading  [⣿⣿⣿⣀⣀⣀⣀⣀⣀⣀] 1MB / 4MB',
    '     bbbbbbbbbbbb  Extracting   [⣿⣿⣿⣿⣿⣀⣀⣀⣀⣀] 3MB / 6MB',
  ])
  on(layer('aaaaaaaaaaaa', 'Pull complete'))
  on(layer('bbbbbbbbbbbb', 'Pull complete'))
  on({ type: 'step', id: 1, unit: image, op: 'pull-image', state: 'done' })
  await close()
  expect(shown(out.text(), 70).lines).toEqual(['[+] pull 1/1', ' ✔ Image web:1  Pulled      0.2s', ''])
})

import { describe, expect, test } from 'vitest'
import {
  type Dashboard,
  type Happening,
  type LiveRow,
  newDashboard,
  next,
} from '../../src/actions/dashboard/dashboard.ts'
import type { Project } from '../../src/model/project.ts'
import { frame } from '../../src/ui/dashboard/frame.ts'
import { paint } from '../../src/ui/paint.ts'
import { width } from '../../src/ui/width.ts'
import { liveRow } from '../kit/live-row.ts'

const project = {
  name: 'shop',
  services: {
    db: { image: 'db' },
    redis: { image: 'redis' },
    web: {
      image: 'web',
      build: { context: '.' },
      depends_on: {
        db: { condition: 'service_healthy', required: true },
        redis: { condition: 'service_started', required: true },
      },
    },
    worker: { image: 'web', depends_on: { db: { condition: 'service_healthy', required: true } } },
  },
} as unknown as Project

const ports = [{ ip: '0.0.0.0', target: 80, published: 8080, protocol: 'tcp' }]
const containers: readonly LiveRow[] = [
  liveRow('db', { health: 'healthy' }),
  liveRow('web', { ports }),
  liveRow('web', { id: 'web2', label: 'web-2', state: 'exited', exitCode: 1 }),
  liveRow('worker', { state: 'exited', exitCode: 137, restarts: 12 }),
]
const usage = new Map([
  ['db', { cpus: 0.031, memory: 12 * 2 ** 20, limit: 64 * 2 ** 20 }],
  ['web', { cpus: 1.5, memory: 1.5 * 2 ** 30, limit: 0 }],
])
const lines = [
  { container: 'web-1', service: 'web', text: 'listening on 80' },
  { container: 'db-1', service: 'db', text: 'ready \u001b[2J\u001b]0;title\u0007to accept' },
  { container: 'web-1', service: 'web', text: 'GET /'.padEnd(120, 'x') },
]

const after = (...happenings: readonly (Happening | string)[]): Dashboard =>
  happenings.reduce<Dashboard>(
    (state, happening) =>
      next(state, typeof happening === 'string' ? { type: 'key', key: happening } : happening).state,
    newDashboard('shop', project),
  )
const running = [
  { type: 'containers', containers },
  { type: 'usage', usage },
  { type: 'log-lines', lines },
] as const satisfies Happening[]

const drawn = (state: Dashboard, columns = 80, rows = 24, on = false) => frame(state, { columns, rows }, paint(on))
/** Without the links around ports. */
const text = (state: Dashboard, columns = 80, rows = 24) =>
  drawn(state, columns, rows).map(line => line.replaceAll(/\u001b\]8;;[^\u0007]*\u0007/g, ''))

test('services with state, health, CPU, memory against its limit, restarts and ports, in 80 columns', () => {
  expect(text(after(...running)).slice(0, 6)).toEqual([
    'shop  4 services, 2 of 4 containers run',
    '  SERVICE  STATE        HEALTH      CPU  MEMORY            RESTARTS PORTS',
    '> db       running      healthy    3.1%  12M/64M 19%',
    '  redis    not created',
    ' !web      1 of 2 run              150%  1.5G                       8080->80',
    ' !worker   exited (137)                                    12',
  ])
})

test('what fails is marked with a sign, and where it is selected the key that says why is named', () => {
  const marked = (more: Partial<LiveRow>) =>
    text(after({ type: 'containers', containers: [liveRow('db', more)] }))
      .find(line => /^[> ][! ]db /.test(line))!
      .slice(0, 2)
  expect(marked({ state: 'exited', exitCode: 1 })).toBe('>!')
  expect(marked({ state: 'restarting' })).toBe('>!')
  expect(marked({ health: 'unhealthy' })).toBe('>!')
  expect(marked({ state: 'exited', exitCode: 143 })).toBe('> ')
  expect(marked({})).toBe('> ')
  expect(text(after(...running, 'down', 'down')).join('\n')).toContain('something is wrong with web: w says why')
  expect(text(after(...running)).join('\n')).not.toContain('w says why')
})

test('an engine that does not answer is told at the top, until it does', () => {
  const gone = after(...running, { type: 'engine', away: true })
  expect(text(gone)[0]).toBe('shop  the engine does not answer, waiting for it')
  expect(text(next(gone, { type: 'engine', away: false }).state)[0]).toBe('shop  4 services, 2 of 4 containers run')
})

test('a small screen still shows services, and the key to all keys', () => {
  const small = text(after(...running), 40, 10)
  expect(small.some(line => line.startsWith('> db'))).toBe(true)
  expect(small.join('\n')).toMatch(/^\? all keys {3}q leave/m)
})

test('a published port is a link to where a browser finds it', () => {
  expect(drawn(after(...running)).join('\n')).toContain('\u001b]8;;http://localhost:8080\u00078080->80\u001b]8;;\u0007')
})

test('lines of logs are cut in the small view, whole in the large one, and cannot move the cursor', () => {
  const small = text(after(...running))
  expect(small).toContain(' db-1  | ready to accept')
  expect(small.find(line => line.includes('GET'))).toMatch(/^ web-1 \| GET \/x+…$/)
  const large = text(after(...running, 'l'))
  expect(large.filter(line => line.includes('xxx'))).toHaveLength(2)
})

test('what is searched for is marked with a sign, not by colour alone', () => {
  expect(text(after(...running, 'l', '/', 'r', 'e', 'a', 'd', 'y', 'enter'))).toContain('*db-1  | ready to accept')
})

test('the keys are shown with the commands that they stand for just now', () => {
  const shown = text(after(...running, 'end', 'up')).join('\n')
  for (const entry of ['s start web', 'r restart web', 'b up --detach --build web', '+ scale web=3', 'o port web 80'])
    expect(shown).toContain(entry)
  expect(text(after('?'))).toContain('p   plan                  gantry plan')
})

test('the graph shows below each service what it needs, when, and how that is', () => {
  expect(text(after(...running, 'g')).slice(2, 7)).toEqual([
    'web  running',
    '├─ db  healthy  (once it is healthy)',
    '└─ redis  not created  (once it is started)',
    'worker  exited',
    '└─ db  healthy  (once it is healthy)',
  ])
})

test('what runs is shown with its last step, and a failure with its cause', () => {
  const command = { verb: 'restart', service: 'db' } as const
  const began = { type: 'began', command } as const
  const unit = { kind: 'container', name: 'shop-db-1', short: 'db-1' }
  const step = { type: 'step', id: 1, unit, op: 'restart-container', state: 'started' } as const
  expect(text(after(...running, began, { type: 'told', event: step }))).toContain(
    'gantry restart db …  Container shop-db-1 Restarting  (Ctrl-C cancels)',
  )
  const problem = { code: 'x', severity: 'error', message: 'port 80 is taken', hint: 'use another' } as const
  const failed = text(after(began, { type: 'ended', command, problems: [problem] }))
  expect(failed[1]).toMatch(/^── gantry restart db failed ─+$/)
  expect(failed.slice(2, 4)).toEqual(['port 80 is taken', '  hint: use another'])
  expect(text(after(began, { type: 'ended', command, problems: [problem] }, 'q'))).toContain(
    'gantry restart db failed: e shows why',
  )
})

test('a question is shown whole, with the keys that answer it', () => {
  const question = `Recreate volume "data"? ${'Its data will be lost. '.repeat(6)}`.trim()
  const shown = text(after(...running, { type: 'asked', question }))
  expect(shown.at(-1)).toBe('y yes, any other answer is no (n)')
  expect(shown.slice(-4, -1).join('')).toContain(question.slice(-20))
})

describe('every view fits the screen', () => {
  const many: Happening = {
    type: 'containers',
    containers: Array.from({ length: 100 }, (_, i) => liveRow(`a-service-with-a-long-name-${i}`, { ports })),
  }
  test.each([
    [80, 24],
    [40, 10],
    [200, 60],
    [20, 5],
  ])('%i × %i', (columns, rows) => {
    for (const keys of [[], ['l'], ['g'], ['?'], ['p'], ['m'], ['end'], ['/'], ['g', 'end']])
      for (const from of [[], running, [...running, many]]) {
        const shown = drawn(after(...from, ...keys), columns, rows, true)
        expect(shown.length).toBeLessThanOrEqual(rows)
        for (const line of shown)
          expect(width(line.replaceAll(/\u001b\]8;;[^\u0007]*\u0007/g, '')), line).toBeLessThanOrEqual(columns)
      }
  })
  test('and the selected service is among those that are seen', () => {
    expect(text(after(...running, many, 'end')).some(line => line.startsWith('> '))).toBe(true)
  })
})

test('without colour there is not one colour', () => {
  for (const keys of [[], ['l'], ['g'], ['?']])
    expect(drawn(after(...running, ...keys)).join('\n')).not.toMatch(/\u001b\[/)
})

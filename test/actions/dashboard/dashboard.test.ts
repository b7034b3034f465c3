import { describe, expect, test } from 'vitest'
import { commandOf } from '../../../src/actions/dashboard/commands.ts'
import {
  type Dashboard,
  type Happening,
  type LiveRow,
  newDashboard,
  next,
  servicesOf,
  shownLines,
  type Wish,
} from '../../../src/actions/dashboard/dashboard.ts'
import { keysOf } from '../../../src/actions/dashboard/keys.ts'
import type { Finding } from '../../../src/diagnose/finding.ts'
import type { Project } from '../../../src/model/project.ts'

const project = {
  name: 'shop',
  services: { db: { image: 'db' }, web: { image: 'web', build: { context: '.' }, depends_on: {} } },
} as unknown as Project

const row = (service: string, number = 1, more: Partial<LiveRow> = {}): LiveRow => ({
  id: `${service}${number}`,
  service,
  label: `${service}-${number}`,
  state: 'running',
  exitCode: 0,
  restarts: 0,
  ports: [],
  ...more,
})

/** The state after all of these, and what they asked for. */
function after(happenings: readonly (Happening | string)[], from = newDashboard('shop', project)) {
  const wishes: Wish[] = []
  const state = happenings.reduce<Dashboard>((before, happening) => {
    const step = next(before, typeof happening === 'string' ? { type: 'key', key: happening } : happening)
    if (step.wish) wishes.push(step.wish)
    return step.state
  }, from)
  return { state, wishes }
}

const up: Happening = { type: 'containers', containers: [row('db'), row('web'), row('web', 2)] }

describe('services', () => {
  test('those of the file and those of containers are shown by name, the first of them selected', () => {
    const { state } = after([{ type: 'containers', containers: [row('old')] }])
    expect(servicesOf(state)).toEqual(['db', 'old', 'web'])
    expect(state.selected).toBe('db')
  })
  test('down and up select, and stop at both ends', () => {
    expect(after(['down', 'down', 'down']).state.selected).toBe('web')
    expect(after(['end', 'up', 'k']).state.selected).toBe('db')
  })
  test('one that is gone is selected no more', () => {
    const old: Happening = { type: 'containers', containers: [row('old')] }
    expect(after([old, 'down', { type: 'containers', containers: [] }]).state.selected).toBe('db')
  })
})

describe('keys that change something ask for the command they stand for', () => {
  test.each([
    ['s', 'gantry start web'],
    ['t', 'gantry stop web'],
    ['r', 'gantry restart web'],
    ['b', 'gantry up --detach --build web'],
    ['+', 'gantry scale web=3'],
    ['-', 'gantry scale web=1'],
    ['x', 'gantry exec web sh'],
    ['w', 'gantry why web'],
    ['p', 'gantry plan'],
    ['a', 'gantry up --detach'],
  ])('%s: %s', (key, line) => {
    const { state, wishes } = after([up, 'down', key])
    expect(wishes.map(wish => wish.do === 'run' && commandOf(wish.command))).toEqual([line])
    expect(keysOf(state).find(k => k.key === key)?.line).toBe(line.replace('gantry ', ''))
  })
  test('a service without a container is brought up by the key that starts it', () => {
    expect(after(['s']).wishes).toEqual([{ do: 'run', command: { verb: 'bring-up', service: 'db' } }])
  })
  test('a port is opened where a browser finds it', () => {
    const ports = [{ ip: '0.0.0.0', target: 80, published: 8080, protocol: 'tcp' }]
    const { wishes } = after([{ type: 'containers', containers: [row('db', 1, { ports })] }, 'o'])
    expect(wishes).toEqual([
      { do: 'run', command: { verb: 'open', service: 'db', target: 80, url: 'http://localhost:8080' } },
    ])
  })
  test.each([
    ['t', '"db" does not run'],
    ['r', '"db" has no container'],
    ['b', '"db" builds no image'],
    ['x', '"db" does not run'],
    ['o', '"db" publishes no port'],
    ['-', '"db" has no container'],
  ])('%s says why it does nothing, and asks for nothing: %s', (key, note) => {
    const { state, wishes } = after([key])
    expect(wishes).toEqual([])
    expect(state.note).toBe(note)
  })
  test('one command runs at a time', () => {
    const began: Happening = { type: 'began', command: { verb: 'stop', service: 'db' } }
    const { state, wishes } = after([up, began, 'r'])
    expect(wishes).toEqual([])
    expect(state.note).toBe('gantry stop db is not done yet')
  })
})

describe('commands', () => {
  const command = { verb: 'restart', service: 'db' } as const
  const problem = { code: 'x', severity: 'error', message: 'it broke' } as const
  test('one that fails is shown with what it told on the way', () => {
    const { state } = after([
      { type: 'began', command },
      { type: 'told', event: { type: 'problem', problem: { ...problem, message: 'first' } } },
      { type: 'ended', command, problems: [problem] },
    ])
    expect(state.view).toBe('account')
    expect(state.working).toBeUndefined()
    expect(state.account.told.map(t => t.type === 'problem' && t.problem.message)).toEqual(['first', 'it broke'])
  })
  test('one that succeeds says so and leaves the view', () => {
    const { state } = after(['l', { type: 'began', command }, { type: 'ended', command }])
    expect([state.view, state.note]).toEqual(['logs', 'done: gantry restart db'])
  })
  test('a plan is shown, and gone once it is applied', () => {
    const planned = after([{ type: 'planned', stages: [] }]).state
    expect(planned.view).toBe('plan')
    const applied = after([{ type: 'ended', command: { verb: 'apply' } }], planned).state
    expect([applied.view, applied.stages]).toEqual(['services', undefined])
  })
  test('causes that were asked for are shown, and where there are none that is said', () => {
    const why = { verb: 'why', service: 'db' } as const
    const finding = { code: 'exit-oom', severity: 'error', message: 'db ran out of memory' } as unknown as Finding
    const began: Happening = { type: 'began', command: why }
    const asked = after([began, { type: 'told', event: { type: 'finding', finding } }, { type: 'ended', command: why }])
    expect(asked.state.view).toBe('account')
    expect(after([began, { type: 'ended', command: why }]).state).toMatchObject({
      view: 'services',
      note: 'nothing is wrong with db',
    })
  })
  test('a question takes only an answer', () => {
    const { state, wishes } = after([{ type: 'asked', question: 'Remove data?' }, 's', 'y'])
    expect(wishes).toEqual([{ do: 'answer', yes: true }])
    expect(state.question).toBeUndefined()
    expect(after([{ type: 'asked', question: 'Remove data?' }, 'enter']).wishes).toEqual([{ do: 'answer', yes: false }])
  })
  test('Ctrl-C cancels what runs, and leaves where nothing does', () => {
    expect(after([{ type: 'began', command }, 'ctrl-c']).wishes).toEqual([{ do: 'cancel' }])
    expect(after(['ctrl-c']).wishes).toEqual([{ do: 'quit' }])
    expect(after([{ type: 'began', command }, 'q']).wishes).toEqual([])
  })
})

describe('logs', () => {
  const lines = (...texts: string[]): Happening => ({
    type: 'log-lines',
    lines: texts.map(text => ({ container: `${text.split(' ')[0]}-1`, service: text.split(' ')[0]!, text })),
  })
  const some = lines('web one', 'db two', 'web three')
  const texts = (state: Dashboard) => shownLines(state).map(line => line.text)

  test('all are merged, or only those of the selected service', () => {
    expect(texts(after([some]).state)).toEqual(['web one', 'db two', 'web three'])
    expect(texts(after([some, 'm']).state)).toEqual(['db two'])
  })
  test('a filter leaves lines that hold it in whatever case, and Esc takes it away', () => {
    const filtered = after([some, '&', 'T', 'H', 'enter']).state
    expect(texts(filtered)).toEqual(['web three'])
    expect(texts(after(['escape'], filtered).state)).toHaveLength(3)
  })
  test('what is typed is no key until it is entered, and can be taken back', () => {
    const { state, wishes } = after(['&', 'q', 's', 'backspace', 'enter'])
    expect(state.logs.filter).toBe('q')
    expect(wishes).toEqual([])
    expect(after(['&', 'q', 'escape']).state.logs.filter).toBe('')
  })
  test('a search goes to the newest line that holds it, then further up and down', () => {
    const first = after([some, '/', 'w', 'e', 'b', 'enter']).state
    expect(first.logs.back).toBe(0)
    const second = after(['n'], first).state
    expect(second.logs.back).toBe(2)
    expect(after(['n'], second).state.note).toBe('no other line holds "web"')
    expect(after(['N'], second).state.logs.back).toBe(0)
  })
  test('what is looked at stays where it is while lines come, until it is followed again', () => {
    const moved = after([some, 'l', 'up']).state
    expect([moved.logs.follow, moved.logs.back]).toEqual([false, 1])
    const more = after([lines('web four')], moved).state
    expect(more.logs.back).toBe(2)
    expect(after(['f'], more).state.logs).toMatchObject({ follow: true, back: 0 })
  })
  test('the oldest lines go once there are too many', () => {
    const { state } = after([lines(...Array.from({ length: 6000 }, (_, i) => `web ${i}`))])
    expect(state.logs.lines).toHaveLength(5000)
    expect(state.logs.lines.at(-1)?.text).toBe('web 5999')
  })
})

test('a key opens a view, and the same key, Esc or q closes it', () => {
  for (const [key, view] of [
    ['l', 'logs'],
    ['g', 'graph'],
    ['?', 'keys'],
  ] as const) {
    expect(after([key]).state.view).toBe(view)
    for (const back of [key, 'escape', 'q']) expect(after([key, back]).state.view).toBe('services')
  }
  expect(after(['q']).wishes).toEqual([{ do: 'quit' }])
})

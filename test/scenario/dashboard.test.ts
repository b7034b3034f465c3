import { expect } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'
import { screenOf } from '../kit/screen.ts'

/** Beside what the terminal showed before. */
const otherScreen = '\u001b[?1049h'
const backAgain = '\u001b[?1049l'

async function dashboard(s: Scene, env: Readonly<Record<string, string>> = {}) {
  const ui = await s.terminal('ui', { env })
  const shows = (text: string) =>
    s.eventually(
      async () => screenOf(ui.output()),
      lines => lines.some(line => line.includes(text)),
    )
  return { ...ui, shows }
}

scenario('the dashboard shows services and their logs, and its keys do what they show', 'dashboard', async s => {
  await s.gantry('up --detach db web')
  const ui = await dashboard(s)
  await ui.shows('/32M')
  await ui.shows('s up --detach broken')
  ui.type('j')
  await ui.shows('r restart db')
  const before = (await s.container('db')).State.StartedAt
  ui.type('r')
  await ui.shows('done: gantry restart db')
  expect((await s.container('db')).State.StartedAt).not.toBe(before)
  ui.type('+')
  await ui.shows('done: gantry scale db=2')
  expect(await s.states('db')).toEqual(['db-1 running', 'db-2 running'])

  // A shell has the terminal, its keys are no keys of the dashboard, and that comes back.
  ui.type('x')
  await ui.shows('/ #')
  ui.type('echo $((40+2)) q; exit 4\r')
  // It may be gone from the screen at once.
  await ui.says('42 q')
  await ui.shows('gantry exec db sh ended with 4')

  // What fails says why.
  ui.type('k')
  await ui.shows('s up --detach broken')
  ui.type('s')
  await ui.shows('gantry up --detach broken failed')
  await ui.shows('/no/such/program')
  ui.type('qq')
  expect(await ui.ended).toEqual({ code: 0, terminal: 'cooked' })
  expect(ui.output().lastIndexOf(backAgain)).toBeGreaterThan(ui.output().lastIndexOf(otherScreen))
})

scenario('the dashboard leaves the terminal as it was, however it ends', 'dashboard', async s => {
  await s.gantry('up --detach db')
  for (const [end, code] of [
    ['SIGTERM', 130],
    ['SIGHUP', 129],
    ['\u0003', 0],
  ] as const) {
    const ui = await dashboard(s, { NO_COLOR: '1' })
    await ui.shows('/32M')
    if (end === '\u0003') ui.type(end)
    else await ui.signal(end)
    expect(await ui.ended).toEqual({ code, terminal: 'cooked' })
    expect(ui.output().lastIndexOf(backAgain)).toBeGreaterThan(ui.output().lastIndexOf(otherScreen))
    expect(ui.output()).not.toMatch(/\u001b\[[349]\d(;\d+)*m/)
  }
})

scenario('the dashboard refuses where there is no terminal', 'dashboard', async s => {
  const { stdout, stderr } = await s.gantry('ui', { exit: 1 })
  expect(stdout).toBe('')
  expect(stderr).toContain('the dashboard needs a terminal\n')
})

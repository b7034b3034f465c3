import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isSea } from 'node:sea'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, commandOf } from '../../actions/dashboard/commands.ts'
import { type Dashboard, type Happening, newDashboard, next, type Wish } from '../../actions/dashboard/dashboard.ts'
import { feed } from '../../actions/dashboard/feed.ts'
import { runCommand } from '../../actions/dashboard/run.ts'
import type { Loaded } from '../../load/load.ts'
import { userError } from '../../text/problem.ts'
import type { App } from '../app.ts'
import { command } from '../command.ts'
import { createFlags, createOptions } from '../creating.ts'
import { withLock } from '../locked.ts'
import { values } from '../parse.ts'
import { problemsOf } from '../report.ts'

export default command({
  operands: '',
  flags: {},
  async run({ app }) {
    if (!app.stdin.isTTY || !app.stdout.isTTY)
      throw userError('no-terminal', 'the dashboard needs a terminal', 'without one there are "ps", "stats" and "logs"')
    if (app.globals['dry-run'])
      throw userError('flags-clash', 'the dashboard has no dry run', 'its key "p" shows what would be done')
    const { name, loaded } = await app.target()
    const actions = await app.actions()
    const engine = await app.engine()
    const ended = new AbortController()
    const signal = AbortSignal.any([app.signal, ended.signal])
    const { dashboardScreen } = await import('../../ui/dashboard/screen.ts')

    let state: Dashboard = newDashboard(name, loaded?.project)
    let working: Promise<void> | undefined
    let cancel = new AbortController()
    let answer: (yes: boolean) => void = () => {}
    const happen = (happening: Happening): void => {
      const step = next(state, happening)
      state = step.state
      screen.show(state)
      if (step.wish) grant(step.wish)
    }
    const grant = (wish: Wish): void => {
      switch (wish.do) {
        case 'quit':
          return ended.abort()
        case 'pause':
          return void screen.suspend(paused)
        case 'cancel':
          return cancel.abort()
        case 'answer':
          return answer(wish.yes)
        case 'run':
          working = run(wish.command).finally(() => {
            working = undefined
          })
      }
    }
    const run = async (wanted: Command): Promise<void> => {
      if (wanted.verb === 'open') return void happen({ type: 'note', text: await opened(wanted.url, app) })
      if (wanted.verb === 'exec')
        return screen.suspend(async () => {
          const code = await shellIn(name, wanted, app, signal)
          if (code !== 0) happen({ type: 'note', text: `${commandOf(wanted)} ended with ${code}` })
        })
      cancel = new AbortController()
      happen({ type: 'began', command: wanted })
      const options = {
        ...actions,
        engine,
        signal: AbortSignal.any([app.signal, cancel.signal]),
        emit: (event: Parameters<typeof app.emit>[0]) => happen({ type: 'told', event }),
        ask: ({ ask }: { readonly ask: string }) =>
          new Promise<boolean>(resolve => {
            answer = resolve
            options.signal.addEventListener('abort', () => resolve(false))
            happen({ type: 'asked', question: ask })
          }),
        wishes: await createOptions(values(createFlags, new Map()), [], app),
        load: (services: readonly string[]) => read(services, app, loaded !== undefined, happen),
      }
      try {
        const stages = await runCommand(name, wanted, options)
        happen({ type: 'ended', command: wanted })
        if (stages) happen({ type: 'planned', stages })
      } catch (error) {
        const problems = cancel.signal.aborted ? [cancelled] : problemsOf(error)
        happen({ type: 'ended', command: wanted, problems })
      }
    }

    const screen = await dashboardScreen(state, {
      stdin: app.stdin,
      stdout: app.stdout,
      stderr: app.stderr,
      colour: app.look.colour.out,
      onKey: key => happen({ type: 'key', key }),
    })
    let code = 0
    const hungUp = () => {
      code = 129
      cancel.abort()
      ended.abort()
    }
    process.on('SIGHUP', hungUp)
    try {
      await Promise.race([
        feed(name, { engine, signal, told: happen }),
        new Promise<void>(resolve => {
          signal.addEventListener('abort', () => resolve())
        }),
      ])
    } finally {
      screen.close()
      if (working)
        app.stderr.write(`ending ${state.working ? commandOf(state.working.command) : 'what runs'} in order …\n`)
      await working
      ended.abort()
      process.off('SIGHUP', hungUp)
    }
    return app.signal.aborted ? 130 : code
  },
})

const cancelled = {
  code: 'cancelled',
  severity: 'error',
  message: 'cancelled: what was under way is done, the rest is not; do it again to go on',
} as const

/** Ctrl-Z, as every program has it; a shell's "fg" goes on. Nothing happens where nobody could say so. */
async function paused(): Promise<void> {
  process.kill(process.pid, 'SIGTSTP')
  // While it is stopped no time goes by: this is over once it goes on.
  await sleep(100)
}

/** The compose files as they are now. Their warnings belong to the dashboard: whatever else is written would be drawn over. */
async function read(
  services: readonly string[],
  app: App,
  hasFiles: boolean,
  happen: (happening: Happening) => void,
): Promise<Loaded | undefined> {
  if (!hasFiles) return undefined
  const { load } = await import('../../load/load.ts')
  const loaded = await withLock(app, undefined, await load(await app.loadOptions({ services })))
  for (const problem of loaded.problems) happen({ type: 'told', event: { type: 'problem', problem } })
  if (services.length === 0) happen({ type: 'project', project: loaded.project })
  return loaded
}

/** A shell, as the command line of the same words gives it, by a process of its own: our input is the screen's. */
async function shellIn(
  name: string,
  { service }: { readonly service: string },
  app: App,
  signal: AbortSignal,
): Promise<number> {
  const same = ['host', 'context', 'config', 'tlscacert', 'tlscert', 'tlskey'] as const
  const flags = same.flatMap(flag => (app.globals[flag] === undefined ? [] : [`--${flag}`, String(app.globals[flag])]))
  for (const flag of ['tls', 'tlsverify'] as const) if (app.globals[flag]) flags.push(`--${flag}`)
  const program = isSea() ? [] : [...process.execArgv, '--', app.file]
  app.stdout.write(`gantry exec ${service} sh\n`)
  await noLongerReading(app.stdin)
  const child = spawn(process.execPath, [...program, ...flags, '--project-name', name, 'exec', service, 'sh'], {
    stdio: 'inherit',
    cwd: app.cwd,
  })
  // It leaves the terminal as it found it.
  const end = () => child.kill('SIGHUP')
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return code ?? 129
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/**
 * Whoever has listened to "readable" goes on reading when it listens no more, and would take what is typed away from the shell. Node
 * stops at the next turn after "pause" (lib/internal/bootstrap/switches/is_main_thread.js); listening anew begins again.
 */
async function noLongerReading(stdin: NodeJS.ReadStream): Promise<void> {
  stdin.emit('pause')
  await new Promise(setImmediate)
}

/** Shows an address in a browser where there is one, and says what was done. */
async function opened(url: string, { env }: App): Promise<string> {
  const here = process.platform === 'darwin' || (env['DISPLAY'] ?? env['WAYLAND_DISPLAY']) !== undefined
  if (env['SSH_CONNECTION'] !== undefined || !here) return `no browser here: ${url}`
  const child = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], { stdio: 'ignore', detached: true })
  child.unref()
  return Promise.race([
    once(child, 'spawn').then(() => `opened ${url}`),
    once(child, 'error').then(() => `no browser here: ${url}`),
  ])
}

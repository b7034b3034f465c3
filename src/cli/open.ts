import { homedir } from 'node:os'
import type { Event } from '../actions/event.ts'
import type { LiveEngine } from '../engine/live.ts'
import { UserError } from '../text/problem.ts'
import { cleanText } from '../ui/clean.ts'
import { look, type Screen, type ScreenOptions, screen } from '../ui/renderer.ts'
import type { App, Environment } from './app.ts'
import type { Globals } from './globals.ts'
import { stillUnderWay } from './interrupted.ts'
import { type Interruption, interruption } from './interruption.ts'
import { loadRequest, oldSpelling, unknownProfiles } from './load-request.ts'
import type { Surroundings } from './run.ts'
import { checkProgress, isTrue, parallelLimit, progressOf, truth } from './setting-values.ts'

export interface Opened extends App, Pick<Interruption, 'orInterrupted' | 'leavesHalf'> {
  close(): Promise<void>
}

/** The app of one command line. Nothing is read or opened until it is asked for. */
export function openApp(globals: Globals, verb: string, around: Surroundings): Opened {
  const { env } = around
  const cwd = around.cwd()
  let files: Environment = {}
  let read: Promise<void> | undefined
  let engine: Promise<LiveEngine> | undefined
  let shown: Screen | undefined
  let logStyle: ScreenOptions['logs']
  const muted = new Set<'pull' | 'build'>()
  const withoutWarnings = globals['log-level'] === 'error' || globals['log-level'] === 'fatal'

  const interrupt = interruption(around, {
    slow: () => emit({ type: 'problem', problem: stillUnderWay }),
    close: async () => shown?.close(),
  })

  const setting = (name: string) => env[name] ?? files[name]
  // Of the process alone, as docker compose reads it; what it cannot be is told with the other settings.
  const status = () => (isTrue(env['COMPOSE_STATUS_STDOUT']) ? around.stdout : around.stderr)
  const looks = () =>
    look({
      progress: globals.progress ?? progressOf(setting('COMPOSE_PROGRESS')),
      ansi: globals['no-ansi'] ? 'never' : (globals.ansi ?? setting('COMPOSE_ANSI')),
      env,
      out: around.stdout.isTTY === true,
      err: status().isTTY === true,
    })
  const show = () =>
    (shown ??= screen({
      stdout: around.stdout,
      stderr: around.stderr,
      status: status(),
      look: looks(),
      verb,
      plans: globals['dry-run'],
      ...(logStyle && { logs: logStyle }),
    }))
  const emit = (event: Event) => {
    // Layers are told in parts, what a build prints is not.
    if (event.type === 'problem' && event.problem.severity === 'warning' && withoutWarnings) return
    if (event.type === 'build' && muted.has('build')) return
    if (event.type === 'progress' && muted.has(event.part === undefined ? 'build' : 'pull')) return
    show().on(event)
  }

  const request = () => loadRequest(globals, { cwd, env, signal: interrupt.signal, stdin: () => around.stdin })

  /** `COMPOSE_*` of `.env`, once. */
  const settled = () =>
    (read ??= import('../load/variables/environment.ts').then(async ({ projectEnvironment }) => {
      const found = await projectEnvironment(request())
      files = Object.fromEntries(Object.entries(found.env).filter(([name]) => name.startsWith('COMPOSE_')))
      checkProgress(setting('COMPOSE_PROGRESS'))
      truth('COMPOSE_STATUS_STDOUT', env['COMPOSE_STATUS_STDOUT'])
      parallelLimit(globals.parallel, setting('COMPOSE_PARALLEL_LIMIT'))
      if (globals.workdir !== undefined) emit({ type: 'problem', problem: oldSpelling })
    }))

  const separator = () =>
    (globals.compatibility ?? truth('COMPOSE_COMPATIBILITY', setting('COMPOSE_COMPATIBILITY'))) ? '_' : '-'

  const app: Opened = {
    called: around.called,
    file: around.file,
    globals,
    cwd,
    env,
    // Opened when a command first asks: the three cost more than the rest of a small command.
    get stdin() {
      return around.stdin
    },
    get stdout() {
      return around.stdout
    },
    get stderr() {
      return around.stderr
    },
    emit,
    signal: interrupt.signal,
    get look() {
      return looks()
    },
    async loadOptions(wishes) {
      await settled()
      return { ...request(), separator: separator(), ...wishes }
    },
    async load(wishes) {
      const { load } = await import('../load/load.ts')
      // Reading lets nothing else happen: the engine is to have heard of us before.
      if (engine) await new Promise(resolve => setImmediate(resolve))
      const loaded = await load(await app.loadOptions(wishes))
      for (const problem of unknownProfiles(globals.profile, loaded.project)) emit({ type: 'problem', problem })
      for (const problem of loaded.problems) emit({ type: 'problem', problem })
      return loaded
    },
    async target(wishes) {
      const named = globals['project-name']
      if (named !== undefined && globals.file.length === 0) return { name: named.toLowerCase() }
      try {
        // What only containers to be made would need, a missing env file, does not stop anybody from looking or stopping.
        const loaded = await app.load({ without: new Set(['env-resolution']), ...wishes })
        return { name: loaded.project.name, loaded }
      } catch (error) {
        const name = setting('COMPOSE_PROJECT_NAME')
        if (error instanceof UserError && name) return { name: name.toLowerCase() }
        throw error
      }
    },
    engine() {
      if (!engine) {
        engine = import('../engine/connect.ts').then(({ connect }) =>
          connect({
            env,
            home: env.HOME ?? homedir(),
            platform: process.platform,
            ...(globals.host !== undefined && { host: globals.host }),
            ...(globals.context !== undefined && { context: globals.context }),
            certificates: {
              ...(globals.tlscacert !== undefined && { ca: globals.tlscacert }),
              ...(globals.tlscert !== undefined && { cert: globals.tlscert }),
              ...(globals.tlskey !== undefined && { key: globals.tlskey }),
            },
          }),
        )
        // It is opened while the files are read, and their errors come first.
        engine.catch(() => {})
      }
      return engine
    },
    async setting(name) {
      await settled()
      return setting(name)
    },
    async enabled(name) {
      await settled()
      return truth(name, setting(name))
    },
    asking: yes => question => (yes ? Promise.resolve(true) : ask(question.ask, around, interrupt.signal)),
    async actions({ yes = false } = {}) {
      await settled()
      interrupt.endInOrder()
      const limit = parallelLimit(globals.parallel, setting('COMPOSE_PARALLEL_LIMIT'))
      return {
        engine: await app.engine(),
        emit,
        signal: interrupt.signal,
        ask: app.asking(yes),
        ...(limit !== undefined && { limit }),
        dryRun: globals['dry-run'],
        separator: separator(),
      }
    },
    force: interrupt.force,
    footer: text => shown?.footer(text),
    settle: () => void shown?.close(),
    handOn: interrupt.handOn,
    logs(style) {
      logStyle = style
    },
    mute: what => void muted.add(what),
    ready: () => shown?.ready(),
    print(text) {
      // Fields of a template may be anybody's labels; into a pipe they go byte for byte.
      const fit = around.stdout.isTTY && typeof text === 'string' ? cleanText(text) : text
      const write = () => void around.stdout.write(fit)
      // What is drawn on the same terminal would be drawn over it.
      if (shown && around.stdout.isTTY) shown.above(write)
      else write()
    },
    get leavesHalf() {
      return interrupt.leavesHalf
    },
    orInterrupted: interrupt.orInterrupted,
    async close() {
      await shown?.close()
      if (engine)
        await engine.then(
          opened => opened.close(),
          () => {},
        )
    },
  }
  return app
}

/** No where there is nobody to ask. An input that is no terminal may hold the answer: `yes | docker compose rm`. */
async function ask(question: string, { stdin, stderr }: Surroundings, signal: AbortSignal): Promise<boolean> {
  const { answerTo } = await import('./question.ts')
  return /^y(es)?$/i.test(await answerTo(`${question} [y/N] `, { stdin, stderr }, signal))
}

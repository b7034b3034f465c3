import { homedir } from 'node:os'
import type { Event } from '../actions/event.ts'
import { suggest } from '../base/suggest.ts'
import type { LiveEngine } from '../engine/live.ts'
import type { LoadOptions } from '../load/load.ts'
import type { Project } from '../model/project.ts'
import { largest } from '../text/encoding.ts'
import { type Problem, UserError, userError } from '../text/problem.ts'
import { cleanText } from '../ui/clean.ts'
import { look, type Screen, type ScreenOptions, screen } from '../ui/renderer.ts'
import type { App, Environment } from './app.ts'
import type { Globals } from './globals.ts'
import { Interrupted, slowToEnd, stillUnderWay } from './interrupted.ts'
import type { Surroundings } from './run.ts'

export interface Opened extends App {
  /** What the command gives, or the interruption where nothing is under way that must be ended in order. */
  orInterrupted<T>(command: Promise<T>): Promise<T>
  close(): Promise<void>
  /** Whether an interruption leaves a plan half done. */
  readonly leavesHalf: boolean
}

/** The app of one command line. Nothing is read or opened until it is asked for. */
export function openApp(globals: Globals, verb: string, around: Surroundings): Opened {
  const { env } = around
  const cwd = around.cwd()
  const interrupt = new AbortController()
  const force = new AbortController()
  const interrupted = Promise.withResolvers<never>()
  interrupted.promise.catch(() => {})
  let forceAsked = false
  let careful = false
  let files: Environment = {}
  let read: Promise<void> | undefined
  let engine: Promise<LiveEngine> | undefined
  let shown: Screen | undefined
  let logStyle: ScreenOptions['logs']
  const muted = new Set<'pull' | 'build'>()
  const withoutWarnings = globals['log-level'] === 'error' || globals['log-level'] === 'fatal'

  let handOn: ((signal: NodeJS.Signals) => void) | undefined
  let asked = 0

  around.onSignal(signal => {
    if (handOn && ++asked < 3) return handOn(signal)
    if (handOn) {
      interrupt.abort(new Interrupted('let go'))
      interrupted.reject(interrupt.signal.reason)
    } else if (!interrupt.signal.aborted) {
      interrupt.abort(new Interrupted('interrupted'))
      if (!careful) interrupted.reject(interrupt.signal.reason)
      else if (!forceAsked) setTimeout(emit, slowToEnd, { type: 'problem', problem: stillUnderWay }).unref()
    } else if (forceAsked && !force.signal.aborted) force.abort(new Interrupted('interrupted twice'))
    else void shown?.close().finally(() => around.exit(130))
  })

  const setting = (name: string) => env[name] ?? files[name]
  // Of the process alone, as docker compose reads it; what it cannot be is told with the other settings.
  const status = () => (isTrue(env['COMPOSE_STATUS_STDOUT']) ? around.stdout : around.stderr)
  const looks = () =>
    look({
      progress: globals.progress ?? known(setting('COMPOSE_PROGRESS')),
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

  const request = (): LoadOptions => {
    const directory = directoryOf(globals)
    return {
      cwd,
      env,
      signal: interrupt.signal,
      ...(globals.file.length > 0 && { files: globals.file }),
      ...(directory !== undefined && { project_directory: directory }),
      ...(globals['project-name'] !== undefined && { project_name: globals['project-name'] }),
      ...(globals.profile.length > 0 && { profiles: globals.profile }),
      ...(globals['insecure-registry'].length > 0 && { insecureRegistries: globals['insecure-registry'] }),
      ...(globals['env-file'].length > 0 && { env_files: globals['env-file'] }),
      stdin: async () => {
        const pieces: Buffer[] = []
        let size = 0
        for await (const piece of around.stdin) {
          pieces.push(Buffer.from(piece))
          size += piece.length
          // What is too large already is refused by its size; the rest may have no end.
          if (size > largest) break
        }
        return Buffer.concat(pieces)
      },
    }
  }

  /** `COMPOSE_*` of `.env`, once. */
  const settled = () =>
    (read ??= import('../load/variables/environment.ts').then(async ({ projectEnvironment }) => {
      const found = await projectEnvironment(request())
      files = Object.fromEntries(Object.entries(found.env).filter(([name]) => name.startsWith('COMPOSE_')))
      checkProgress(setting('COMPOSE_PROGRESS'))
      truth('COMPOSE_STATUS_STDOUT', env['COMPOSE_STATUS_STDOUT'])
      limitOf(globals.parallel, setting('COMPOSE_PARALLEL_LIMIT'))
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
      careful = true
      const limit = limitOf(globals.parallel, setting('COMPOSE_PARALLEL_LIMIT'))
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
    force() {
      forceAsked = true
      return force.signal
    },
    footer: text => shown?.footer(text),
    settle: () => void shown?.close(),
    handOn(take) {
      if (!handOn) around.onOtherSignals(handedOn, signal => handOn?.(signal))
      handOn = take
    },
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
      return careful && !forceAsked && !handOn
    },
    orInterrupted: command => Promise.race([command, interrupted.promise]),
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

/**
 * Beside SIGINT and SIGTERM. docker compose hands on what job control sends as well, so that Ctrl-Z does nothing; here it suspends us,
 * as it does any other command.
 */
const handedOn: readonly NodeJS.Signals[] = [
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGIO',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGWINCH',
]

/** A profile that no service has turns nothing on, and is mostly a slip. */
function unknownProfiles(given: readonly string[], { services, disabled }: Project): readonly Problem[] {
  const known = new Set(
    [...Object.values(services), ...Object.values(disabled)].flatMap(service => service.profiles ?? []),
  )
  return given
    .filter(name => name !== '*' && !known.has(name))
    .map(name => {
      const near = suggest(name, [...known])
      return {
        code: 'unknown-profile',
        severity: 'warning',
        message: `no service has the profile "${name}"`,
        ...(known.size > 0 && {
          hint: near ? `did you mean "${near}"?` : `there are ${[...known].map(profile => `"${profile}"`).join(', ')}`,
        }),
      }
    })
}

/** Whatever is not known is told by `checkProgress`; here it must not get into the way of telling. */
function known(progress: string | undefined): 'auto' | 'tty' | 'plain' | 'json' | 'quiet' {
  return progress === 'none' ? 'quiet' : (kinds.find(kind => kind === progress) ?? 'auto')
}

const kinds = ['auto', 'tty', 'plain', 'json', 'quiet'] as const

function checkProgress(setting: string | undefined): void {
  if (!setting || setting === 'none' || kinds.some(kind => kind === setting)) return
  throw userError(
    'bad-setting',
    `unsupported COMPOSE_PROGRESS value "${setting}"`,
    `it takes ${kinds.map(kind => `"${kind}"`).join(', ')}`,
  )
}

const isTrue = (text: string | undefined) => /^(1|t|true|y|yes|on)$/i.test(text ?? '')

function truth(name: string, text: string | undefined): boolean {
  if (text === undefined || text === '') return false
  if (isTrue(text)) return true
  if (/^(0|f|false|n|no|off)$/i.test(text)) return false
  throw userError('bad-setting', `${name} is "${text}"`, 'it takes "true" or "false"')
}

const oldSpelling: Problem = {
  code: 'deprecated',
  severity: 'warning',
  message: '"--workdir" is the old spelling of "--project-directory"',
  hint: 'write --project-directory',
}

function directoryOf({ workdir, 'project-directory': directory }: Globals): string | undefined {
  if (workdir !== undefined && directory !== undefined)
    throw userError(
      'flags-clash',
      'cannot specify DEPRECATED "--workdir" and "--project-directory". Please use only "--project-directory" instead',
    )
  return directory ?? workdir
}

/** 0 is no limit; undefined is the default. */
function limitOf(flag: number | undefined, setting: string | undefined): number | undefined {
  if (flag !== undefined) return Math.max(0, flag)
  if (setting === undefined || setting === '') return undefined
  if (!/^-?\d+$/.test(setting))
    throw userError('bad-setting', `COMPOSE_PARALLEL_LIMIT must be an integer (found: "${setting}")`)
  return Math.max(0, Number(setting))
}

/** No where there is nobody to ask. An input that is no terminal may hold the answer: `yes | docker compose rm`. */
async function ask(question: string, { stdin, stderr }: Surroundings, signal: AbortSignal): Promise<boolean> {
  const { answerTo } = await import('./question.ts')
  return /^y(es)?$/i.test(await answerTo(`${question} [y/N] `, { stdin, stderr }, signal))
}

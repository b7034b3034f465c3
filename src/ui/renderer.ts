import type { Event } from '../actions/event.ts'
import type { Problem } from '../text/problem.ts'
import { footer } from './footer.ts'
import { grouping } from './grouping.ts'
import { json, plain, quiet } from './lines.ts'
import { type Paint, paint } from './paint.ts'
import { logs } from './prefix.ts'
import { tasks } from './tasks.ts'
import { writer } from './writer.ts'

/** Shows how far things are, on standard error. */
export interface Progress {
  on(event: Event): void
  /** Lets something be written to the same terminal without the two getting into each other. */
  above(write: () => void): void
  close(): Promise<void>
}

export interface ProgressOptions {
  readonly out: NodeJS.WriteStream
  /** What the command is called. */
  readonly verb: string
  readonly paint: Paint
  /** Leave out of plans what was asked for in so many words. */
  readonly brief: boolean
  /** Writes what is kept and is to stand above. */
  readonly flush: () => void
}

/** Where all events of a command go. */
export interface Screen {
  on(event: Event): void
  /** Undefined while the outputs keep up; whoever has much to tell waits for it. */
  ready(): Promise<void> | undefined
  /** A line at the bottom of the terminal while containers' lines are printed; "" takes it away. */
  footer(text: string): void
  /** Writes what is still kept and leaves the terminal as it was found. */
  /** Lets something be written where what is drawn does not draw over it. */
  above(write: () => void): void
  close(): Promise<void>
}

export interface ScreenOptions {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Where progress goes, standard error without it; problems stay there. */
  readonly status?: NodeJS.WriteStream
  readonly look: Look
  /** What the command is called, for the heading of its progress. */
  readonly verb: string
  /** Show plans whole, since they are all there is to show. */
  readonly plans?: boolean
  readonly logs?: {
    readonly names?: boolean
    readonly timestamps?: boolean
    readonly colour?: boolean
    /** Whether a container's standard error goes to ours; else both go to standard output. */
    readonly apart?: boolean
    readonly announce?: boolean
    /** An object a line, all on standard output. */
    readonly json?: boolean
  }
}

/** What is drawn and coloured where. */
export interface Look {
  readonly progress: 'tty' | 'plain' | 'json' | 'quiet'
  /** Colours on standard output, and where progress goes. */
  readonly colour: { readonly out: boolean; readonly err: boolean }
}

/** Decides from flags, environment and terminals. Nothing is drawn into a pipe unless it was asked for by name. */
export function look(options: {
  readonly progress?: 'auto' | 'tty' | 'plain' | 'json' | 'quiet' | undefined
  readonly ansi?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: boolean
  readonly err: boolean
}): Look {
  const { progress = 'auto', ansi = 'auto', env, out, err } = options
  const plainTerminal = env.TERM === 'dumb' || ansi === 'never'
  const chosen = progress === 'auto' ? (err && !plainTerminal && !env.CI ? 'tty' : 'plain') : progress
  const colours = (terminal: boolean) => ansi === 'always' || (terminal && !plainTerminal && !env.NO_COLOR)
  return {
    progress: chosen === 'tty' && ansi === 'never' ? 'plain' : chosen,
    colour: { out: colours(out), err: colours(err) },
  }
}

export function screen(options: ScreenOptions): Screen {
  const { stdout, stderr, status = stderr, look, verb, plans = false, logs: style = {} } = options
  const foot = footer(stdout)
  const out = writer(stdout, bytes => foot.framed(bytes))
  const errors = style.apart ? writer(stderr, bytes => (stderr.isTTY ? foot.framed(bytes) : bytes)) : out
  const log = logs(out, errors, {
    paint: paint(look.colour.out && style.colour !== false),
    names: style.names !== false,
    timestamps: style.timestamps === true,
    terminal: stdout.isTTY,
    announce: style.announce === true,
    json: style.json === true,
  })
  const progress = progressOf(look.progress, { out: status, verb, paint: paint(look.colour.err), brief: !plans, flush })
  const beside = look.progress === 'tty' ? 'plain' : look.progress
  const problems =
    status === stderr ? progress : progressOf(beside, { out: stderr, verb, paint: paint(false), brief: !plans, flush })
  const told = new Set<string>()
  const group = look.progress === 'json' ? undefined : grouping(problem => problems.on({ type: 'problem', problem }))
  return {
    on(event) {
      if (event.type !== 'problem') group?.rest()
      if (isTold(event)) {
        progress.above(() => log(event))
        return
      }
      if (event.type === 'problem' && (!isNew(told, event.problem) || group?.holds(event.problem))) return
      // In the order in which it happened, also where both outputs are one.
      flush()
      if (event.type === 'problem') {
        const back = foot.aside()
        problems.on(event)
        back()
        return
      }
      // What is drawn at the bottom from here on has it for itself.
      foot.set('')
      progress.on(event)
    },
    footer(text) {
      flush()
      // What is drawn there and has come to its end is left above.
      if (text !== '') void progress.close()
      foot.set(text)
    },
    above(write) {
      flush()
      progress.above(write)
    },
    ready: () => out.ready() ?? (errors === out ? undefined : errors.ready()),
    async close() {
      group?.rest()
      flush()
      foot.set('')
      await progress.close()
      if (problems !== progress) await problems.close()
    },
  }

  function flush(): void {
    out.flush()
    if (errors !== out) errors.flush()
  }
}

/** What goes among the lines of containers. */
function isTold(event: Event): event is Extract<Event, { type: (typeof amongLines)[number] }> {
  return amongLines.some(type => type === event.type)
}

const amongLines = ['log', 'status', 'following', 'watched', 'watch-enabled'] as const

function progressOf(name: Look['progress'], options: ProgressOptions): Progress {
  switch (name) {
    case 'tty':
      return tasks(options)
    case 'plain':
      return plain(options)
    case 'json':
      return json(options.out)
    case 'quiet':
      return quiet(options.out)
  }
}

/** A warning is told once, however often a command looks at the file. */
function isNew(told: Set<string>, { code, message, at }: Problem): boolean {
  const key = JSON.stringify([code, message, at?.source.name, at?.start])
  if (told.has(key)) return false
  told.add(key)
  return true
}

import type { Emit } from '../actions/event.ts'
import type { ActionOptions } from '../actions/options.ts'
import type { LiveEngine } from '../engine/live.ts'
import type { Loaded, LoadOptions } from '../load/load.ts'
import type { Look, ScreenOptions } from '../ui/renderer.ts'
import type { Called } from './called.ts'
import type { Globals } from './globals.ts'

/** What the global flags and the environment decided. Everything is opened when a command first asks for it. */
export interface App {
  readonly called: Called
  /** The file that was started. */
  readonly file: string
  readonly globals: Globals
  readonly cwd: string
  readonly env: Environment
  /** What the loader is to be asked for, with the command's own wishes laid over the global flags. */
  loadOptions(wishes?: Partial<LoadOptions>): Promise<LoadOptions>
  /** Loads the project and tells its warnings. Throws UserError. */
  load(wishes?: Partial<LoadOptions>): Promise<Loaded>
  /** For commands that need only a project's name: the project as well where there is a file. Throws UserError where there is neither. */
  target(wishes?: Partial<LoadOptions>): Promise<Target>
  engine(): Promise<LiveEngine>
  /** A `COMPOSE_*` or `DOCKER_*` variable: of the process, else of `.env`. */
  setting(name: string): Promise<string | undefined>
  /** As `setting`, of a switch. */
  enabled(name: string): Promise<boolean>
  /** Asks whoever sits there; `yes` answers for them. No where nobody does. */
  asking(yes: boolean): NonNullable<ActionOptions['ask']>
  /** What every action that changes the world takes. From then on the first Ctrl-C only asks it to end in order. */
  actions(options?: { readonly yes?: boolean }): Promise<ActionOptions>
  readonly emit: Emit
  /** Aborts at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  /** Aborts at the second one, for a command that asks; without asking, the second one ends the process. */
  force(): AbortSignal
  /**
   * From then on signals are a container's: each one is handed on and interrupts nothing here, but for the third that asks for an
   * end, since the container may not listen.
   */
  handOn(take: (signal: NodeJS.Signals) => void): void
  /** A line at the bottom of the terminal; "" takes it away. */
  footer(text: string): void
  /** Leaves what is drawn where it is: the terminal is a container's from then on. */
  settle(): void
  /** Writes a result to standard output; on a terminal, text loses what that would obey, but for colours. */
  print(text: string | Uint8Array): void
  /** What is drawn and coloured where. */
  readonly look: Look
  /** How lines of containers are to look; before the first event. */
  logs(style: NonNullable<ScreenOptions['logs']>): void
  /** Tells no longer how far pulling is, or what building prints. */
  mute(what: 'pull' | 'build'): void
  /** Undefined while the outputs keep up with what was emitted. */
  ready(): Promise<void> | undefined
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

export type Environment = Readonly<Record<string, string | undefined>>

export interface Target {
  readonly name: string
  readonly loaded?: Loaded
}

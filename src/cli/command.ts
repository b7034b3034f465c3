import type { App } from './app.ts'
import type { Flag } from './flag.ts'

/** A command is its flags and what it does with them. Name, group, summary and example are in `commands.ts`, which help reads. */
export interface Command<F extends Flags = Flags> {
  /** The operands as usage shows them: `[SERVICE...]`, `SERVICE COMMAND [ARGS...]`. Without it there are none. */
  readonly operands?: string
  /** Named as they are typed, without the dashes: `'no-deps'`. */
  readonly flags: F
  /** Everything after the first operand is an operand, as in `exec web ls -l`. */
  readonly passthrough?: boolean
  /** Gives the exit code where it is not 0. */
  run(input: {
    readonly flags: Values<F>
    readonly operands: readonly string[]
    readonly app: App
  }): Promise<number | void>
}

export type Flags = Readonly<Record<string, Flag<unknown>>>
export type Values<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never }

export const command = <const F extends Flags>(definition: Command<F>): Command<F> => definition

import type { LiveEngine } from '../../engine/live.ts'
import type { Loaded } from '../../load/load.ts'
import { nowhere } from '../../text/origin.ts'
import type { Stage } from '../event.ts'
import { restart, scale, start, stop } from '../lifecycle.ts'
import type { ActionOptions } from '../options.ts'
import { type PlanOptions, planUp } from '../plan-up.ts'
import { up } from '../up.ts'
import { why } from '../why/why.ts'
import type { Command } from './commands.ts'

/** What changes something, or plans it. */
export type Planned = Exclude<Command, { readonly verb: 'exec' | 'open' }>

export interface CommandOptions extends ActionOptions {
  readonly engine: LiveEngine
  /** Reads the compose files anew, since they may have changed; undefined where there are none. Throws UserError. */
  readonly load: (services: readonly string[]) => Promise<Loaded | undefined>
  /** What `up` is told by the environment. */
  readonly wishes: Omit<PlanOptions, 'origin'>
}

/** Does what the command line of the same words does, and gives the plan where that was asked for; causes that were asked for are emitted. */
export async function runCommand(
  name: string,
  command: Planned,
  { load, wishes, ...options }: CommandOptions,
): Promise<readonly Stage[] | undefined> {
  const services = 'service' in command ? [command.service] : []
  const loaded = await load(services)
  if (command.verb === 'start' || command.verb === 'stop' || command.verb === 'restart') {
    await { start, stop, restart }[command.verb](name, loaded?.project, { ...options, services })
    return undefined
  }
  if (command.verb === 'why') {
    const { engine, signal, emit } = options
    const origin = loaded?.origin ?? nowhere
    for (const finding of await why(name, loaded?.project, { engine, services, origin, signal }))
      emit({ type: 'finding', finding })
    return undefined
  }
  // The keys for these are none without a file.
  if (!loaded) return undefined
  const { project, origin } = loaded
  switch (command.verb) {
    case 'plan':
      return planUp(project, { ...options, ...wishes, origin })
    case 'bring-up':
    case 'apply':
      await up(project, { ...options, ...wishes, services, origin })
      return undefined
    case 'rebuild':
      await up(project, { ...options, ...wishes, services, origin, build: true })
      return undefined
    case 'scale':
      await scale(project, { [command.service]: command.number }, { ...options, origin })
      return undefined
  }
}

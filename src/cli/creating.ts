import type { PlanOptions } from '../actions/plan-up.ts'
import { userError } from '../text/problem.ts'
import type { App } from './app.ts'
import type { Values } from './command.ts'
import { flag } from './flag.ts'
import { lockedFlag } from './locked.ts'

/** What `up`, `create` and `plan` share. */
export const createFlags = {
  ...lockedFlag,
  build: flag.boolean('Build images even where they are there'),
  'force-recreate': flag.boolean('Replace containers even where nothing has changed'),
  'no-build': flag.boolean('Never build'),
  'no-recreate': flag.boolean('Leave containers that exist as they are'),
  pull: flag.choice('When to pull images, instead of each service’s pull_policy', pulls(), {
    complain: word => `invalid --pull option "${word}"`,
  }),
  'quiet-build': flag.boolean('Do not show what building prints'),
  'quiet-pull': flag.boolean('Do not show how far pulling is'),
  'remove-orphans': flag.given('Remove containers of services that the file no longer has'),
  scale: flag.list('Run this many containers of a service', 'SERVICE=NUM'),
  y: flag.boolean('Old spelling of --yes', { hidden: true }),
  yes: flag.boolean('Answer every question with yes', { short: 'y' }),
}

function pulls() {
  return ['always', 'missing', 'never', 'build', 'if_not_present', 'policy'] as const
}

/** The flags as options; the environment decides what they leave open. Throws UserError for flags that exclude each other. */
export async function createOptions(
  flags: Values<typeof createFlags>,
  services: readonly string[],
  app: App,
): Promise<Omit<PlanOptions, 'origin'>> {
  if (flags.build && flags['no-build']) throw userError('flags-clash', '--build and --no-build are incompatible')
  if (flags['force-recreate'] && flags['no-recreate'])
    throw userError('flags-clash', '--force-recreate and --no-recreate are incompatible')
  const removeOrphans = flags['remove-orphans'] ?? (await app.enabled('COMPOSE_REMOVE_ORPHANS'))
  if (removeOrphans && (await app.enabled('COMPOSE_IGNORE_ORPHANS')))
    throw userError('flags-clash', 'cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans')
  if (flags['quiet-pull']) app.mute('pull')
  if (flags['quiet-build']) app.mute('build')
  return {
    services,
    allResources: app.globals['all-resources'],
    scale: numbers(flags.scale, entry => `invalid --scale option "${entry}". Should be SERVICE=NUM`),
    recreate: flags['force-recreate'] ? 'always' : flags['no-recreate'] ? 'never' : 'changed',
    removeOrphans,
    build: flags.build,
    noBuild: flags['no-build'],
    ...(flags.pull !== undefined && { pull: flags.pull }),
  }
}

/** `web=3` for each. Throws UserError with what `complain` makes of the entry. */
export function numbers(
  entries: readonly string[],
  complain: (entry: string) => string,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    entries.map(entry => {
      const [, service, number] = /^([^=]+)=(\d{1,9})$/.exec(entry) ?? []
      if (service === undefined) throw userError('bad-scale', complain(entry), 'write SERVICE=NUM, for example "web=3"')
      return [service, Number(number)]
    }),
  )
}

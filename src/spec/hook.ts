import type { Hook } from '../model/project.ts'
import { hookCommand } from './argv.ts'
import { list } from './list.ts'
import { environment } from './mapping.ts'
import { said } from './number.ts'
import { record } from './record.ts'
import { flag, text } from './scalar.ts'
import type { Shape } from './shape.ts'

/** Docker compose writes the command even where there is none. */
function withCommand(shape: Shape<Hook>): Shape<Hook> {
  return { ...shape, encode: hook => ({ command: null, ...(shape.encode(hook) as object) }) }
}

const afterwards = {
  command: hookCommand,
  user: text,
  privileged: flag,
  working_dir: text,
  environment,
}

type Afterwards = Pick<Hook, keyof typeof afterwards>

/** A command run in a container that runs: `post_start`, `pre_stop`, `exec` of a watch rule. */
export const hook: Shape<Hook> = withCommand(record<Afterwards>(afterwards, { required: ['command'] }))

export const hooks: Shape<readonly Hook[]> = list(hook, { expects: 'a list of hooks' })

/** Containers run before the service's own. */
export const startHooks: Shape<readonly Hook[]> = list(
  withCommand(
    record<Hook>({
      command: hookCommand,
      image: text,
      user: text,
      privileged: flag,
      working_dir: text,
      environment,
      per_replica: said(flag),
    }),
  ),
  { expects: 'a list of hooks' },
)

import type { Engine } from '../engine/engine.ts'
import { userError } from '../text/problem.ts'
import { membersOf } from './members.ts'

export interface EndedOptions {
  readonly engine: Pick<Engine, 'listContainers' | 'waitContainer'>
  readonly services: readonly string[]
  readonly signal: AbortSignal
  /** Called for each container as it ends; its promise is waited for. */
  readonly ended: (container: {
    readonly id: string
    readonly name: string
    readonly code: number
  }) => Promise<void> | void
}

/**
 * Waits until the running containers of services have ended, those of `run` as well. Gives the exit code of the last one.
 * Throws UserError where none runs.
 */
export async function untilEnded(project: string, { engine, services, signal, ended }: EndedOptions): Promise<number> {
  const members = await membersOf(engine, project, { all: false })
  const chosen = members.filter(m => services.length === 0 || services.includes(m.service))
  if (chosen.length === 0)
    throw userError(
      'no-container',
      `no containers for project "${project}"`,
      'only containers that run can be waited for',
    )
  let last = 0
  await Promise.all(
    chosen.map(async ({ id, name }) => {
      const code = await engine.waitContainer(id, { signal })
      last = code
      await ended({ id, name, code })
    }),
  )
  return last
}

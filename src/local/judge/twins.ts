import type { Engine } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import { LABEL } from '../../model/names.ts'

type Dropping = Pick<Engine, 'listNetworks' | 'listContainers' | 'removeNetwork'>

interface Twin {
  readonly id: string
  readonly created: number
}

/**
 * Networks of one name, the one that stays first: that which containers are on, else the oldest. Docker before 25 makes a
 * second one where somebody was just making it, an interrupted run say, and then starts nothing that names it.
 */
export function olderFirst<T extends Twin>(twins: readonly T[], used: ReadonlySet<string>): readonly T[] {
  const rank = ({ id }: T) => (used.has(id) ? 0 : 1)
  return twins.toSorted((a, b) => rank(a) - rank(b) || a.created - b.created || (a.id < b.id ? -1 : 1))
}

/** Runs what names networks; where a project's network turns out to be there twice, removes one of the two and runs it again. */
export async function withoutTwins<T>(engine: Dropping, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const name = isEngineError(error) && /network (\S+) is ambiguous/.exec(error.message)?.[1]
    if (!name || !(await dropTwins(engine, name))) throw error
    return run()
  }
}

/** Whether there were any. Networks that are not all of one project stay. */
async function dropTwins(engine: Dropping, name: string): Promise<boolean> {
  const twins = (await engine.listNetworks()).filter(n => n.name === name)
  const [project, ...others] = new Set(twins.map(({ labels }) => labels[LABEL.project]))
  if (project === undefined || others.length > 0) return false
  const containers = await engine.listContainers({ project, all: true })
  const used = new Set(containers.flatMap(c => c.networks.map(n => n.id)))
  for (const { id } of olderFirst(twins, used).slice(1))
    await engine.removeNetwork(id).catch((error: unknown) => {
      // Somebody else does the same at this moment.
      if (!isEngineError(error, 'not-found')) throw error
    })
  return true
}

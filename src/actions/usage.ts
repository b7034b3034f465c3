import type { LiveEngine, StatsSample } from '../engine/live.ts'
import type { Project } from '../model/project.ts'
import { checkServices, membersOf } from './members.ts'

export interface UsageOptions {
  readonly engine: Pick<LiveEngine, 'listContainers' | 'stats'>
  readonly signal: AbortSignal
  /** All without it. */
  readonly services?: readonly string[]
  /** Also containers that do not run, and use nothing. */
  readonly all?: boolean
  /** A sample about every second, as long as one of them runs; one without it. */
  readonly follow?: boolean
  /** Called whenever something is known anew: all containers, with the last sample of each. */
  readonly told: (usage: readonly Usage[]) => void
}

export interface Usage {
  readonly id: string
  readonly name: string
  /** Undefined of what does not run, or has said nothing yet. */
  readonly sample: StatsSample | undefined
}

/** Tells what a project's containers use. Throws UserError for unknown services. */
export async function usage(
  name: string,
  project: Project | undefined,
  { engine, signal, services = [], all = false, follow = false, told }: UsageOptions,
): Promise<void> {
  const members = await membersOf(engine, name)
  checkServices(services, project, members)
  const chosen = members.filter(
    m =>
      (services.length === 0 || services.includes(m.service)) &&
      (all || m.summary.state === 'running' || m.summary.state === 'paused'),
  )
  const last = new Map<string, StatsSample>()
  const ended = new Set<string>()
  const known = () =>
    chosen.filter(m => all || !ended.has(m.id)).map(m => ({ id: m.id, name: m.name, sample: last.get(m.id) }))
  if (follow) told(known())
  await Promise.all(
    chosen.map(async ({ id }) => {
      for await (const sample of engine.stats(id, { follow, signal })) {
        last.set(id, sample)
        if (follow) told(known())
      }
      if (!follow) return
      last.delete(id)
      ended.add(id)
      told(known())
    }),
  )
  if (!follow) told(known())
}

import type { LiveEngine, StatsSample } from '../engine/live.ts'
import { membersOf } from './members.ts'

export interface UsageOptions {
  readonly engine: Pick<LiveEngine, 'listContainers' | 'stats'>
  readonly signal: AbortSignal
  /** All without it. */
  readonly services?: readonly string[]
  /** A sample about every second; one without it. */
  readonly follow?: boolean
  /** Called whenever something is known anew: all containers, with the last sample of each. */
  readonly told: (usage: readonly Usage[]) => void
}

export interface Usage {
  readonly id: string
  readonly name: string
  readonly sample: StatsSample | undefined
}

/** Tells what a project's running containers use. */
export async function usage(
  project: string,
  { engine, signal, services = [], follow = false, told }: UsageOptions,
): Promise<void> {
  const members = await membersOf(engine, project, { all: false })
  const chosen = members.filter(m => services.length === 0 || services.includes(m.service))
  const last = new Map<string, StatsSample>()
  const all = () => chosen.map(({ id, name }) => ({ id, name, sample: last.get(id) }))
  await Promise.all(
    chosen.map(async ({ id }) => {
      for await (const sample of engine.stats(id, { follow, signal })) {
        last.set(id, sample)
        if (follow) told(all())
      }
    }),
  )
  if (!follow) told(all())
}

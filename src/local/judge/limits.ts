import type { LiveSpec, ResourceSpec } from '../../engine/engine.ts'

/** A limit that an engine can change on a live container: its attribute, by the name that services have for it, and the engine's. */
export interface Limit {
  readonly path: string
  readonly key: Extract<keyof ResourceSpec, keyof LiveSpec>
}

export const limits: readonly Limit[] = [
  { path: 'mem_limit', key: 'memory' },
  { path: 'mem_reservation', key: 'memory_reservation' },
  { path: 'memswap_limit', key: 'memory_swap' },
  { path: 'cpus', key: 'nano_cpus' },
  { path: 'cpu_shares', key: 'cpu_shares' },
  { path: 'cpu_quota', key: 'cpu_quota' },
  { path: 'cpu_period', key: 'cpu_period' },
  { path: 'cpuset', key: 'cpuset_cpus' },
  { path: 'pids_limit', key: 'pids_limit' },
]

const keys: ReadonlyMap<string, Limit['key']> = new Map([
  ...limits.map(({ path, key }) => [path, key] as const),
  ['deploy.resources.limits.memory', 'memory'],
  ['deploy.resources.limits.cpus', 'nano_cpus'],
  ['deploy.resources.limits.pids', 'pids_limit'],
  ['deploy.resources.reservations.memory', 'memory_reservation'],
])

/** The engine's name for the limit that an attribute sets, under either of its names; undefined where it sets none. */
export const limitOf = (path: string): Limit['key'] | undefined => keys.get(path)

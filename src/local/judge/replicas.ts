import { LABEL } from '../../model/names.ts'
import type { DesiredService } from '../desired.ts'
import type { Observed, ObservedContainer } from '../observe.ts'

/** What is there of one replica: usually `main` alone; `made` are new containers that an interrupted run left half-way. */
export interface Replica {
  readonly number: number
  readonly main: ObservedContainer | undefined
  readonly made: readonly ObservedContainer[]
  /** Others of the same number. */
  readonly extra: readonly ObservedContainer[]
}

/** A service's containers by replica, lowest number first. */
export function replicasOf(
  service: Pick<DesiredService, 'name' | 'containerName'>,
  observed: Observed,
): readonly Replica[] {
  const mine = observed.containers.filter(c => c.kind === 'replica' && c.service === service.name)
  const byNumber = Map.groupBy(mine, c => c.number)
  return [...byNumber.keys()]
    .toSorted((a, b) => a - b)
    .map(number => {
      const final = service.containerName(number)
      const all = byNumber.get(number)!
      const made = all.filter(c => isReplacement(c, final, observed))
      const mains = all.filter(c => !made.includes(c))
      const main = mains.find(c => c.name === final) ?? mains[0]
      return { number, main, made, extra: mains.filter(c => c !== main) }
    })
}

/**
 * Whether a container has the name that a new one bears until it takes its predecessor's place: `<12 hex>_<name>`.
 * The pattern alone would also fit a `container_name` that somebody chose.
 */
function isReplacement(c: ObservedContainer, final: string, observed: Observed): boolean {
  const [, id, rest] = /^([0-9a-f]{12})_(.+)$/.exec(c.name) ?? []
  if (id === undefined || c.name === final) return false
  return rest === final || LABEL.replace in c.labels || observed.containers.some(o => o !== c && o.id.startsWith(id))
}

/** The container of another service that a service borrows a namespace or volumes from: its first. */
export function parentIn(observed: Observed): (service: string) => string | undefined {
  return service => {
    const all = observed.containers.filter(c => c.kind === 'replica' && c.service === service)
    return (all.find(c => !/^[0-9a-f]{12}_/.test(c.name)) ?? all[0])?.id
  }
}

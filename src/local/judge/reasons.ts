import type { Feature } from '../../engine/engine.ts'
import { shown } from '../../model/secrets.ts'
import type { Reason } from '../../plan/plan.ts'
import type { Origin } from '../../text/origin.ts'
import { changedAttributes } from '../attributes.ts'
import type { DesiredService } from '../desired.ts'
import type { ObservedContainer } from '../observe.ts'
import type { Difference } from './live-settings.ts'
import { isInPlace, shownAt, unlike } from './unlike.ts'

/** Why something is to change, for machines; `ui` has a sentence for each. */
export type ReasonCode =
  | 'missing'
  | 'changed'
  | 'forced'
  | 'orphan'
  | 'scaled-down'
  | 'leftover'
  | 'undone'
  | 'duplicate'
  | 'twin'
  | 'created'
  | 'exited'
  | 'dead'
  | 'stuck'
  | 'detached'
  | 'drifted'
  | 'renamed'
  | 'parent-replaced'
  | 'parent-started'
  | 'dependency-replaced'
  | 'network-recreated'
  | 'volume-recreated'
  | 'if-changed'
  | 'data-goes'
  | 'asked'

export function reason(code: ReasonCode, more: Omit<Reason, 'code'> = {}): Reason {
  return { code, ...more }
}

/**
 * Each attribute in which a container is not what its service asks for, with both values where they are known: what our
 * label says to have changed, and what the live container shows to be otherwise, though no label says so.
 */
export function differences(
  container: ObservedContainer,
  service: DesiredService,
  origin: Origin,
  features: ReadonlySet<Feature>,
): Reason[] {
  const { labels, detail, number } = container
  const tellsSettings = features.has('tells-settings')
  const live = detail ? unlike(service, number, detail, features) : []
  const as = (code: ReasonCode) => (difference: Difference) => differing(code, difference, service, origin)
  const paths = changedAttributes(labels['dev.gantry.attributes'], service.attributes)
  const sameHash = service.hasHash(container.hash)
  if (paths === undefined && !sameHash) {
    if (live.length > 0) return live.map(as('changed'))
    return tellsSettings && detail && isVisible(service) ? [] : [as('changed')({ path: 'config' })]
  }
  // With equal hashes only content, which is in no hash, can differ: what our label says besides may be of an older form.
  const isContent = (path: string) => path.startsWith('configs.') || path.startsWith('secrets.')
  const changed = (paths ?? [])
    .filter(path => !sameHash || isContent(path))
    .flatMap(path => {
      const parts = live.filter(d => isWithin(d.path, path) || isWithin(path, d.path))
      return parts.length > 0 ? parts : [shownAt(path, service, detail)]
    })
  const told = new Map(changed.map(difference => [difference.path, difference]))
  const drifted = tellsSettings ? live.filter(({ path }) => !told.has(path) && !isInPlace(path)) : []
  return [...[...told.values()].map(as('changed')), ...drifted.map(as('drifted'))]
}

const isWithin = (path: string, around: string) => path === around || path.startsWith(`${around}.`)

/** Whether all that reaches a container of the service can be seen on it. */
function isVisible({ model, files }: DesiredService): boolean {
  const hidden = [files, model.links, model.external_links, model.gpus, model.deploy?.resources?.reservations?.devices]
  return hidden.every(all => !all?.length)
}

/** Where a service's attribute was written, for a path as our label has it: keys may contain dots. */
export function placeOf(origin: Origin, service: string, path: string): Pick<Reason, 'at'> {
  const [first = '', ...rest] = path.split('.')
  const keys = /^(environment|labels|annotations|sysctls|extra_hosts|storage_opt|tmpfs|volumes)$/.test(first)
    ? [first, rest.join('.')]
    : [first, ...rest]
  const at =
    first === 'configs' || first === 'secrets'
      ? origin.at(rest.length ? [first, rest.join('.')] : ['services', service, first])
      : origin.at(['services', service, ...keys.filter(k => k !== '')])
  return at ? { at } : {}
}

function differing(code: ReasonCode, { path, from, to }: Difference, service: DesiredService, origin: Origin): Reason {
  const name = path.slice(path.indexOf('.') + 1)
  return reason(code, {
    path,
    ...(from !== undefined && { from: shown(name, from) }),
    ...(to !== undefined && { to: shown(name, to) }),
    ...placeOf(origin, service.name, path),
  })
}

import { shown } from '../model/secrets.ts'
import type { Reason } from '../plan/plan.ts'
import type { Origin } from '../text/origin.ts'
import type { DesiredService } from './desired.ts'
import { changedAttributes } from './attributes.ts'
import { declaredValue, liveValue, visiblyOther } from './shown-values.ts'
import type { ObservedContainer } from './observe.ts'

/** Why something is to change, for machines; `ui` has a sentence for each. */
export type ReasonCode =
  | 'missing'
  | 'changed'
  | 'forced'
  | 'orphan'
  | 'scaled-down'
  | 'leftover'
  | 'duplicate'
  | 'created'
  | 'exited'
  | 'dead'
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

/** Each attribute in which a container is not what its service asks for, with both values where they are known. */
export function differences(container: ObservedContainer, service: DesiredService, origin: Origin): Reason[] {
  const { labels } = container
  const paths = changedAttributes(labels['dev.gantry.attributes'], service.attributes)
  const sameHash = service.hasHash(container.hash)
  if (paths === undefined) return sameHash ? [] : withoutLabel(container, service, origin)
  // With equal hashes only content, which is in no hash, can differ: what our label says besides may be of an older form.
  const told = sameHash ? paths.filter(p => p.startsWith('configs.') || p.startsWith('secrets.')) : paths
  return told.map(path => changed(path, container, service, origin))
}

/** What can be told of a container that has no label of ours: what it shows otherwise than declared, else only that something changed. */
function withoutLabel(container: ObservedContainer, service: DesiredService, origin: Origin): Reason[] {
  const paths = container.detail ? visiblyOther(service, container.detail) : []
  return (paths.length > 0 ? paths : ['config']).map(path => changed(path, container, service, origin))
}

/** Where a service's attribute was written, for a path as our label has it: keys may contain dots. */
export function placeOf(origin: Origin, service: string, path: string): Pick<Reason, 'at'> {
  const [first = '', ...rest] = path.split('.')
  const keys = /^(environment|labels|annotations|sysctls|extra_hosts|storage_opt)$/.test(first)
    ? [first, rest.join('.')]
    : [first, ...rest]
  const at =
    first === 'configs' || first === 'secrets'
      ? origin.at(rest.length ? [first, rest.join('.')] : ['services', service, first])
      : origin.at(['services', service, ...keys.filter(k => k !== '')])
  return at ? { at } : {}
}

function changed(path: string, container: ObservedContainer, service: DesiredService, origin: Origin): Reason {
  const from = container.detail && liveValue(path, container.detail)
  const to = declaredValue(path, service.model)
  const name = path.slice(path.indexOf('.') + 1)
  return reason('changed', {
    path,
    ...(from !== undefined && { from: shown(name, from) }),
    ...(to !== undefined && { to: shown(name, to) }),
    ...placeOf(origin, service.name, path),
  })
}

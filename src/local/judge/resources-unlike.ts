import type { NetworkDetail, NetworkSpec, VolumeDetail, VolumeSpec } from '../../engine/engine.ts'
import { shown } from '../../model/secrets.ts'
import type { Difference } from './live-settings.ts'

/** What of a network is not as declared: the attributes that only a new one takes. */
export function networkUnlike(spec: NetworkSpec, live: NetworkDetail): Difference[] {
  const subnets = ({ ipam }: NetworkSpec) => (ipam?.config ?? []).flatMap(c => c.subnet ?? []).join(' ')
  const gateways = ({ ipam }: NetworkSpec) => (ipam?.config ?? []).flatMap(c => c.gateway ?? []).join(' ')
  return [
    ...either('driver', spec.driver, live.driver),
    ...either('ipam.subnet', subnets(spec), subnets(live)),
    ...either('ipam.gateway', gateways(spec), gateways(live)),
    ...flag('internal', spec.internal, live.internal),
    ...flag('attachable', spec.attachable, live.attachable),
    ...flag('enable_ipv6', spec.enable_ipv6, live.enable_ipv6),
    ...each('driver_opts', spec.driver_opts, live.driver_opts),
    ...each('labels', spec.labels, live.labels),
  ]
}

/** What of a volume is not as declared. */
export function volumeUnlike(spec: VolumeSpec, live: VolumeDetail): Difference[] {
  return [
    ...either('driver', spec.driver, live.driver),
    ...each('driver_opts', spec.driver_opts, live.driver_opts),
    ...each('labels', spec.labels, live.labels),
  ]
}

/** Where nobody says, engines choose. */
function either(path: string, to: string | undefined, from = ''): Difference[] {
  return !to || to === from ? [] : [{ path, ...(from !== '' && { from }), to }]
}

function flag(path: string, to = false, from = false): Difference[] {
  return to === from ? [] : [{ path, from: String(from), to: String(to) }]
}

/** What docker compose and we write beside what is declared, and what engines do. */
const OURS = /^(com\.docker\.compose|dev\.gantry)\./
const ENGINES = /^(com\.docker|dev\.gantry)\./

function each(
  path: string,
  to: Readonly<Record<string, string>> = {},
  from: Readonly<Record<string, string>> = {},
): Difference[] {
  return Object.keys({ ...from, ...to })
    .filter(key => to[key] !== from[key] && (key in to ? !OURS.test(key) : !ENGINES.test(key)))
    .map(key => ({
      path: `${path}.${key}`,
      ...(from[key] !== undefined && { from: shown(key, from[key]) }),
      ...(to[key] !== undefined && { to: shown(key, to[key]) }),
    }))
}

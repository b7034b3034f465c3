import { defined } from '../../base/defined.ts'
import { humanSize } from '../../base/units.ts'
import type {
  AttachedNetwork,
  ContainerDetail,
  ContainerSpec,
  ContainerUpdate,
  EndpointSpec,
  LiveSpec,
  ResourceSpec,
} from '../../engine/engine.ts'
import type { Reason } from '../../plan/plan.ts'
import { type Limit, limits } from './limits.ts'
import type { Difference } from './live-settings.ts'

/** What of a live container is not as declared, of what an engine can change in place: limits, restart policy, networks. */
export function drift(spec: ContainerSpec, live: ContainerDetail): readonly Reason[] {
  const drifted = driftedLimits(spec, live.spec).map(({ path, key }) => ({
    code: 'drifted',
    path,
    from: limitText(key, live.spec[key]),
    to: limitText(key, spec.resources![key]),
  }))
  const restart = { from: live.spec.restart, to: restartText(spec) }
  return [
    ...drifted,
    ...(restart.from === restart.to ? [] : [{ code: 'drifted', path: 'restart', ...restart }]),
    ...driftedEndpoints(spec, live).flatMap(endpoint =>
      endpointUnlike(endpoint, live).map(({ path, ...values }) => ({
        code: 'drifted',
        path: `networks.${endpoint.network}.${path}`,
        ...values,
      })),
    ),
  ]
}

/** What to ask of the engine so that limits and restart policy are as declared; undefined where they are. */
export function inPlace(spec: ContainerSpec, live: ContainerDetail): ContainerUpdate | undefined {
  const drifted = driftedLimits(spec, live.spec)
  const values: ResourceSpec = Object.fromEntries(drifted.map(({ key }) => [key, spec.resources![key]]))
  // An engine refuses memory above swap; where no swap is declared, twice the memory is what it gives a new container.
  const swap = values.memory === undefined ? undefined : (spec.resources?.memory_swap ?? 2 * values.memory)
  const resources = drifted.length === 0 ? undefined : { ...values, ...(swap !== undefined && { memory_swap: swap }) }
  const restart = live.spec.restart === restartText(spec) ? undefined : (spec.restart ?? { name: 'no' })
  return resources || restart ? defined({ resources, restart }) : undefined
}

/** The endpoints that are attached, but without an alias or an address, of either kind, that is declared: to be taken off and put back on. */
export function driftedEndpoints(spec: ContainerSpec, live: ContainerDetail): readonly EndpointSpec[] {
  return (spec.networks ?? []).filter(endpoint => endpointUnlike(endpoint, live).length > 0)
}

/** In what an endpoint that is attached is not as declared; nothing of one that is not. */
export function endpointUnlike(endpoint: EndpointSpec, { networks }: ContainerDetail): readonly Difference[] {
  const attached = networks.find(network => network.name === endpoint.network)
  if (!attached) return []
  const { aliases = [], ipv4_address, ipv6_address, mac_address: mac } = endpoint
  const lacks = aliases.some(alias => !attached.aliases.includes(alias))
  return [
    ...(lacks ? [difference('aliases', named(attached), aliases.join(' '))] : []),
    ...(ipv4_address === attached.ipv4_address
      ? []
      : [difference('ipv4_address', attached.ipv4_address, ipv4_address)]),
    ...(ipv6_address === attached.ipv6_address
      ? []
      : [difference('ipv6_address', attached.ipv6_address, ipv6_address)]),
    ...(mac === undefined || isSameMac(mac, attached.mac) ? [] : [difference('mac_address', attached.mac, mac)]),
  ]
}

const difference = (path: string, from: string | undefined, to: string | undefined): Difference =>
  defined({ path, from, to })

/** Docker adds the beginning of the container's id by itself. */
const named = ({ aliases }: AttachedNetwork) => aliases.filter(a => !/^[0-9a-f]{12}$/.test(a)).join(' ') || undefined

/** A container that does not run may have none. */
const isSameMac = (wanted: string, live = wanted) =>
  wanted.toLowerCase().replaceAll('-', ':') === live.toLowerCase().replaceAll('-', ':')

/** Declared limits that are others live. What is not declared is not judged: engines choose, Podman for one 2048 processes. */
function driftedLimits({ resources }: ContainerSpec, live: LiveSpec): readonly Limit[] {
  return limits.filter(({ key }) => {
    const wanted = resources?.[key]
    if (wanted === undefined || wanted === live[key]) return false
    // 0 and -1 are both "without end".
    return !(key === 'pids_limit' && Number(wanted) <= 0 && live.pids_limit <= 0)
  })
}

function limitText(key: Limit['key'], value: string | number | undefined): string {
  if (typeof value !== 'number') return value ?? ''
  if (key === 'nano_cpus') return String(value / 1e9)
  return key.startsWith('memory') ? humanSize(value) : String(value)
}

/** As the live container's is written: "on-failure:3". */
function restartText({ restart }: ContainerSpec): string {
  if (!restart) return 'no'
  return restart.maximum_retry_count ? `${restart.name}:${restart.maximum_retry_count}` : restart.name
}

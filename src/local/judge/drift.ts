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
    ...driftedEndpoints(spec, live).map(({ network }) => ({ code: 'drifted', path: `networks.${network}` })),
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
  return (spec.networks ?? []).filter(endpoint => {
    const attached = live.networks.find(network => network.name === endpoint.network)
    return attached !== undefined && !isAsDeclared(endpoint, attached)
  })
}

function isAsDeclared(endpoint: EndpointSpec, attached: AttachedNetwork): boolean {
  return (
    (endpoint.aliases ?? []).every(alias => attached.aliases.includes(alias)) &&
    endpoint.ipv4_address === attached.ipv4_address &&
    endpoint.ipv6_address === attached.ipv6_address &&
    (endpoint.mac_address === undefined || isSameMac(endpoint.mac_address, attached.mac))
  )
}

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

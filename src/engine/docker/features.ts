import type { EngineInfo, Feature } from '../engine.ts'

/** Below this nothing of ours was tried: Docker 19.03. */
export const MINIMUM_API = '1.40'
/** The newest API that we know: Docker 28.3 to 28.5. */
export const MAXIMUM_API = '1.51'

/** From which API version on an engine can do a thing, and what to call the thing where it cannot. */
export const FEATURES: Readonly<
  Record<Feature, { readonly api: string; readonly engine: string; readonly what: string }>
> = {
  update: { api: '1.22', engine: '1.10', what: 'changing a container in place' },
  'tells-settings': { api: '1.22', engine: '1.10', what: 'telling a container’s settings as they were asked for' },
  buildkit: { api: '1.39', engine: '18.09', what: 'building with BuildKit' },
  'build-contexts': { api: '1.42', engine: '23.0', what: '"additional_contexts" of a build' },
  'build-checks': { api: '1.46', engine: '27.0', what: 'checking a Dockerfile without building' },
  'build-limits': { api: '1.42', engine: '23.0', what: '"shm_size" and "ulimits" of a build with BuildKit' },
  'endpoints-at-create': { api: '1.44', engine: '25.0', what: 'several networks at creation' },
  'start-interval': { api: '1.44', engine: '25.0', what: '"start_interval" of a health check' },
  'endpoint-mac': { api: '1.44', engine: '25.0', what: 'a MAC address for each network' },
  annotations: { api: '1.43', engine: '24.0', what: '"annotations" of a container' },
  'recursive-bind': { api: '1.44', engine: '25.0', what: '"recursive" of a bind mount' },
  'enable-ipv4': { api: '1.48', engine: '28.0', what: '"enable_ipv4" of a network' },
  'volume-subpath': { api: '1.45', engine: '26.0', what: '"subpath" of a volume' },
  'image-mount': { api: '1.48', engine: '28.0', what: 'a mount of type "image"' },
  'gw-priority': { api: '1.48', engine: '28.0', what: '"gw_priority" of a network' },
  'interface-name': { api: '1.49', engine: '28.1', what: '"interface_name" of a network' },
}

/** What an engine is, as far as it matters to calls. */
export interface Identity {
  readonly flavour: EngineInfo['flavour']
  readonly version: string
  readonly apiVersion: string
}

/** Where an engine is not what its API version promises. Each was seen; the test of the port against that engine shows it again. */
interface Quirk {
  readonly flavour: EngineInfo['flavour']
  /** Engines from this version on do not have it any more. */
  readonly before?: string
  readonly lacks?: readonly Feature[]
  /** The event stream of the past is empty or unreliable: `since` is not asked for. */
  readonly noPastEvents?: true
  /** Following a log ends before what the container said last. */
  readonly cutsFollowedLogs?: true
  /** A network in use is removed when it is named by its id. */
  readonly removesUsedNetworksById?: true
  /** A container tells the names of its networks where their ids should stand. */
  readonly networkIdsAreNames?: true
  readonly why: string
}

const QUIRKS: readonly Quirk[] = [
  { flavour: 'podman', before: '5.0', lacks: ['update'], why: 'POST /containers/ID/update answers 404 (4.3.1)' },
  {
    flavour: 'podman',
    lacks: ['tells-settings'],
    why: 'names of images and capabilities are others, limits are added (4.3.1, 5.8.6)',
  },
  {
    flavour: 'podman',
    lacks: ['buildkit', 'build-contexts', 'build-limits', 'build-checks'],
    why: '/session answers 404; buildah builds (4.3.1, 5.8.6)',
  },
  { flavour: 'podman', lacks: ['start-interval'], why: 'dropped silently (5.8.6)' },
  { flavour: 'podman', lacks: ['volume-subpath'], why: 'dropped silently, the whole volume is mounted (5.8.6)' },
  {
    flavour: 'docker',
    before: '23.0',
    cutsFollowedLogs: true,
    why: 'logs?follow=1 ends at once when the container does (20.10.24)',
  },
  {
    flavour: 'podman',
    removesUsedNetworksById: true,
    why: 'DELETE /networks/ID answers 204 though containers use it; by name 500 (4.3.1, 5.8.6)',
  },
  {
    flavour: 'podman',
    before: '5.0',
    networkIdsAreNames: true,
    why: 'NetworkSettings.Networks.*.NetworkID is the name (4.3.1)',
  },
  { flavour: 'podman', noPastEvents: true, why: '/events?since= gives nothing of the past (4.3.1, 5.8.6)' },
]

/** What this engine can do. DOCKER_BUILDKIT=0 is how docker's users turn BuildKit off; an engine of Windows has none. */
export function featuresOf(
  identity: Identity,
  {
    env = {},
    os = 'linux',
  }: { readonly env?: Readonly<Record<string, string | undefined>>; readonly os?: string } = {},
): ReadonlySet<Feature> {
  const lacking = new Set(quirksOf(identity).flatMap(q => q.lacks ?? []))
  const off = os === 'windows' || /^(0|f|false)$/i.test(env['DOCKER_BUILDKIT'] ?? '')
  if (off)
    for (const feature of ['buildkit', 'build-contexts', 'build-limits', 'build-checks'] as const) lacking.add(feature)
  const has = (feature: Feature) => !isBefore(identity.apiVersion, FEATURES[feature].api) && !lacking.has(feature)
  return new Set((Object.keys(FEATURES) as Feature[]).filter(has))
}

/** Whether events of the moment before the stream was opened may be asked for. */
export function tellsPastEvents(identity: Identity): boolean {
  return !quirksOf(identity).some(q => q.noPastEvents)
}

/** Whether a network is safe from being removed under its containers only where it is named. */
export function removesUsedNetworksById(identity: Identity): boolean {
  return quirksOf(identity).some(q => q.removesUsedNetworksById)
}

/** Whether the ids of a container's networks must be asked for apart. */
export function networkIdsAreNames(identity: Identity): boolean {
  return quirksOf(identity).some(q => q.networkIdsAreNames)
}

/** Whether a followed log is whole. */
export function followsToTheEnd(identity: Identity): boolean {
  return !quirksOf(identity).some(q => q.cutsFollowedLogs)
}

/** Whether the answer's Content-Type tells a terminal's raw stream from a multiplexed one: API 1.42, Docker 23. */
export function tellsStreamType(identity: Identity): boolean {
  return identity.flavour === 'docker' && !isBefore(identity.apiVersion, '1.42')
}

/** "1.9" is before "1.40". */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [version, other].map(v => v.split('.').map(part => Number.parseInt(part, 10) || 0))
  for (let i = 0; i < Math.max(a!.length, b!.length); i++) {
    const difference = (a![i] ?? 0) - (b![i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

function quirksOf({ flavour, version }: Identity): readonly Quirk[] {
  return QUIRKS.filter(q => q.flavour === flavour && (q.before === undefined || isBefore(version, q.before)))
}

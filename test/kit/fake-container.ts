import { randomBytes } from 'node:crypto'
import type {
  AttachedNetwork,
  ContainerDetail,
  ContainerSpec,
  ContainerState,
  ContainerSummary,
  EndpointSpec,
  HealthcheckSpec,
  ImageDetail,
  LiveMount,
  LogChunk,
  PublishedPort,
} from '../../src/engine/engine.ts'

/** What a container's process does once started; without any, it runs until it is stopped. */
export interface Behaviour {
  /** Ends by itself with this code. */
  readonly exits?: number
  /** What its health check finds, one after another; "healthy" where it has a check and nothing is said. */
  readonly health?: readonly ('healthy' | 'unhealthy')[]
  /** Lines written to standard output at each start. */
  readonly says?: readonly string[]
  /** Written to standard output at each start, as it is. */
  readonly writes?: string
  /** What a command run in it ends with; 0 without it. */
  readonly runs?: (command: readonly string[]) => number
  /** The engine refuses to start it, with these words. */
  readonly refuses?: string
}

/** A container as the fake keeps it. */
export interface FakeContainer {
  readonly id: string
  name: string
  spec: ContainerSpec
  readonly image: ImageDetail
  readonly created: number
  state: ContainerState
  exitCode: number
  error: string
  startedAt: number
  finishedAt: number
  restarts: number
  health?: {
    status: 'starting' | 'healthy' | 'unhealthy'
    streak: number
    log: { start: number; end: number; exitCode: number; output: string }[]
  }
  /** By network id: what was asked for, and whether there is an endpoint now. */
  readonly networks: Map<string, { readonly name: string; readonly endpoint: EndpointSpec; ip: string }>
  readonly mounts: readonly LiveMount[]
  ports: PublishedPort[]
  /** `at` in milliseconds. */
  readonly output: (LogChunk & { readonly at: number })[]
}

export const hexId = (): string => randomBytes(32).toString('hex')

export function healthcheckOf(c: Pick<FakeContainer, 'spec' | 'image'>): HealthcheckSpec | undefined {
  const { healthcheck } = c.spec
  if (healthcheck?.test?.[0] === 'NONE') return undefined
  if (healthcheck) return healthcheck
  return c.image.hasHealthcheck ? { test: ['CMD', 'check'] } : undefined
}

/** Mounts as the engine reports them: names of volumes resolved, anonymous ones named. */
export function mountsOf(spec: ContainerSpec, image: ImageDetail, from: readonly LiveMount[]): LiveMount[] {
  const mounts = new Map<string, LiveMount>()
  const volume = (target: string, name: string, rw = true) =>
    mounts.set(target, {
      type: 'volume',
      name,
      source: `/var/lib/docker/volumes/${name}/_data`,
      target,
      driver: 'local',
      rw,
    })
  for (const target of image.volumes) volume(target, hexId())
  for (const m of from) mounts.set(m.target, m)
  for (const bind of spec.binds ?? []) {
    const [source = '', target = '', options = ''] = bind.split(':')
    const rw = !options.split(',').includes('ro')
    if (source.startsWith('/')) mounts.set(target, { type: 'bind', source, target, rw })
    else volume(target, source, rw)
  }
  for (const m of spec.mounts ?? []) {
    if (m.type === 'volume') volume(m.target, m.source || hexId(), !m.read_only)
    else if (m.type !== 'tmpfs')
      mounts.set(m.target, { type: m.type, source: m.source ?? '', target: m.target, rw: !m.read_only })
  }
  return [...mounts.values()]
}

export function attachedNetworks(c: FakeContainer): AttachedNetwork[] {
  return [...c.networks].map(([id, { name, endpoint, ip }]) => ({
    id,
    name,
    aliases: endpoint.aliases ?? [],
    ip,
    ...(endpoint.mac_address !== undefined && { mac: endpoint.mac_address }),
    ...(endpoint.ipv4_address !== undefined && { ipv4_address: endpoint.ipv4_address }),
    ...(endpoint.ipv6_address !== undefined && { ipv6_address: endpoint.ipv6_address }),
  }))
}

export function summary(c: FakeContainer): ContainerSummary {
  const health = c.health && ` (${c.health.status === 'starting' ? 'health: starting' : c.health.status})`
  const status = { created: 'Created', exited: `Exited (${c.exitCode}) 1 second ago` } as Record<string, string>
  return {
    id: c.id,
    name: c.name,
    image: c.spec.image,
    imageId: c.image.id,
    command: (c.spec.command ?? c.image.command ?? []).join(' '),
    created: c.created,
    state: c.state,
    status: status[c.state] ?? `Up 1 second${health ?? ''}`,
    labels: { ...c.image.labels, ...c.spec.labels },
    ports: c.ports,
    networks: attachedNetworks(c),
    mounts: c.mounts,
  }
}

export function detail(c: FakeContainer): ContainerDetail {
  const { spec, image } = c
  const healthcheck = healthcheckOf(c)
  const r = spec.resources ?? {}
  const restart = spec.restart
  return {
    id: c.id,
    name: c.name,
    created: c.created,
    imageId: image.id,
    state: c.state,
    pid: c.state === 'running' ? 4242 : 0,
    exitCode: c.exitCode,
    oomKilled: false,
    error: c.error,
    startedAt: c.startedAt,
    finishedAt: c.finishedAt,
    restartCount: c.restarts,
    ...(c.health && { health: { status: c.health.status, failingStreak: c.health.streak, log: c.health.log } }),
    tty: spec.tty ?? false,
    labels: { ...image.labels, ...spec.labels },
    networks: attachedNetworks(c),
    mounts: c.mounts,
    ports: c.ports,
    logDriver: spec.logging?.driver ?? 'json-file',
    spec: {
      image: spec.image,
      command: spec.command ?? image.command,
      entrypoint: spec.entrypoint ?? image.entrypoint,
      env: environment(spec.env ?? [], image.env),
      user: spec.user ?? image.user,
      working_dir: spec.working_dir ?? '',
      hostname: spec.hostname ?? c.id.slice(0, 12),
      stop_signal: spec.stop_signal ?? '',
      ...(spec.stop_timeout !== undefined && { stop_timeout: spec.stop_timeout }),
      ...(healthcheck && { healthcheck }),
      restart: restart ? restart.name + (restart.maximum_retry_count ? `:${restart.maximum_retry_count}` : '') : 'no',
      memory: r.memory ?? 0,
      memory_swap: r.memory_swap ?? (r.memory ? 2 * r.memory : 0),
      memory_reservation: r.memory_reservation ?? 0,
      nano_cpus: r.nano_cpus ?? 0,
      cpu_shares: r.cpu_shares ?? 0,
      cpu_quota: r.cpu_quota ?? 0,
      cpu_period: r.cpu_period ?? 0,
      cpuset_cpus: r.cpuset_cpus ?? '',
      pids_limit: r.pids_limit ?? 0,
      binds: spec.binds ?? [],
      network_mode: spec.network_mode ?? 'default',
      privileged: spec.privileged ?? false,
      read_only: spec.read_only ?? false,
      ...(spec.init !== undefined && { init: spec.init }),
      settings: { ...spec, resources: r },
    },
  }
}

/** The image's variables, overridden, or unset by a bare name, as the engine keeps them. */
function environment(own: readonly string[], inherited: readonly string[]): string[] {
  const nameOf = (entry: string) => entry.split('=')[0]!
  const named = new Set(own.map(nameOf))
  return [...own.filter(e => e.includes('=')), ...inherited.filter(e => !named.has(nameOf(e)))]
}

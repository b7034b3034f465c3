import { constants } from 'node:os'
import type {
  ContainerSummary as ApiContainerSummary,
  ContainerInspectResponse,
  EndpointSettings,
  HealthConfig,
  MountPoint,
  NetworkInspect,
  Volume,
} from '@docker/node-sdk'
import type {
  AttachedNetwork,
  ContainerDetail,
  ContainerState,
  ContainerSummary,
  HealthcheckSpec,
  HealthState,
  LiveMount,
  LiveSpec,
  NetworkDetail,
  NetworkEndpoint,
  PublishedPort,
  VolumeDetail,
} from '../engine.ts'
import { liveSettings } from './live-settings.ts'

export function containerSummary(c: ApiContainerSummary): ContainerSummary {
  const names = c.Names ?? []
  const id = c.Id ?? ''
  return {
    id,
    // The others are what containers that link to it call it: "/web/db".
    name: bare(names.find(name => name.lastIndexOf('/') <= 0) ?? names[0] ?? ''),
    image: c.Image ?? '',
    imageId: c.ImageID ?? '',
    command: c.Command ?? '',
    created: (c.Created ?? 0) * 1000,
    state: containerState(c.State),
    status: c.Status ?? '',
    labels: c.Labels ?? {},
    ports: (c.Ports ?? []).map(p => ({
      ip: hostIp(p.IP, p.PublicPort),
      target: p.PrivatePort,
      published: p.PublicPort ?? 0,
      protocol: p.Type,
    })),
    networks: attachedNetworks(c.NetworkSettings?.Networks, id),
    mounts: (c.Mounts ?? []).map(liveMount),
  }
}

export function containerDetail(c: ContainerInspectResponse): ContainerDetail {
  const id = c.Id ?? ''
  const state = c.State ?? {}
  const health = healthState(state)
  return {
    id,
    name: bare(c.Name ?? ''),
    created: time(c.Created),
    imageId: c.Image ?? '',
    state: containerState(state.Status),
    pid: state.Pid ?? 0,
    exitCode: state.ExitCode ?? 0,
    oomKilled: state.OOMKilled ?? false,
    error: state.Error ?? '',
    startedAt: time(state.StartedAt),
    finishedAt: time(state.FinishedAt),
    restartCount: c.RestartCount ?? 0,
    ...(health && { health }),
    tty: c.Config?.Tty ?? false,
    labels: c.Config?.Labels ?? {},
    networks: attachedNetworks(c.NetworkSettings?.Networks, id),
    mounts: (c.Mounts ?? []).map(liveMount),
    ports: livePorts(c.NetworkSettings?.Ports),
    logDriver: c.HostConfig?.LogConfig?.Type ?? '',
    spec: liveSpec(c),
  }
}

export function networkDetail(n: NetworkInspect): NetworkDetail {
  return {
    id: n.Id ?? '',
    name: n.Name ?? '',
    created: time(n.Created),
    scope: n.Scope ?? '',
    labels: n.Labels ?? {},
    ...(n.Driver !== undefined && { driver: n.Driver }),
    ...(n.Options && Object.keys(n.Options).length > 0 && { driver_opts: n.Options }),
    ...(n.IPAM && {
      ipam: {
        ...(n.IPAM.Driver !== undefined && { driver: n.IPAM.Driver }),
        ...(n.IPAM.Options && { options: n.IPAM.Options }),
        config: (n.IPAM.Config ?? []).map(pool => ({
          ...(pool.Subnet !== undefined && { subnet: pool.Subnet }),
          ...(pool.Gateway !== undefined && { gateway: pool.Gateway }),
          ...(pool.IPRange !== undefined && { ip_range: pool.IPRange }),
          ...(pool.AuxiliaryAddresses && { aux_addresses: pool.AuxiliaryAddresses }),
        })),
      },
    }),
    internal: n.Internal ?? false,
    attachable: n.Attachable ?? false,
    ...(n.EnableIPv4 !== undefined && { enable_ipv4: n.EnableIPv4 }),
    enable_ipv6: n.EnableIPv6 ?? false,
  }
}

/** Docker names an endpoint without a sandbox "ep-ID" in place of a container: one that is being left, or was left behind. */
export function endpointsOn({ Containers }: NetworkInspect): readonly NetworkEndpoint[] {
  return Object.entries(Containers ?? {}).map(([id, endpoint]) => ({
    ...(!id.startsWith('ep-') && { container: id }),
    name: endpoint.Name ?? '',
  }))
}

export function volumeDetail(v: Volume): VolumeDetail {
  return {
    name: v.Name,
    mountpoint: v.Mountpoint,
    driver: v.Driver,
    labels: v.Labels ?? {},
    ...(v.CreatedAt && { created: Date.parse(v.CreatedAt) }),
    ...(v.Options && Object.keys(v.Options).length > 0 && { driver_opts: v.Options }),
  }
}

/** A time of the engine's as milliseconds; 0 for Go's year 1, which is never. */
export function time(text: string | Date | null | undefined): number {
  return Math.max(0, Date.parse(String(text ?? '')) || 0)
}

/** Podman's own words beside Docker's (4.3.1: "stopped", "stopping"; libpod's "configured" and "initialized"). */
const STATES: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  configured: 'created',
  initialized: 'created',
  running: 'running',
  stopping: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  exited: 'exited',
  stopped: 'exited',
  dead: 'dead',
}

function containerState(word: string | undefined): ContainerState {
  return STATES[word?.toLowerCase() ?? ''] ?? 'dead'
}

function bare(name: string): string {
  return name.replace(/^\//, '')
}

/** Podman tells "" where a port is published on every address (containers/podman#17780). */
function hostIp(ip: string | undefined, published: number | undefined): string {
  return ip === undefined || ip === '' ? (published ? '0.0.0.0' : '') : ip
}

function livePorts(
  ports: NonNullable<ContainerInspectResponse['NetworkSettings']>['Ports'] = {},
): readonly PublishedPort[] {
  return Object.entries(ports ?? {}).flatMap(([port, bindings]) => {
    const [target, protocol = 'tcp'] = port.split('/')
    const exposed = { target: Number(target), protocol }
    if (!bindings || bindings.length === 0) return [{ ip: '', published: 0, ...exposed }]
    return bindings.map(b => ({ ip: hostIp(b.HostIp, 1), published: Number(b.HostPort), ...exposed }))
  })
}

function attachedNetworks(
  networks: Readonly<Record<string, EndpointSettings>> | undefined,
  id: string,
): readonly AttachedNetwork[] {
  return Object.entries(networks ?? {}).map(([name, n]) => ({
    name,
    id: n.NetworkID ?? '',
    // Engines before 25.0 and Podman add the container's short id of their own accord.
    aliases: (n.Aliases ?? []).filter(alias => alias !== id.slice(0, 12)),
    ip: n.IPAddress ?? '',
    ...(n.GlobalIPv6Address && { ip6: n.GlobalIPv6Address }),
    ...(n.MacAddress && { mac: n.MacAddress }),
    ...(n.IPAMConfig?.IPv4Address && { ipv4_address: n.IPAMConfig.IPv4Address }),
    ...(n.IPAMConfig?.IPv6Address && { ipv6_address: n.IPAMConfig.IPv6Address }),
  }))
}

function liveMount(m: MountPoint): LiveMount {
  return {
    type: m.Type ?? '',
    ...(m.Name && { name: m.Name }),
    source: m.Source ?? '',
    target: m.Destination ?? '',
    ...(m.Driver && { driver: m.Driver }),
    rw: m.RW ?? true,
  }
}

/** Podman tells it as "Healthcheck" too, and "" where there is no check (testcontainers-node, health-check.ts). */
function healthState(state: NonNullable<ContainerInspectResponse['State']>): HealthState | undefined {
  const health = state.Health ?? (state as { readonly Healthcheck?: typeof state.Health }).Healthcheck
  const status = health?.Status
  if (status !== 'starting' && status !== 'healthy' && status !== 'unhealthy') return undefined
  return {
    status,
    failingStreak: health?.FailingStreak ?? 0,
    log: (health?.Log ?? []).map(probe => ({
      start: time(probe.Start),
      end: time(probe.End),
      exitCode: probe.ExitCode ?? 0,
      output: probe.Output ?? '',
    })),
  }
}

function liveSpec(c: ContainerInspectResponse): LiveSpec {
  const config = c.Config ?? {}
  const host = c.HostConfig ?? {}
  const policy = host.RestartPolicy
  const retries = policy?.Name === 'on-failure' && policy.MaximumRetryCount ? `:${policy.MaximumRetryCount}` : ''
  return {
    image: config.Image ?? '',
    command: config.Cmd ?? null,
    entrypoint: config.Entrypoint ?? null,
    env: config.Env ?? [],
    user: config.User ?? '',
    working_dir: config.WorkingDir ?? '',
    hostname: config.Hostname ?? '',
    stop_signal: signalName(config.StopSignal ?? ''),
    ...(typeof config.StopTimeout === 'number' && { stop_timeout: config.StopTimeout * 1000 }),
    ...(config.Healthcheck && { healthcheck: healthcheckSpec(config.Healthcheck) }),
    restart: `${policy?.Name || 'no'}${retries}`,
    memory: host.Memory ?? 0,
    memory_swap: host.MemorySwap ?? 0,
    memory_reservation: host.MemoryReservation ?? 0,
    nano_cpus: host.NanoCpus ?? 0,
    cpu_shares: host.CpuShares ?? 0,
    cpu_quota: host.CpuQuota ?? 0,
    cpu_period: host.CpuPeriod ?? 0,
    cpuset_cpus: host.CpusetCpus ?? '',
    pids_limit: host.PidsLimit ?? 0,
    binds: host.Binds ?? [],
    network_mode: host.NetworkMode ?? '',
    privileged: host.Privileged ?? false,
    read_only: host.ReadonlyRootfs ?? false,
    ...(typeof host.Init === 'boolean' && { init: host.Init }),
    settings: liveSettings(config, host),
  }
}

/** Podman tells the number (4.3.1: "10"). */
function signalName(signal: string): string {
  const known = Object.entries(constants.signals).find(([, number]) => String(number) === signal)
  return known ? known[0] : signal
}

function healthcheckSpec(check: HealthConfig): HealthcheckSpec {
  const milliseconds = (nanoseconds: number | undefined) => (nanoseconds ? nanoseconds / 1e6 : undefined)
  const durations = {
    interval: milliseconds(check.Interval),
    timeout: milliseconds(check.Timeout),
    start_period: milliseconds(check.StartPeriod),
    start_interval: milliseconds(check.StartInterval),
    retries: check.Retries || undefined,
  }
  return {
    ...(check.Test && { test: check.Test }),
    ...(Object.fromEntries(Object.entries(durations).filter(([, v]) => v !== undefined)) as HealthcheckSpec),
  }
}

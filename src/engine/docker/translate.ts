import type {
  PortBinding as ApiPortBinding,
  ContainerCreateRequest,
  HealthConfig,
  HostConfig,
  Mount,
} from '@docker/node-sdk'
import type { ContainerSpec, EndpointSpec, Feature, HealthcheckSpec, MountSpec, PortBinding } from '../engine.ts'
import { endpointBody } from './network-body.ts'
import { resourceBody, restartPolicy } from './resource-body.ts'
import { sent } from './sent.ts'

/** The body of `POST /containers/create`. An engine without `endpoints-at-create` is given the first network only: see `later`. */
export function containerBody(spec: ContainerSpec, features: ReadonlySet<Feature>): ContainerCreateRequest {
  const endpoints = features.has('endpoints-at-create') ? (spec.networks ?? []) : (spec.networks ?? []).slice(0, 1)
  const ownMac = features.has('endpoint-mac') ? undefined : spec.networks?.[0]?.mac_address
  return sent<ContainerCreateRequest>({
    Hostname: spec.hostname,
    Domainname: spec.domainname,
    User: spec.user,
    AttachStdout: true,
    AttachStderr: true,
    AttachStdin: spec.stdin_once,
    ExposedPorts: spec.exposed && Object.fromEntries(spec.exposed.map(port => [port, {}])),
    Tty: spec.tty,
    OpenStdin: spec.stdin_open,
    StdinOnce: spec.stdin_once,
    Env: spec.env && [...spec.env],
    Cmd: spec.command && [...spec.command],
    Healthcheck: spec.healthcheck && healthcheck(spec.healthcheck),
    Image: spec.image,
    WorkingDir: spec.working_dir,
    Entrypoint: spec.entrypoint && [...spec.entrypoint],
    NetworkDisabled: spec.network_disabled,
    // Before API 1.44 a container has one address, its first network's.
    MacAddress: spec.mac_address ?? ownMac,
    Labels: { ...spec.labels },
    StopSignal: spec.stop_signal,
    StopTimeout: spec.stop_timeout === undefined ? undefined : seconds(spec.stop_timeout),
    HostConfig: hostConfig(spec),
    NetworkingConfig:
      endpoints.length === 0
        ? undefined
        : { EndpointsConfig: Object.fromEntries(endpoints.map(e => [e.network, endpointBody(e, features)])) },
  })
}

/** The networks that an engine cannot be given at creation, to be connected right after it. */
export function later(spec: ContainerSpec, features: ReadonlySet<Feature>): readonly EndpointSpec[] {
  return features.has('endpoints-at-create') ? [] : (spec.networks ?? []).slice(1)
}

/** What a specification asks for that this engine would drop without a word. */
export function missingFeatures(spec: ContainerSpec, features: ReadonlySet<Feature>): readonly Feature[] {
  const networks = spec.networks ?? []
  const asked: Partial<Record<Feature, boolean>> = {
    'start-interval': spec.healthcheck?.start_interval !== undefined,
    'image-mount': spec.mounts?.some(m => m.type === 'image') ?? false,
    'volume-subpath': spec.mounts?.some(m => m.volume?.subpath !== undefined) ?? false,
    ...missingEndpointFeatures(networks),
    // The first network's address can be given as the container's.
    'endpoint-mac': networks.slice(1).some(n => n.mac_address !== undefined),
  }
  return (Object.keys(asked) as Feature[]).filter(feature => asked[feature] && !features.has(feature))
}

export function missingOfEndpoint(endpoint: EndpointSpec, features: ReadonlySet<Feature>): readonly Feature[] {
  const asked = missingEndpointFeatures([endpoint])
  return (Object.keys(asked) as Feature[]).filter(feature => asked[feature] && !features.has(feature))
}

function missingEndpointFeatures(networks: readonly EndpointSpec[]): Partial<Record<Feature, boolean>> {
  return {
    'endpoint-mac': networks.some(n => n.mac_address !== undefined),
    'gw-priority': networks.some(n => n.gw_priority !== undefined && n.gw_priority !== 0),
    'interface-name': networks.some(n => n.driver_opts?.['com.docker.network.endpoint.ifname'] !== undefined),
  }
}

/** Whole seconds, as the engine counts them: never less than was asked for. */
export function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000)
}

function hostConfig(spec: ContainerSpec): HostConfig {
  return sent<HostConfig>({
    Binds: spec.binds && [...spec.binds],
    LogConfig:
      spec.logging &&
      (sent({ Type: spec.logging.driver, Config: spec.logging.options && { ...spec.logging.options } }) as NonNullable<
        HostConfig['LogConfig']
      >),
    NetworkMode: spec.network_mode,
    PortBindings: spec.ports && portBindings(spec.ports),
    RestartPolicy: spec.restart && restartPolicy(spec.restart),
    AutoRemove: spec.auto_remove,
    VolumesFrom: spec.volumes_from && [...spec.volumes_from],
    Annotations: spec.annotations && { ...spec.annotations },
    CapAdd: spec.cap_add && [...spec.cap_add],
    CapDrop: spec.cap_drop && [...spec.cap_drop],
    CgroupnsMode: spec.cgroupns_mode as NonNullable<HostConfig['CgroupnsMode']> | undefined,
    Dns: spec.dns && [...spec.dns],
    DnsOptions: spec.dns_options && [...spec.dns_options],
    DnsSearch: spec.dns_search && [...spec.dns_search],
    ExtraHosts: spec.extra_hosts && [...spec.extra_hosts],
    GroupAdd: spec.group_add && [...spec.group_add],
    IpcMode: spec.ipc_mode,
    Links: spec.links && [...spec.links],
    OomScoreAdj: spec.oom_score_adj,
    PidMode: spec.pid_mode,
    Privileged: spec.privileged,
    ReadonlyRootfs: spec.read_only,
    SecurityOpt: spec.security_opt && [...spec.security_opt],
    MaskedPaths: spec.masked_paths && [...spec.masked_paths],
    ReadonlyPaths: spec.readonly_paths && [...spec.readonly_paths],
    StorageOpt: spec.storage_opt && { ...spec.storage_opt },
    Tmpfs: spec.tmpfs && { ...spec.tmpfs },
    UTSMode: spec.uts_mode,
    UsernsMode: spec.userns_mode,
    ShmSize: spec.shm_size,
    Sysctls: spec.sysctls && { ...spec.sysctls },
    Runtime: spec.runtime,
    Isolation: spec.isolation as NonNullable<HostConfig['Isolation']> | undefined,
    Mounts: spec.mounts?.map(mount),
    Init: spec.init,
    CgroupParent: spec.cgroup_parent,
    ...(spec.resources && resourceBody(spec.resources)),
  })
}

function healthcheck(check: HealthcheckSpec): HealthConfig {
  const nanoseconds = (milliseconds: number | undefined) =>
    milliseconds === undefined ? undefined : Math.round(milliseconds * 1e6)
  return sent<HealthConfig>({
    Test: check.test && [...check.test],
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    Retries: check.retries,
    StartPeriod: nanoseconds(check.start_period),
    StartInterval: nanoseconds(check.start_interval),
  })
}

function portBindings(ports: readonly PortBinding[]): Record<string, ApiPortBinding[]> {
  const bindings: Record<string, ApiPortBinding[]> = {}
  for (const { container, host_ip = '', host_port } of ports)
    (bindings[container] ??= []).push({ HostIp: host_ip, HostPort: host_port })
  return bindings
}

function mount(m: MountSpec): Mount {
  return sent({
    Type: m.type,
    Source: m.source,
    Target: m.target,
    ReadOnly: m.read_only,
    Consistency: m.consistency,
    BindOptions:
      m.bind &&
      sent({
        Propagation: m.bind.propagation,
        NonRecursive: m.bind.non_recursive,
        CreateMountpoint: m.bind.create_mountpoint,
        ReadOnlyNonRecursive: m.bind.read_only_non_recursive,
        ReadOnlyForceRecursive: m.bind.read_only_force_recursive,
      }),
    VolumeOptions:
      m.volume &&
      sent({
        NoCopy: m.volume.no_copy,
        Labels: m.volume.labels && { ...m.volume.labels },
        DriverConfig:
          m.volume.driver &&
          sent({ Name: m.volume.driver.name, Options: m.volume.driver.options && { ...m.volume.driver.options } }),
        Subpath: m.volume.subpath,
      }),
    TmpfsOptions: m.tmpfs && sent({ SizeBytes: m.tmpfs.size, Mode: m.tmpfs.mode }),
    ImageOptions: m.image && sent({ Subpath: m.image.subpath }),
  }) as Mount
}

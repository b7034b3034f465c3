import type { ArchiveBuildOptions, SolveOptions } from './build.ts'

/**
 * The port: all we ask of a container engine, in our own words. Every call may throw EngineError, and nothing else.
 * Durations are milliseconds, sizes bytes, times milliseconds since the epoch. Every call that takes `Cancel` ends
 * with EngineError `cancelled` soon after its signal aborts.
 */
export interface Engine {
  readonly info: EngineInfo
  /** Of its machine, as images name it: "amd64". Not with the rest: to tell it costs an engine more than all other looks. */
  arch(): Promise<string>

  listContainers(filter: ContainerFilter): Promise<readonly ContainerSummary[]>
  inspectContainer(id: string): Promise<ContainerDetail>
  /** Creates and gives the id. Networks that an old engine cannot take at creation are connected right after. */
  createContainer(name: string, spec: ContainerSpec, options?: Cancel & Warned): Promise<string>
  startContainer(id: string, options?: Cancel): Promise<void>
  /** Stopping what does not run does nothing. `timeout` in milliseconds; without it, the container's own. */
  stopContainer(id: string, options?: { readonly timeout?: number } & Cancel): Promise<void>
  restartContainer(id: string, options?: { readonly timeout?: number } & Cancel): Promise<void>
  killContainer(id: string, signal: string): Promise<void>
  pauseContainer(id: string): Promise<void>
  unpauseContainer(id: string): Promise<void>
  /** `volumes` are the anonymous ones. */
  removeContainer(
    id: string,
    options?: { readonly force?: boolean; readonly volumes?: boolean } & Cancel,
  ): Promise<void>
  renameContainer(id: string, to: string): Promise<void>
  updateContainer(id: string, change: ContainerUpdate): Promise<void>
  /** Unpacks a tar archive into a directory of the container, which need not run. `owner` has all belong to the container's user. */
  putArchive(
    id: string,
    path: string,
    tar: Uint8Array | AsyncIterable<Uint8Array>,
    options?: { readonly owner?: boolean } & Cancel,
  ): Promise<void>
  /**
   * Resolves with the exit code when the container does not run (any more); with `next`, at the next end of one that has yet to start;
   * with `removed`, once the engine has removed it.
   */
  waitContainer(id: string, options?: { readonly next?: boolean; readonly removed?: boolean } & Cancel): Promise<number>
  exec(id: string, command: ExecSpec, options?: ExecOptions): Promise<number>
  /** Of a command that `exec` has made; undefined once the engine has forgotten it, some minutes after its end. */
  inspectExec(id: string): Promise<ExecState | undefined>

  /** Bytes as the container wrote them, in the order of the engine's stream; ends when the container does, or at once without `follow`. */
  logs(id: string, options: LogOptions & Cancel): AsyncIterable<LogChunk>
  /** As `logs`, of what comes from now on, from before the start on; resolves once attached, so that nothing is lost. */
  attach(id: string, options?: Cancel): Promise<AsyncIterable<LogChunk>>
  /** Resolves once the engine listens, so that what happens after is not missed. */
  events(filter: EventFilter, options?: Cancel): Promise<AsyncIterable<EngineEvent>>

  /** Of a project; all that there are without one. */
  listNetworks(project?: string): Promise<readonly NetworkDetail[]>
  /** By name or id; undefined where there is none. */
  inspectNetwork(name: string): Promise<NetworkDetail | undefined>
  /** Who is on a network now; none where there is no such network. */
  listEndpoints(network: string): Promise<readonly NetworkEndpoint[]>
  createNetwork(name: string, spec: NetworkSpec): Promise<string>
  removeNetwork(id: string): Promise<void>
  connectNetwork(network: string, container: string, endpoint: EndpointSpec): Promise<void>
  disconnectNetwork(network: string, container: string, options?: { readonly force?: boolean }): Promise<void>

  /** Of a project; all that there are without one. */
  listVolumes(project?: string): Promise<readonly VolumeDetail[]>
  inspectVolume(name: string): Promise<VolumeDetail | undefined>
  createVolume(name: string, spec: VolumeSpec): Promise<void>
  removeVolume(name: string): Promise<void>

  /** Undefined where the engine does not have it. */
  inspectImage(reference: string, options?: { readonly platform?: string }): Promise<ImageDetail | undefined>
  listImages(filter: { readonly labels?: readonly string[] }): Promise<readonly ImageSummary[]>
  pullImage(reference: string, options: PullOptions): Promise<void>
  /** For which platforms its registry has an image ("linux/arm64/v8"), moving nothing; empty where that cannot be told. */
  imagePlatforms?(reference: string, options?: Cancel): Promise<readonly string[]>
  /** Builds with the classic builder and gives the image's id. `context` is a tar stream. */
  buildImage(context: AsyncIterable<Uint8Array>, options: ArchiveBuildOptions): Promise<string>
  /** Builds with BuildKit, which asks for the files that it needs, and gives the image's id. What reading them throws is thrown. */
  solveImage(options: SolveOptions): Promise<string>
  /** How images are kept: as layers of one platform each, or as a registry keeps them. */
  imageStore(): Promise<ImageStore>
  removeImage(reference: string): Promise<void>
  tagImage(reference: string, as: string): Promise<void>

  /** Lets go of sockets, so that the process can end. */
  close(): void
}

export interface Cancel {
  readonly signal?: AbortSignal
}

export interface Warned {
  /** Takes what the engine says of a thing that it made all the same: limits that it cannot hold, ports that it leaves out. */
  readonly onWarning?: (words: string) => void
}

export interface EngineInfo {
  readonly flavour: 'docker' | 'podman'
  /** The engine's own: "20.10.24". */
  readonly version: string
  /** The one spoken: "1.41". */
  readonly apiVersion: string
  readonly os: string
  readonly features: ReadonlySet<Feature>
  /** Where it was found: "unix:///var/run/docker.sock (DOCKER_HOST)". */
  readonly where: string
}

export type Feature =
  | 'endpoints-at-create'
  | 'start-interval'
  | 'endpoint-mac'
  | 'image-mount'
  | 'interface-name'
  | 'gw-priority'
  | 'volume-subpath'
  | 'annotations'
  | 'enable-ipv4'
  | 'recursive-bind'
  | 'buildkit'
  | 'build-contexts'
  | 'build-limits'
  | 'build-checks'
  | 'update'
  | 'tells-settings'

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'

export interface ContainerFilter {
  readonly project?: string
  readonly service?: string
  /** Label filters as the engine takes them: `key` or `key=value`. */
  readonly labels?: readonly string[]
  /** Those that have this volume, by its name. */
  readonly volume?: string
  /** Those on this network, by its name or id. */
  readonly network?: string
  /** Also those that do not run. */
  readonly all?: boolean
}

export interface ContainerSummary {
  readonly id: string
  /** Without the leading slash. */
  readonly name: string
  readonly image: string
  readonly imageId: string
  readonly command: string
  readonly created: number
  readonly state: ContainerState
  /** The engine's words: "Up 3 minutes (healthy)". */
  readonly status: string
  readonly labels: Readonly<Record<string, string>>
  readonly ports: readonly PublishedPort[]
  readonly networks: readonly AttachedNetwork[]
  readonly mounts: readonly LiveMount[]
}

export interface PublishedPort {
  readonly ip: string
  readonly target: number
  /** 0 where the port is only exposed. */
  readonly published: number
  readonly protocol: string
}

export interface AttachedNetwork {
  readonly name: string
  readonly id: string
  readonly aliases: readonly string[]
  readonly ip: string
  readonly ip6?: string
  readonly mac?: string
  /** What was asked for, as against what was given. */
  readonly ipv4_address?: string
  readonly ipv6_address?: string
}

export interface LiveMount {
  readonly type: string
  /** Volume name; absent for binds. */
  readonly name?: string
  readonly source: string
  readonly target: string
  readonly driver?: string
  readonly rw: boolean
}

export interface ContainerDetail {
  readonly id: string
  readonly name: string
  readonly created: number
  readonly imageId: string
  readonly state: ContainerState
  readonly pid: number
  readonly exitCode: number
  readonly oomKilled: boolean
  /** The engine's words on why it could not start; "" where it could. */
  readonly error: string
  /** 0 where it never started or has not ended. */
  readonly startedAt: number
  readonly finishedAt: number
  readonly restartCount: number
  readonly health?: HealthState
  readonly tty: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly networks: readonly AttachedNetwork[]
  readonly mounts: readonly LiveMount[]
  readonly ports: readonly PublishedPort[]
  readonly logDriver: string
  /** The container as it was asked for, read back from the engine, defaults of engine and image included. */
  readonly spec: LiveSpec
}

export interface HealthState {
  readonly status: 'starting' | 'healthy' | 'unhealthy'
  readonly failingStreak: number
  /** Newest last. */
  readonly log: readonly {
    readonly start: number
    readonly end: number
    readonly exitCode: number
    readonly output: string
  }[]
}

/** What a live container's configuration says, for judging drift and telling old values. */
export interface LiveSpec {
  readonly image: string
  readonly command: readonly string[] | null
  readonly entrypoint: readonly string[] | null
  readonly env: readonly string[]
  readonly user: string
  readonly working_dir: string
  readonly hostname: string
  readonly stop_signal: string
  /** Milliseconds. */
  readonly stop_timeout?: number
  readonly healthcheck?: HealthcheckSpec
  readonly restart: string
  readonly memory: number
  readonly memory_swap: number
  readonly memory_reservation: number
  readonly nano_cpus: number
  readonly cpu_shares: number
  readonly cpu_quota: number
  readonly cpu_period: number
  readonly cpuset_cpus: string
  readonly pids_limit: number
  readonly binds: readonly string[]
  readonly network_mode: string
  readonly privileged: boolean
  readonly read_only: boolean
  readonly init?: boolean
  readonly settings: LiveSettings
}

/** The rest, in the words in which it is asked for. Absent: nothing is set, or the engine does not tell. */
export type LiveSettings = Pick<
  ContainerSpec,
  | 'annotations'
  | 'cap_add'
  | 'cap_drop'
  | 'cgroup_parent'
  | 'cgroupns_mode'
  | 'dns'
  | 'dns_options'
  | 'dns_search'
  | 'domainname'
  | 'exposed'
  | 'extra_hosts'
  | 'group_add'
  | 'ipc_mode'
  | 'logging'
  | 'mac_address'
  | 'oom_score_adj'
  | 'pid_mode'
  | 'ports'
  | 'runtime'
  | 'security_opt'
  | 'shm_size'
  | 'stdin_open'
  | 'storage_opt'
  | 'sysctls'
  | 'tmpfs'
  | 'tty'
  | 'userns_mode'
  | 'uts_mode'
  | 'volumes_from'
> & {
  readonly resources: Pick<
    ResourceSpec,
    | 'blkio_weight'
    | 'cpu_realtime_period'
    | 'cpu_realtime_runtime'
    | 'device_cgroup_rules'
    | 'devices'
    | 'memory_swappiness'
    | 'oom_kill_disable'
    | 'ulimits'
  >
}

/** A container to be made. Lists and maps may be left out; what is left out is not sent. */
export interface ContainerSpec {
  readonly image: string
  readonly platform?: string
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  /** `K=V`, or `K` to unset what the image sets. */
  readonly env?: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly user?: string
  readonly working_dir?: string
  readonly hostname?: string
  readonly domainname?: string
  readonly mac_address?: string
  readonly tty?: boolean
  readonly stdin_open?: boolean
  readonly stdin_once?: boolean
  readonly stop_signal?: string
  /** Milliseconds; the engine counts whole seconds. */
  readonly stop_timeout?: number
  /** "80/tcp" */
  readonly exposed?: readonly string[]
  readonly healthcheck?: HealthcheckSpec
  readonly ports?: readonly PortBinding[]
  readonly network_disabled?: boolean

  /** `src:dst:opts`, the engine's old form, which makes missing host paths. */
  readonly binds?: readonly string[]
  readonly mounts?: readonly MountSpec[]
  /** target → options */
  readonly tmpfs?: Readonly<Record<string, string>>
  readonly volumes_from?: readonly string[]

  /** Name of the first network, "none", "host", "bridge" or "container:ID". */
  readonly network_mode?: string
  /** First is the main one. */
  readonly networks?: readonly EndpointSpec[]
  readonly links?: readonly string[]
  readonly dns?: readonly string[]
  readonly dns_options?: readonly string[]
  readonly dns_search?: readonly string[]
  /** `host:ip` */
  readonly extra_hosts?: readonly string[]

  readonly restart?: { readonly name: string; readonly maximum_retry_count?: number }
  readonly auto_remove?: boolean
  readonly logging?: { readonly driver: string; readonly options?: Readonly<Record<string, string>> }
  readonly cap_add?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly privileged?: boolean
  readonly read_only?: boolean
  readonly init?: boolean
  readonly security_opt?: readonly string[]
  readonly masked_paths?: readonly string[]
  readonly readonly_paths?: readonly string[]
  readonly group_add?: readonly string[]
  readonly ipc_mode?: string
  readonly pid_mode?: string
  readonly uts_mode?: string
  readonly userns_mode?: string
  readonly cgroup_parent?: string
  readonly cgroupns_mode?: string
  readonly isolation?: string
  readonly runtime?: string
  readonly shm_size?: number
  readonly sysctls?: Readonly<Record<string, string>>
  readonly storage_opt?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly oom_score_adj?: number

  readonly resources?: ResourceSpec
}

export interface HealthcheckSpec {
  /** `['NONE']` switches the image's off; absent inherits it. */
  readonly test?: readonly string[]
  readonly interval?: number
  readonly timeout?: number
  readonly start_period?: number
  readonly start_interval?: number
  readonly retries?: number
}

export interface PortBinding {
  /** "80/tcp" */
  readonly container: string
  readonly host_ip?: string
  /** "" lets the engine choose; may be a range. */
  readonly host_port: string
}

export interface MountSpec {
  readonly type: string
  readonly source?: string
  readonly target: string
  readonly read_only?: boolean
  readonly consistency?: string
  readonly bind?: {
    readonly propagation?: string
    readonly non_recursive?: boolean
    readonly create_mountpoint?: boolean
    readonly read_only_non_recursive?: boolean
    readonly read_only_force_recursive?: boolean
  }
  readonly volume?: {
    readonly no_copy?: boolean
    readonly labels?: Readonly<Record<string, string>>
    readonly subpath?: string
    readonly driver?: { readonly name: string; readonly options?: Readonly<Record<string, string>> }
  }
  readonly tmpfs?: { readonly size?: number; readonly mode?: number }
  readonly image?: { readonly subpath?: string }
}

export interface ResourceSpec {
  readonly memory?: number
  readonly memory_reservation?: number
  readonly memory_swap?: number
  readonly memory_swappiness?: number
  readonly nano_cpus?: number
  readonly cpu_count?: number
  readonly cpu_percent?: number
  readonly cpu_period?: number
  readonly cpu_quota?: number
  readonly cpu_realtime_period?: number
  readonly cpu_realtime_runtime?: number
  readonly cpu_shares?: number
  readonly cpuset_cpus?: string
  readonly pids_limit?: number
  readonly oom_kill_disable?: boolean
  readonly ulimits?: readonly { readonly name: string; readonly soft: number; readonly hard: number }[]
  readonly devices?: readonly { readonly host: string; readonly container: string; readonly permissions: string }[]
  readonly device_cgroup_rules?: readonly string[]
  readonly device_requests?: readonly {
    readonly driver?: string
    readonly count?: number
    readonly device_ids?: readonly string[]
    readonly capabilities?: readonly (readonly string[])[]
    readonly options?: Readonly<Record<string, string>>
  }[]
  readonly blkio_weight?: number
  readonly blkio_weight_device?: readonly { readonly path: string; readonly weight: number }[]
  readonly blkio_device_read_bps?: readonly { readonly path: string; readonly rate: number }[]
  readonly blkio_device_read_iops?: readonly { readonly path: string; readonly rate: number }[]
  readonly blkio_device_write_bps?: readonly { readonly path: string; readonly rate: number }[]
  readonly blkio_device_write_iops?: readonly { readonly path: string; readonly rate: number }[]
}

export interface ContainerUpdate {
  readonly resources?: ResourceSpec
  readonly restart?: { readonly name: string; readonly maximum_retry_count?: number }
}

export interface EndpointSpec {
  readonly network: string
  readonly aliases?: readonly string[]
  readonly links?: readonly string[]
  readonly ipv4_address?: string
  readonly ipv6_address?: string
  readonly link_local_ips?: readonly string[]
  readonly mac_address?: string
  readonly driver_opts?: Readonly<Record<string, string>>
  readonly gw_priority?: number
}

export interface NetworkSpec {
  readonly driver?: string
  readonly driver_opts?: Readonly<Record<string, string>>
  readonly ipam?: {
    readonly driver?: string
    readonly config?: readonly {
      readonly subnet?: string
      readonly gateway?: string
      readonly ip_range?: string
      readonly aux_addresses?: Readonly<Record<string, string>>
    }[]
    readonly options?: Readonly<Record<string, string>>
  }
  readonly internal?: boolean
  readonly attachable?: boolean
  readonly enable_ipv4?: boolean
  readonly enable_ipv6?: boolean
  readonly labels: Readonly<Record<string, string>>
}

export interface NetworkDetail extends NetworkSpec {
  readonly id: string
  readonly name: string
  readonly created: number
  readonly scope: string
}

export interface NetworkEndpoint {
  /** The container's id; absent where the engine knows of none. */
  readonly container?: string
  /** The container's name, as a rule. */
  readonly name: string
}

export interface VolumeSpec {
  readonly driver?: string
  readonly driver_opts?: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

export interface VolumeDetail extends VolumeSpec {
  readonly name: string
  readonly mountpoint: string
  /** Milliseconds since the epoch; absent where the engine does not say. */
  readonly created?: number
}

export interface ImageDetail {
  readonly id: string
  /** What identifies the content that a container of it runs: the id, or the runnable manifest's digest where the engine stores manifests. */
  readonly digest: string
  readonly tags: readonly string[]
  readonly repoDigests: readonly string[]
  readonly created: number
  /** When this engine last gave it a name: pulled, built or tagged; absent where the engine does not say. */
  readonly tagged?: number
  readonly size: number
  readonly os: string
  readonly arch: string
  readonly labels: Readonly<Record<string, string>>
  /** VOLUME targets. */
  readonly volumes: readonly string[]
  readonly exposed: readonly string[]
  readonly hasHealthcheck: boolean
  readonly env: readonly string[]
  readonly command: readonly string[] | null
  readonly entrypoint: readonly string[] | null
  readonly user: string
}

export interface ImageSummary {
  readonly id: string
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly size: number
  readonly created: number
}

export interface PullOptions extends Cancel {
  readonly platform?: string
  readonly onProgress?: (progress: LayerProgress) => void
}

export interface LayerProgress {
  readonly layer: string
  /** The engine's word: "Downloading". */
  readonly status: string
  readonly current?: number
  readonly total?: number
}

export type ImageStore = 'layers' | 'containerd'

export interface LogOptions {
  readonly follow?: boolean
  /** Last lines; "all" without it. */
  readonly tail?: number
  /** RFC 3339, or seconds since the epoch. */
  readonly since?: string
  readonly until?: string
  readonly timestamps?: boolean
}

export interface LogChunk {
  readonly stream: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
}

export interface ExecSpec {
  readonly command: readonly string[]
  readonly user?: string
  readonly working_dir?: string
  readonly env?: readonly string[]
  readonly privileged?: boolean
  readonly tty?: boolean
}

export interface ExecState {
  readonly running: boolean
  /** Absent of one that has not been started, or has not ended. */
  readonly exitCode?: number
}

export interface ExecOptions extends Cancel {
  /** Called with its id before it is started, which waits for that. */
  readonly onCreate?: (id: string) => Promise<void>
  /** Reading waits for what it gives. */
  readonly onOutput?: (chunk: LogChunk) => Promise<void> | void
  /** What the command reads; its end is the end of its standard input. */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** Called once the command runs, with the way to tell it the terminal's size. */
  readonly onStart?: (resize: (size: { readonly rows: number; readonly columns: number }) => Promise<void>) => void
  /** Do not wait for it; the exit code is 0. */
  readonly detach?: boolean
  /** What the engine itself is to take for the wish to let go, where the command has a terminal: "ctrl-p,ctrl-q" without it. */
  readonly detachKeys?: string
}

export interface EventFilter {
  readonly project: string
  /** Seconds since the epoch: also what has happened from then on. */
  readonly since?: string
  /** Seconds since the epoch: nothing after, and the stream ends then. */
  readonly until?: string
}

/** Something that happened to a container. */
export interface EngineEvent {
  readonly id: string
  readonly name: string
  /** create, start, die, stop, kill, destroy, oom, pause, unpause, restart, health_status, rename … */
  readonly action: string
  /** "healthy" of `health_status: healthy`. */
  readonly detail: string
  readonly time: number
  readonly exitCode?: number
  readonly attributes: Readonly<Record<string, string>>
}

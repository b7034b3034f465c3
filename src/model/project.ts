/**
 * The Compose model after loading: canonical forms only, every key spelt as the specification spells it.
 * Durations are milliseconds (fractions down to the nanosecond), sizes are bytes.
 */
export interface Project {
  readonly name: string
  /** Absolute; relative paths of the files were resolved against it. */
  readonly working_dir: string
  /** Absolute paths of the files named or found, in order; "-" stands for standard input. */
  readonly files: readonly string[]
  /** Files given by --env-file or COMPOSE_ENV_FILES. */
  readonly env_files: readonly string[]
  /** What `${…}` saw: process environment, env files, COMPOSE_PROJECT_NAME. */
  readonly environment: Readonly<Record<string, string>>
  /** Active profiles. */
  readonly profiles: readonly string[]
  /** Enabled services, or those selected. */
  readonly services: Readonly<Record<string, Service>>
  /** Services that no active profile turns on: declared, so their containers are no orphans. */
  readonly disabled: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, Network>>
  readonly volumes: Readonly<Record<string, Volume>>
  readonly secrets: Readonly<Record<string, FileObject>>
  readonly configs: Readonly<Record<string, FileObject>>
  readonly models: Readonly<Record<string, Model>>
  /** Top-level `x-*`. */
  readonly extensions: Readonly<Record<string, Json>>
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** `K: null` is a name without a value: unset unless the environment has it. */
export type Mapping = Readonly<Record<string, string | null>>
export type Labels = Readonly<Record<string, string>>

export interface Service {
  readonly profiles?: readonly string[]
  readonly annotations?: Labels
  readonly attach?: boolean
  readonly build?: Build
  readonly develop?: Develop
  readonly blkio_config?: BlkioConfig
  readonly cap_add?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly cgroup_parent?: string
  readonly cgroup?: string
  readonly cpu_count?: number
  readonly cpu_percent?: number
  readonly cpu_period?: number
  readonly cpu_quota?: number
  readonly cpu_rt_period?: number
  readonly cpu_rt_runtime?: number
  readonly cpus?: number
  readonly cpuset?: string
  readonly cpu_shares?: number
  /** null: written as null. An empty list clears the image's. */
  readonly command?: readonly string[] | null
  readonly configs?: readonly FileReference[]
  readonly container_name?: string
  readonly credential_spec?: CredentialSpec
  readonly depends_on?: Readonly<Record<string, Dependency>>
  readonly deploy?: Deploy
  readonly device_cgroup_rules?: readonly string[]
  readonly devices?: readonly DeviceMapping[]
  readonly dns?: readonly string[]
  readonly dns_opt?: readonly string[]
  readonly dns_search?: readonly string[]
  readonly domainname?: string
  readonly entrypoint?: readonly string[] | null
  readonly provider?: Provider
  readonly environment?: Mapping
  readonly env_file?: readonly EnvFile[]
  readonly expose?: readonly string[]
  readonly extends?: { readonly service: string; readonly file?: string }
  readonly external_links?: readonly string[]
  /** Host → addresses. */
  readonly extra_hosts?: Readonly<Record<string, readonly string[]>>
  readonly group_add?: readonly string[]
  readonly gpus?: readonly DeviceRequest[]
  readonly hostname?: string
  readonly healthcheck?: Healthcheck
  readonly image?: string
  readonly init?: boolean
  readonly ipc?: string
  readonly isolation?: string
  readonly labels?: Labels
  readonly label_file?: readonly string[]
  readonly links?: readonly string[]
  readonly logging?: Logging
  readonly mem_limit?: number
  readonly mem_reservation?: number
  readonly memswap_limit?: number
  readonly mem_swappiness?: number
  readonly mac_address?: string
  readonly models?: Readonly<Record<string, ServiceModel | null>>
  readonly network_mode?: string
  readonly networks?: Readonly<Record<string, Attachment | null>>
  readonly oom_kill_disable?: boolean
  readonly oom_score_adj?: number
  readonly pid?: string
  readonly pids_limit?: number
  readonly platform?: string
  readonly ports?: readonly Port[]
  readonly privileged?: boolean
  readonly pull_policy?: string
  readonly read_only?: boolean
  readonly restart?: string
  readonly runtime?: string
  readonly scale?: number
  readonly secrets?: readonly FileReference[]
  readonly security_opt?: readonly string[]
  readonly shm_size?: number
  readonly stdin_open?: boolean
  readonly stop_grace_period?: number
  readonly stop_signal?: string
  readonly storage_opt?: Readonly<Record<string, string>>
  readonly sysctls?: Labels
  readonly tmpfs?: readonly string[]
  readonly tty?: boolean
  readonly ulimits?: Readonly<Record<string, Ulimit>>
  readonly use_api_socket?: boolean
  readonly user?: string
  readonly userns_mode?: string
  readonly uts?: string
  readonly volumes?: readonly Mount[]
  readonly volumes_from?: readonly string[]
  readonly working_dir?: string
  readonly pre_start?: readonly Hook[]
  readonly post_start?: readonly Hook[]
  readonly pre_stop?: readonly Hook[]
  /** `x-*` of the service; not part of the hash. */
  readonly extensions?: Readonly<Record<string, Json>>
}

export type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully'

export interface Dependency {
  readonly condition: Condition
  readonly restart?: boolean
  readonly required: boolean
}

export interface EnvFile {
  readonly path: string
  readonly required?: boolean
  readonly format?: string
}

export interface FileReference {
  readonly source: string
  readonly target?: string
  readonly uid?: string
  readonly gid?: string
  readonly mode?: number
}

export interface Port {
  readonly name?: string
  readonly mode?: string
  readonly host_ip?: string
  readonly target: number
  /** A port or a range "8000-8010"; absent where the engine chooses. */
  readonly published?: string
  readonly protocol?: string
  readonly app_protocol?: string
}

export interface Mount {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'image' | 'npipe' | 'cluster'
  readonly source?: string
  readonly target: string
  readonly read_only?: boolean
  readonly consistency?: string
  readonly bind?: {
    readonly selinux?: string
    readonly propagation?: string
    readonly create_host_path?: boolean
    readonly recursive?: string
  }
  readonly volume?: { readonly labels?: Labels; readonly nocopy?: boolean; readonly subpath?: string }
  readonly tmpfs?: { readonly size?: number; readonly mode?: number }
  readonly image?: { readonly subpath?: string }
}

export interface Attachment {
  readonly aliases?: readonly string[]
  readonly driver_opts?: Readonly<Record<string, string>>
  readonly gw_priority?: number
  readonly interface_name?: string
  readonly ipv4_address?: string
  readonly ipv6_address?: string
  readonly link_local_ips?: readonly string[]
  readonly mac_address?: string
  readonly priority?: number
}

export interface Healthcheck {
  readonly test?: readonly string[]
  readonly timeout?: number
  readonly interval?: number
  readonly retries?: number
  readonly start_period?: number
  readonly start_interval?: number
  readonly disable?: boolean
}

export interface Logging {
  readonly driver?: string
  readonly options?: Readonly<Record<string, string>>
}

/** `single` is the short form: soft and hard at once. */
export interface Ulimit {
  readonly single?: number
  readonly soft?: number
  readonly hard?: number
}

export interface Hook {
  readonly command?: readonly string[]
  readonly image?: string
  readonly user?: string
  readonly privileged?: boolean
  readonly working_dir?: string
  readonly environment?: Mapping
  readonly per_replica?: boolean
}

export interface Build {
  readonly context?: string
  readonly dockerfile?: string
  readonly dockerfile_inline?: string
  readonly entitlements?: readonly string[]
  readonly args?: Mapping
  readonly provenance?: string
  readonly sbom?: string
  /** id → path; "default" alone has an empty path. */
  readonly ssh?: Readonly<Record<string, string>>
  readonly labels?: Labels
  readonly cache_from?: readonly string[]
  readonly cache_to?: readonly string[]
  readonly no_cache?: boolean
  readonly no_cache_filter?: readonly string[]
  readonly additional_contexts?: Readonly<Record<string, string>>
  readonly pull?: boolean
  readonly extra_hosts?: Readonly<Record<string, readonly string[]>>
  readonly isolation?: string
  readonly network?: string
  readonly target?: string
  readonly secrets?: readonly FileReference[]
  readonly shm_size?: number
  readonly tags?: readonly string[]
  readonly ulimits?: Readonly<Record<string, Ulimit>>
  readonly platforms?: readonly string[]
  readonly privileged?: boolean
}

export interface Develop {
  readonly watch?: readonly WatchRule[]
}

export interface WatchRule {
  readonly path: string
  readonly action: 'rebuild' | 'sync' | 'restart' | 'sync+restart' | 'sync+exec'
  readonly target?: string
  readonly exec?: Hook
  readonly include?: readonly string[]
  readonly ignore?: readonly string[]
  readonly initial_sync?: boolean
}

export interface BlkioConfig {
  readonly weight?: number
  readonly weight_device?: readonly { readonly path: string; readonly weight?: number }[]
  readonly device_read_bps?: readonly ThrottleDevice[]
  readonly device_read_iops?: readonly ThrottleDevice[]
  readonly device_write_bps?: readonly ThrottleDevice[]
  readonly device_write_iops?: readonly ThrottleDevice[]
}

export interface ThrottleDevice {
  readonly path: string
  readonly rate?: number
}

export interface CredentialSpec {
  readonly config?: string
  readonly file?: string
  readonly registry?: string
}

export interface DeviceMapping {
  readonly source: string
  readonly target?: string
  readonly permissions?: string
}

export interface DeviceRequest {
  readonly capabilities?: readonly string[]
  readonly driver?: string
  /** -1 is "all". */
  readonly count?: number
  readonly device_ids?: readonly string[]
  readonly options?: Readonly<Record<string, string>>
}

export interface Provider {
  readonly type: string
  readonly options?: Readonly<Record<string, readonly string[]>>
}

export interface ServiceModel {
  readonly endpoint_var?: string
  readonly model_var?: string
}

export interface Deploy {
  readonly mode?: string
  readonly replicas?: number
  readonly labels?: Labels
  readonly update_config?: UpdateConfig
  readonly rollback_config?: UpdateConfig
  readonly resources?: {
    readonly limits?: Resources
    readonly reservations?: Resources
  }
  readonly restart_policy?: {
    readonly condition?: string
    readonly delay?: number
    readonly max_attempts?: number
    readonly window?: number
  }
  readonly placement?: {
    readonly constraints?: readonly string[]
    readonly preferences?: readonly { readonly spread?: string }[]
    readonly max_replicas_per_node?: number
  }
  readonly endpoint_mode?: string
}

export interface UpdateConfig {
  readonly parallelism?: number
  readonly delay?: number
  readonly failure_action?: string
  readonly monitor?: number
  readonly max_failure_ratio?: number
  readonly order?: string
}

export interface Resources {
  readonly cpus?: number
  readonly memory?: number
  readonly pids?: number
  readonly devices?: readonly DeviceRequest[]
  readonly generic_resources?: readonly {
    readonly discrete_resource_spec?: { readonly kind?: string; readonly value?: number }
  }[]
}

export interface Network {
  readonly name: string
  readonly driver?: string
  readonly driver_opts?: Readonly<Record<string, string>>
  readonly ipam?: Ipam
  readonly external?: boolean
  readonly internal?: boolean
  readonly attachable?: boolean
  readonly labels?: Labels
  readonly enable_ipv4?: boolean
  readonly enable_ipv6?: boolean
  readonly extensions?: Readonly<Record<string, Json>>
}

export interface Ipam {
  readonly driver?: string
  readonly config?: readonly {
    readonly subnet?: string
    readonly gateway?: string
    readonly ip_range?: string
    readonly aux_addresses?: Readonly<Record<string, string>>
  }[]
  readonly options?: Readonly<Record<string, string>>
}

export interface Volume {
  readonly name: string
  readonly driver?: string
  readonly driver_opts?: Readonly<Record<string, string>>
  readonly external?: boolean
  readonly labels?: Labels
  readonly extensions?: Readonly<Record<string, Json>>
}

/** A top-level secret or config. `content` holds what `environment` named as well, once loaded: never print it for secrets. */
export interface FileObject {
  readonly name?: string
  readonly file?: string
  readonly environment?: string
  readonly content?: string
  readonly external?: boolean
  readonly labels?: Labels
  readonly driver?: string
  readonly driver_opts?: Readonly<Record<string, string>>
  readonly template_driver?: string
  readonly extensions?: Readonly<Record<string, Json>>
}

export interface Model {
  readonly name?: string
  readonly model?: string
  readonly context_size?: number
  readonly runtime_flags?: readonly string[]
  readonly extensions?: Readonly<Record<string, Json>>
}

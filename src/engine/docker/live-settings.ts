import type { ContainerConfig, HostConfig } from '@docker/node-sdk'
import { defined } from '../../base/defined.ts'
import type { LiveSettings } from '../engine.ts'

/** What an inspected container was asked for, as `translate.ts` asks it. */
export function liveSettings(config: ContainerConfig, host: HostConfig): LiveSettings {
  return defined({
    annotations: map(host.Annotations),
    cap_add: list(host.CapAdd),
    cap_drop: list(host.CapDrop),
    cgroup_parent: host.CgroupParent || undefined,
    cgroupns_mode: host.CgroupnsMode || undefined,
    dns: list(host.Dns),
    dns_options: list(host.DnsOptions),
    dns_search: list(host.DnsSearch),
    domainname: config.Domainname || undefined,
    exposed: list(Object.keys(config.ExposedPorts ?? {})),
    extra_hosts: list(host.ExtraHosts),
    group_add: list(host.GroupAdd),
    ipc_mode: host.IpcMode || undefined,
    logging: host.LogConfig?.Type
      ? defined({ driver: host.LogConfig.Type, options: map(host.LogConfig.Config) })
      : undefined,
    mac_address: (config as { readonly MacAddress?: string }).MacAddress || undefined,
    oom_score_adj: host.OomScoreAdj || undefined,
    pid_mode: host.PidMode || undefined,
    ports: list(
      Object.entries(host.PortBindings ?? {}).flatMap(([container, bindings]) =>
        (bindings ?? []).map(b => ({ container, host_port: b.HostPort ?? '', ...(b.HostIp && { host_ip: b.HostIp }) })),
      ),
    ),
    resources: resources(host),
    runtime: host.Runtime || undefined,
    security_opt: list(host.SecurityOpt),
    shm_size: host.ShmSize || undefined,
    stdin_open: config.OpenStdin || undefined,
    storage_opt: map(host.StorageOpt),
    sysctls: map(host.Sysctls),
    tmpfs: map(host.Tmpfs),
    tty: config.Tty || undefined,
    userns_mode: host.UsernsMode || undefined,
    uts_mode: host.UTSMode || undefined,
    volumes_from: list(host.VolumesFrom),
  })
}

function resources(host: HostConfig): LiveSettings['resources'] {
  return defined({
    blkio_weight: host.BlkioWeight || undefined,
    cpu_realtime_period: host.CpuRealtimePeriod || undefined,
    cpu_realtime_runtime: host.CpuRealtimeRuntime || undefined,
    device_cgroup_rules: list(host.DeviceCgroupRules),
    devices: list(host.Devices)?.map(d => ({
      host: d.PathOnHost ?? '',
      container: d.PathInContainer ?? '',
      permissions: d.CgroupPermissions ?? '',
    })),
    memory_swappiness: typeof host.MemorySwappiness === 'number' ? host.MemorySwappiness : undefined,
    oom_kill_disable: host.OomKillDisable || undefined,
    ulimits: list(host.Ulimits)?.map(u => ({ name: u.Name ?? '', soft: u.Soft ?? 0, hard: u.Hard ?? 0 })),
  })
}

const list = <T>(all: readonly T[] | null | undefined): readonly T[] | undefined => (all?.length ? all : undefined)

const map = (all: Readonly<Record<string, string>> | null | undefined) =>
  all && Object.keys(all).length > 0 ? all : undefined

import type { ContainerUpdateRequest, Resources, RestartPolicy } from '@docker/node-sdk'
import type { ContainerSpec, ContainerUpdate, ResourceSpec } from '../engine.ts'
import { sent } from './sent.ts'

/** The body of `POST /containers/ID/update`. */
export function updateBody({ resources, restart }: ContainerUpdate): ContainerUpdateRequest {
  return sent<ContainerUpdateRequest>({
    ...(resources && resourceBody(resources)),
    RestartPolicy: restart && restartPolicy(restart),
  })
}

/** What stands among the rest of `HostConfig`. */
export function resourceBody(resources: ResourceSpec): Resources {
  return sent<Resources>({
    CpuShares: resources.cpu_shares,
    Memory: resources.memory,
    NanoCpus: resources.nano_cpus,
    BlkioWeight: resources.blkio_weight,
    BlkioWeightDevice: resources.blkio_weight_device?.map(d => ({ Path: d.path, Weight: d.weight })),
    BlkioDeviceReadBps: resources.blkio_device_read_bps?.map(throttle),
    BlkioDeviceWriteBps: resources.blkio_device_write_bps?.map(throttle),
    BlkioDeviceReadIOps: resources.blkio_device_read_iops?.map(throttle),
    BlkioDeviceWriteIOps: resources.blkio_device_write_iops?.map(throttle),
    CpuPeriod: resources.cpu_period,
    CpuQuota: resources.cpu_quota,
    CpuRealtimePeriod: resources.cpu_realtime_period,
    CpuRealtimeRuntime: resources.cpu_realtime_runtime,
    CpusetCpus: resources.cpuset_cpus,
    CpuCount: resources.cpu_count,
    CpuPercent: resources.cpu_percent,
    Devices: resources.devices?.map(d => ({
      PathOnHost: d.host,
      PathInContainer: d.container,
      CgroupPermissions: d.permissions,
    })),
    DeviceCgroupRules: resources.device_cgroup_rules && [...resources.device_cgroup_rules],
    DeviceRequests: resources.device_requests?.map(d =>
      sent({
        Driver: d.driver,
        Count: d.count,
        DeviceIDs: d.device_ids && [...d.device_ids],
        Capabilities: d.capabilities?.map(all => [...all]),
        Options: d.options && { ...d.options },
      }),
    ),
    MemoryReservation: resources.memory_reservation,
    MemorySwap: resources.memory_swap,
    MemorySwappiness: resources.memory_swappiness,
    OomKillDisable: resources.oom_kill_disable,
    PidsLimit: resources.pids_limit,
    Ulimits: resources.ulimits?.map(u => ({ Name: u.name, Hard: u.hard, Soft: u.soft })),
  })
}

function throttle({ path, rate }: { readonly path: string; readonly rate: number }) {
  return { Path: path, Rate: rate }
}

export function restartPolicy(restart: NonNullable<ContainerSpec['restart']>): RestartPolicy {
  return sent({ Name: restart.name, MaximumRetryCount: restart.maximum_retry_count }) as RestartPolicy
}

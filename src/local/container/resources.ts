import { defined } from '../../base/defined.ts'
import type { ResourceSpec } from '../../engine/engine.ts'
import type { BlkioConfig, Service, ThrottleDevice, Ulimit } from '../../model/project.ts'
import { deviceRequests, mappedDevices } from './devices.ts'

/** What a container may use: the service's own limits, over which those of `deploy.resources` win. Undefined where nothing is said. */
export function resources(service: Service): ResourceSpec | undefined {
  const { limits, reservations } = service.deploy?.resources ?? {}
  const spec = defined({
    memory: said(limits?.memory) ?? said(service.mem_limit),
    memory_reservation: said(reservations?.memory) ?? said(service.mem_reservation),
    memory_swap: said(service.memswap_limit),
    memory_swappiness: said(service.mem_swappiness),
    nano_cpus: nano(said(limits?.cpus) ?? said(service.cpus)),
    cpu_count: said(service.cpu_count),
    cpu_percent: said(service.cpu_percent),
    cpu_period: said(service.cpu_period),
    cpu_quota: said(service.cpu_quota),
    cpu_realtime_period: said(service.cpu_rt_period),
    cpu_realtime_runtime: said(service.cpu_rt_runtime),
    cpu_shares: said(service.cpu_shares),
    cpuset_cpus: service.cpuset,
    pids_limit: said(limits?.pids) ?? said(service.pids_limit),
    oom_kill_disable: service.oom_kill_disable || undefined,
    ulimits: service.ulimits && ulimits(service.ulimits),
    devices: mappedDevices(service),
    device_cgroup_rules: service.device_cgroup_rules,
    device_requests: deviceRequests(service),
    ...blkio(service.blkio_config),
  })
  return Object.keys(spec).length > 0 ? spec : undefined
}

/** Zero is the engine's word for "not set" in every one of these. */
function said(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value
}

function nano(cpus: number | undefined): number | undefined {
  return cpus === undefined ? undefined : Math.round(cpus * 1e9)
}

/** Soft and hard by name, sorted as the engine's other clients send them. */
export function ulimits(all: Readonly<Record<string, Ulimit>>): NonNullable<ResourceSpec['ulimits']> {
  return Object.keys(all)
    .toSorted()
    .map(name => {
      const { single = 0, soft, hard } = all[name]!
      return { name, soft: soft || single, hard: hard || single }
    })
}

function blkio(config: BlkioConfig | undefined) {
  if (!config) return {}
  const throttled = (devices: readonly ThrottleDevice[] | undefined) =>
    devices?.map(({ path, rate = 0 }) => ({ path, rate }))
  return {
    blkio_weight: said(config.weight),
    blkio_weight_device: config.weight_device?.map(({ path, weight = 0 }) => ({ path, weight })),
    blkio_device_read_bps: throttled(config.device_read_bps),
    blkio_device_read_iops: throttled(config.device_read_iops),
    blkio_device_write_bps: throttled(config.device_write_bps),
    blkio_device_write_iops: throttled(config.device_write_iops),
  }
}

import type { ContainerStatsResponse } from '@docker/node-sdk'
import type { StatsSample } from '../live.ts'
import { time } from './answers.ts'

/** Reckoned as the docker command does it, on cgroup v1 and v2. */
export function usage(stats: ContainerStatsResponse): StatsSample {
  const cpu = stats.cpu_stats
  const before = stats.precpu_stats
  const used = (cpu?.cpu_usage?.total_usage ?? 0) - (before?.cpu_usage?.total_usage ?? 0)
  const system = (cpu?.system_cpu_usage ?? 0) - (before?.system_cpu_usage ?? 0)
  const online = cpu?.online_cpus || cpu?.cpu_usage?.percpu_usage?.length || 1
  const memory = stats.memory_stats
  const held = memory?.stats as Readonly<Record<string, number>> | undefined
  // Pages of files that nobody has touched for long: "total_inactive_file" on cgroup v1, "inactive_file" on v2.
  const reclaimable = held?.['total_inactive_file'] ?? held?.['inactive_file'] ?? 0
  const networks: readonly { rx_bytes?: number | null; tx_bytes?: number | null }[] = Object.values(
    stats.networks ?? {},
  )
  const blocks = stats.blkio_stats?.io_service_bytes_recursive ?? []
  const bytes = (op: string) => sum(blocks.filter(b => b.op?.toLowerCase() === op).map(b => b.value))
  return {
    name: stats.name?.replace(/^\//, '') ?? '',
    time: time(stats.read),
    cpus: used > 0 && system > 0 ? (used / system) * online : 0,
    memory: Math.max(0, (memory?.usage ?? 0) - reclaimable),
    memory_limit: memory?.limit ?? 0,
    received: sum(networks.map(n => n.rx_bytes)),
    sent: sum(networks.map(n => n.tx_bytes)),
    read: bytes('read'),
    written: bytes('write'),
    pids: stats.pids_stats?.current ?? 0,
  }
}

function sum(numbers: readonly (number | null | undefined)[]): number {
  return numbers.reduce<number>((all, one) => all + (one ?? 0), 0)
}

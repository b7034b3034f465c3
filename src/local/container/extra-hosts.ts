import type { Service } from '../../model/project.ts'

/** `host:ip`, sorted by host, as the engine takes them. */
export function extraHosts(hosts: Service['extra_hosts']): readonly string[] | undefined {
  if (!hosts) return undefined
  return Object.keys(hosts)
    .toSorted()
    .flatMap(host => hosts[host]!.map(ip => `${host}:${ip}`))
}

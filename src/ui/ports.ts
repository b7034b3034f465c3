import type { PublishedPort } from '../actions/status.ts'

/**
 * The PORTS column as docker prints it: by container port, neighbours with the same number inside and outside joined to ranges,
 * what is mapped to another number last: `80/tcp, 0.0.0.0:8000-8002->8000-8002/tcp, 0.0.0.0:8080->80/tcp`.
 */
export function portsText(ports: readonly PublishedPort[]): string {
  const open = new Map<string, Range>()
  const closed: string[] = []
  const mapped: string[] = []
  for (const port of ports.toSorted(compare)) {
    const { ip, target, published, protocol } = port
    if (ip !== '' && published !== target) {
      mapped.push(`${address(ip, published)}->${target}/${protocol}`)
      continue
    }
    const key = `${ip}/${protocol}`
    const range = open.get(key)
    if (range && target === range.last + 1) range.last = target
    else {
      if (range) closed.push(rangeText(range))
      open.set(key, { port, first: target, last: target })
    }
  }
  return [...closed, ...[...open.values()].map(rangeText), ...mapped].join(', ')
}

interface Range {
  readonly port: PublishedPort
  readonly first: number
  last: number
}

function rangeText({ port: { ip, protocol }, first, last }: Range): string {
  const range = first === last ? String(first) : `${first}-${last}`
  return ip === '' ? `${range}/${protocol}` : `${address(ip, range)}->${range}/${protocol}`
}

const address = (ip: string, port: number | string) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)

function compare(a: PublishedPort, b: PublishedPort): number {
  return (
    a.target - b.target ||
    (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0) ||
    a.published - b.published ||
    (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : 0)
  )
}

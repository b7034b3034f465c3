import { isIP } from 'node:net'
import { dict, type Entry, type Node, type Scalar, scalar } from '../text/node.ts'
import type { Context } from './shape.ts'
import { bad, quoted, wrongType } from './wrong.ts'

/** One item as long ports: several for a range, undefined for what cannot be read. */
export function expandPort(node: Node, context: Context): readonly Node[] | undefined {
  if (node.kind === 'dict') return [node]
  const { value } = node.kind === 'scalar' ? node : { value: null }
  if (node.kind === 'list' || (typeof value !== 'string' && typeof value !== 'number'))
    return wrongType('a port such as "8080:80"', node, context)
  const parts = split(String(value))
  const problem = 'why' in parts ? parts : problemOf(parts)
  if (problem === undefined) return spread(parts as Parts, node)
  if (context.interpolated === false) return undefined
  const { why, hint = 'write HOST:CONTAINER, for example "8080:80"' } = problem
  return bad('bad-port', `${quoted(String(value))} is not a port: ${why}`, node.at, context, hint)
}

/** Go's addresses have no zone. */
export const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%')

interface Wrong {
  readonly why: string
  readonly hint?: string
}

interface Parts {
  readonly ip: string
  readonly host: string
  readonly container: string
  readonly protocol: string
}

function split(spec: string): Parts | Wrong {
  const slash = spec.indexOf('/')
  const [address, protocol] = slash < 0 ? [spec, 'tcp'] : [spec.slice(0, slash), spec.slice(slash + 1).toLowerCase()]
  const fields = address.split(':')
  const container = fields.pop() ?? ''
  const host = fields.pop() ?? ''
  const ip = fields.join(':')
  const bracketed = /^\[(.*)\]$/.exec(ip)?.[1]
  if (ip.includes(':') && bracketed === undefined)
    return isAddress(ip)
      ? { why: 'an IPv6 address must stand in brackets', hint: `write "[${ip}]:${host}:${container}"` }
      : { why: 'it has too many colons' }
  return { ip: bracketed ?? ip, host, container, protocol: protocol || 'tcp' }
}

function problemOf({ ip, host, container, protocol }: Parts): Wrong | undefined {
  if (!container) return { why: 'the container port is missing' }
  if (ip && !isAddress(ip))
    return { why: `"${ip}" is not an IP address`, hint: `write an address, as in "127.0.0.1:${host}:${container}"` }
  const inside = range(container)
  if (!inside || inside[0] === 0) return { why: `container port "${container}" is not a number from 1 to 65535` }
  const outside = host ? range(host) : undefined
  if (host && !outside) return { why: `host port "${host}" is not a number up to 65535` }
  if (outside && inside[1] > inside[0] && inside[1] - inside[0] !== outside[1] - outside[0])
    return {
      why: `the ranges "${host}" and "${container}" differ in length`,
      hint: 'give both as many ports, or one port of the container',
    }
  if (!['tcp', 'udp', 'sctp'].includes(protocol))
    return { why: `"${protocol}" is not a protocol`, hint: 'write /tcp, /udp or /sctp after the ports, or nothing' }
  return undefined
}

function range(text: string): readonly [number, number] | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!match) return undefined
  const first = Number(match[1])
  const last = Number(match[2] ?? match[1])
  return first <= last && last <= 65535 ? [first, last] : undefined
}

function spread({ ip, host, container, protocol }: Parts, from: Node): readonly Node[] {
  const [first, last] = range(container)!
  const outside = host ? range(host)! : undefined
  const made: { key: string; node: Node }[] = []
  for (let target = first; target <= last; target++) {
    const start = outside && outside[0] + target - first
    const end = outside && first === last && outside[1] > outside[0] ? `-${outside[1]}` : ''
    const values: readonly (readonly [string, Scalar['value']])[] = [
      ['mode', 'ingress'],
      ...(ip ? [['host_ip', ip] as const] : []),
      ['target', target],
      ...(start === undefined ? [] : [['published', `${start}${end}`] as const]),
      ['protocol', protocol],
    ]
    const entries = values.map(([key, value]): [string, Entry] => [key, { key: from.at, node: scalar(value, from.at) }])
    made.push({ key: `${target}/${protocol}`, node: dict(entries, from.at) })
  }
  // docker compose goes through the ports of one text in the order of their names, "10" before "9".
  return made.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ node }) => node)
}

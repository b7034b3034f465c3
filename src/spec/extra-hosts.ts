import { list as listNode, type Node, type Scalar, scalar } from '../text/node.ts'
import { sortedKeys } from './plain.ts'
import { type Context, isEmpty, type Shape } from './shape.ts'
import { bad, quoted, scalarText, wrongType } from './wrong.ts'

type Hosts = Readonly<Record<string, readonly string[]>>

const expects = 'a mapping of hosts, or a list of texts such as "host=1.2.3.4"'

const schema = {
  oneOf: [
    {
      type: 'object',
      additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    },
    { type: 'array', items: { type: 'string' }, uniqueItems: true },
  ],
}

/**
 * Host → addresses, as a mapping or a list of texts, which may name a host again. Merged they are a list of texts:
 * only a text that is there already is not added.
 */
export const extraHosts: Shape<Hosts> = {
  expects,
  schema,
  canon(node, context) {
    if (node.kind === 'scalar') return wrongType(expects, node, context)
    const items = node.kind === 'list' ? node.items : [...node.entries.values()].flatMap(entry => itemsOf(entry.node))
    for (const item of items)
      if (item.kind !== 'scalar' || typeof item.value !== 'string')
        return wrongType(node.kind === 'list' ? 'text such as "host=1.2.3.4"' : 'an address', item, context)
    return node.kind === 'list' ? listNode(distinct(node.items), node.at) : node
  },
  merge(base, over) {
    if (isEmpty(over) || base === over) return base
    return isEmpty(base) ? over : listNode(distinct([...lines(base), ...lines(over)]), base.at)
  },
  decode(node, context) {
    const hosts = new Map<string, string[]>()
    for (const line of lines(node)) addLine(hosts, line, context)
    return Object.fromEntries(hosts)
  },
  encode(hosts) {
    const written = sortedKeys(hosts).flatMap(host => hosts[host]!.map(address => `${host}=${address}`))
    return written.length ? written.toSorted() : undefined
  },
}

function addLine(hosts: Map<string, string[]>, line: Scalar, context: Context): void {
  const text = scalarText(line)
  // The first of the two separators ends the name: an IPv6 address is full of the other.
  const [, host = '', addresses = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? /^([^:]*):(.*)$/s.exec(text) ?? []
  const hint = 'write "host=1.2.3.4"'
  if (/[:=]/.test(host)) bad('bad-host', `${quoted(host)} is not a host name`, line.at, context, hint)
  const items = addresses.split(',').map(unbracketed)
  if (items.includes('')) bad('bad-host', `${quoted(text)} has no address`, line.at, context, hint)
  hosts.set(host, [...(hosts.get(host) ?? []), ...items])
}

/** A mapping as the list of texts that says the same. */
function lines(node: Node): readonly Scalar[] {
  if (node.kind === 'list') return node.items as readonly Scalar[]
  if (node.kind === 'scalar') return []
  return [...node.entries].flatMap(([host, entry]) => {
    const addresses = itemsOf(entry.node) as readonly Scalar[]
    return addresses.length
      ? addresses.map(address => scalar(`${host}=${scalarText(address)}`, address.at))
      : [scalar(`${host}=`, entry.key)]
  })
}

function distinct(items: readonly Node[]): readonly Node[] {
  return [...new Map(items.map(item => [scalarText(item as Scalar), item])).values()]
}

const itemsOf = (node: Node): readonly Node[] => (node.kind === 'list' ? node.items : [node])

function unbracketed(address: string): string {
  return /^\[(.*)\]$/.exec(address)?.[1] ?? address
}

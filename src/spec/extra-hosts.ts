import { type Dict, type Entry, list as listNode, type Node, type Scalar, scalar } from '../text/node.ts'
import { part } from './mapping.ts'
import { sortedKeys } from './record.ts'
import { type Context, isEmpty, type Shape } from './shape.ts'
import { bad, describe, quoted, scalarText, wrongType } from './wrong.ts'

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

/** Host → addresses. Files add to each other; what is there already is not added again. */
export const extraHosts: Shape<Hosts> = {
  expects,
  schema,
  canon(node, context) {
    if (node.kind === 'scalar') return wrongType(expects, node, context)
    return { kind: 'dict', at: node.at, written: node.kind, entries: entriesOf(node, context) }
  },
  merge(base, over) {
    if (isEmpty(over) || base === over) return base
    if (base.kind !== 'dict' || over.kind !== 'dict') return over
    const entries = new Map(base.entries)
    for (const [host, entry] of over.entries)
      for (const address of itemsOf(entry.node)) add(entries, host, entry.key, address)
    return { ...base, written: 'list', entries }
  },
  decode(node, context) {
    const hosts: Record<string, string[]> = {}
    for (const [host, { key, node: addresses }] of (node as Dict).entries) {
      if (/[:=]/.test(host)) bad('bad-host', `${quoted(host)} is not a host name`, key, context, 'write "host=1.2.3.4"')
      const items = itemsOf(addresses).flatMap(item => scalarText(item as Scalar).split(','))
      if (!items.length || items.includes(''))
        bad('bad-host', `host ${quoted(host)} has no address`, key, context, 'write "host=1.2.3.4"')
      Object.defineProperty(hosts, host, { value: items.map(unbracketed), enumerable: true })
    }
    return hosts
  },
  encode(hosts) {
    const lines = sortedKeys(hosts).flatMap(host => hosts[host]!.map(address => `${host}=${address}`))
    return lines.length ? lines.toSorted() : undefined
  },
}

function entriesOf(node: Node, context: Context): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  if (node.kind === 'list')
    for (const item of node.items) {
      if (item.kind !== 'scalar' || typeof item.value !== 'string') {
        wrongType('text such as "host=1.2.3.4"', item, context)
        continue
      }
      const [, host = '', address = ''] = /^([^=:]*)[=:](.*)$/s.exec(item.value) ?? [undefined, item.value]
      add(entries, host, item.at, scalar(address, part(item, address)))
    }
  else if (node.kind === 'dict')
    for (const [host, entry] of node.entries) {
      const addresses = itemsOf(entry.node)
      const wrong = addresses.find(item => item.kind !== 'scalar' || typeof item.value !== 'string')
      if (wrong) wrongType('an address, or a list of them', wrong, context, `"${host}" has ${describe(wrong)}`)
      else entries.set(host, { key: entry.key, node: listNode(addresses, entry.node.at) })
    }
  return entries
}

function add(entries: Map<string, Entry>, host: string, key: Entry['key'], address: Node): void {
  const before = entries.get(host)
  const known = before ? itemsOf(before.node) : []
  if (known.some(item => scalarText(item as Scalar) === scalarText(address as Scalar))) return
  entries.set(host, { key: before?.key ?? key, node: listNode([...known, address], before?.node.at ?? address.at) })
}

const itemsOf = (node: Node): readonly Node[] => (node.kind === 'list' ? node.items : [node])

function unbracketed(address: string): string {
  return /^\[(.*)\]$/.exec(address)?.[1] ?? address
}

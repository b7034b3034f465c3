import type { Port } from '../model/project.ts'
import { type Dict, list as listNode, type Node, type Scalar, scalar } from '../text/node.ts'
import { list } from './list.ts'
import { integer } from './number.ts'
import { expandPort, isAddress } from './port-text.ts'
import { record } from './record.ts'
import { text } from './scalar.ts'
import { oneOf, type Shape } from './shape.ts'
import { bad, quoted, scalarText, wrongType } from './wrong.ts'

/** A number becomes text; that it was a number is kept, since it is another port than the same text. */
const published: Shape<string> = {
  ...text,
  schema: { type: ['string', 'integer'] },
  canon(node, context) {
    if (node.kind !== 'scalar') return wrongType('a port', node, context)
    if (typeof node.value === 'number') return { ...node, written: 'number' }
    return text.canon(node, context)
  },
}

const longPort: Shape<Port> = record<Port>(
  {
    name: text,
    mode: text,
    host_ip: text,
    target: integer(),
    published,
    protocol: text,
    app_protocol: text,
  },
  { required: ['target'], expects: 'a port such as "8080:80", or a mapping' },
)

/** A port out of a mapping: `mode` and `protocol` have defaults, and the address must be one. */
const port: Shape<Port> = {
  ...longPort,
  schema: oneOf({ type: ['number', 'string'] }, longPort.schema),
  canon(node, context) {
    const made = longPort.canon(node, context)
    if (made?.kind !== 'dict') return made
    const entries = new Map(made.entries)
    const defaults = { mode: 'ingress', protocol: 'tcp' }
    for (const [key, value] of Object.entries(defaults))
      if (!entries.has(key)) entries.set(key, { key: made.at, node: scalar(value, made.at) })
    return { ...made, entries }
  },
  decode(node, context) {
    const address = field(node as Dict, 'host_ip')
    if (address && !isAddress(scalarText(address)))
      bad(
        'bad-port',
        `${quoted(scalarText(address))} is not an IP address`,
        address.at,
        context,
        'write an address such as "127.0.0.1"',
      )
    return longPort.decode(node, context)
  },
}

const mappings = list(port, { expects: 'a list of ports', unique: identity })

/** Ports, short and long; a range stands for its ports. */
export const ports: Shape<readonly Port[]> = {
  ...mappings,
  canon(node, context) {
    if (node.kind !== 'list') return wrongType(mappings.expects, node, context)
    const items = node.items.map(item => expandPort(item, context))
    // With variables in it a list is expanded whole or not at all.
    if (context.interpolated === false && items.includes(undefined)) return node
    return mappings.canon(
      listNode(
        items.flatMap(item => item ?? []),
        node.at,
      ),
      context,
    )
  },
}

function identity(item: Node): string {
  if (item.kind !== 'dict') return scalarText(item as Scalar)
  const [ip, number, target, protocol] = ['host_ip', 'published', 'target', 'protocol'].map(key => field(item, key))
  const shown = number ? `${number.written === 'number' ? '#' : ''}${scalarText(number)}` : ''
  return `${ip ? scalarText(ip) : '0.0.0.0'}:${shown}:${target ? scalarText(target) : ''}/${protocol ? scalarText(protocol) : 'tcp'}`
}

function field(port: Dict, key: string): Scalar | undefined {
  const node = port.entries.get(key)?.node
  return node?.kind === 'scalar' && node.value !== null ? node : undefined
}

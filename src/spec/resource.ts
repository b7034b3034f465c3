import type { FileObject, Ipam, Model, Network, Volume } from '../model/project.ts'
import { type Dict, type Entry, list as listNode, type Node, scalar } from '../text/node.ts'
import { list, texts } from './list.ts'
import { distinctLabels, labels } from './mapping.ts'
import { named, orEmpty } from './named.ts'
import { integer, said } from './number.ts'
import { absolute, absoluteOrWindows, pathNode } from './paths.ts'
import { record } from './record.ts'
import { flag, printable, text } from './scalar.ts'
import { type Context, isEmpty, oneOf, type Shape } from './shape.ts'
import { quoted, scalarText, warn } from './wrong.ts'

type Pool = NonNullable<Ipam['config']>[number]

const options = named(printable('number'))

/** true or false, or (of old) a mapping with the name, which `liftName` has taken out of it. */
const external: Shape<boolean> = {
  ...flag,
  schema: oneOf(flag.schema, { type: 'object', deprecated: true, properties: { name: { type: 'string' } } }),
}

const pool = record<Pool>({ subnet: text, gateway: text, ip_range: text, aux_addresses: named(text) })
const pools = list(pool, { expects: 'a list of pools' })

/** Pools of one subnet are one, merged by key. */
const ipamConfig: Shape<readonly Pool[]> = {
  ...pools,
  merge(base, over, context) {
    if (base.kind !== 'list' || over.kind !== 'list') return pools.merge(base, over, context)
    const items = [...base.items]
    for (const item of over.items) {
      const subnet = subnetOf(item)
      const i = items.findIndex(other => subnetOf(other) === subnet)
      if (i < 0) items.push(item)
      else items[i] = pool.merge(items[i]!, item, context)
    }
    return listNode(items, base.at)
  },
}

const ipam = record<Ipam>({ driver: text, config: ipamConfig, options: named(text) })

const networkRows = record<Network>({
  name: text,
  driver: text,
  driver_opts: options,
  ipam: { ...ipam, encode: ({ options: _, ...rest }) => ipam.encode(rest) },
  external,
  internal: flag,
  attachable: flag,
  labels,
  enable_ipv4: said(flag),
  enable_ipv6: said(flag),
})

/** A network of the project; docker compose writes its `ipam` even where nothing is said. */
export const network: Shape<Network> = orEmpty(
  withExternalName({
    ...networkRows,
    encode: ({ ipam: addresses = {}, ...rest }) => networkRows.encode({ ...rest, ipam: addresses }),
  }),
)

const volumeRows = record<Volume>({ name: text, driver: text, driver_opts: options, external, labels: distinctLabels })

export const volume: Shape<Volume> = orEmpty(
  withExternalName({
    ...volumeRows,
    canon(node, context) {
      const made = volumeRows.canon(node, context)
      return made?.kind === 'dict' ? withDevicePath(made, context) : made
    },
  }),
)

const file: Shape<string> = {
  ...text,
  canon(node, context) {
    const made = text.canon(node, context)
    return made && pathNode(made, context, absoluteOrWindows)
  },
}

const shared = { name: text, file, environment: text, external, labels: distinctLabels, template_driver: text }

type Secret = Omit<FileObject, 'content'>
type Config = Omit<FileObject, 'driver' | 'driver_opts'>

export const secret: Shape<FileObject> = withExternalName(
  record<Secret>({ ...shared, driver: text, driver_opts: options }) as Shape<FileObject>,
)

export const config: Shape<FileObject> = withExternalName(
  record<Config>({ ...shared, content: text }) as Shape<FileObject>,
)

export const model: Shape<Model> = record<Model>(
  { name: text, model: text, context_size: integer({ fromText: false }), runtime_flags: texts },
  { required: ['model'] },
)

/** `external: {name: x}`, the old way to write `external: true` and `name: x`. */
function withExternalName<T extends object>(shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    canon(node, context) {
      const entry = node.kind === 'dict' ? node.entries.get('external') : undefined
      if (node.kind !== 'dict' || entry?.node.kind !== 'dict') return shape.canon(node, context)
      return shape.canon({ ...node, entries: lifted(node, entry, entry.node, context) }, context)
    },
  }
}

function lifted(node: Dict, entry: Entry, outer: Dict, context: Context): Map<string, Entry> {
  const entries = new Map(node.entries)
  entries.set('external', { key: entry.key, node: scalar(true, entry.key) })
  const inner = outer.entries.get('name')
  if (!inner || isEmpty(inner.node)) return entries
  warn('deprecated', '"external.name" is deprecated', inner.key, context, 'write "external: true" and "name:"')
  const own = entries.get('name')
  if (!own) entries.set('name', inner)
  else if (textOf(own.node) !== textOf(inner.node))
    context.report({
      code: 'conflict',
      severity: 'error',
      message: '"name" and "external.name" differ',
      at: inner.key,
      hint: 'keep "name"',
      notes: [{ message: '"name" is set here', at: own.key }],
    })
  return entries
}

/** The directory that a volume binds is a path like others, where it says that its driver is the local one. */
function withDevicePath(node: Dict, context: Context): Dict {
  const driver = textOf(node.entries.get('driver')?.node)
  const opts = node.entries.get('driver_opts')
  if (opts?.node.kind !== 'dict') return node
  const device = opts.node.entries.get('device')
  if (!device || textOf(opts.node.entries.get('o')?.node) !== 'bind') return node
  if (driver === undefined && context.interpolated !== false && textOf(device.node)?.startsWith('.'))
    warn(
      'odd-value',
      `${quoted(textOf(device.node)!)} is relative to no directory: docker compose makes it a path of the project only beside "driver: local"`,
      device.node.at,
      context,
      'write "driver: local" into the volume',
    )
  if (driver !== 'local') return node
  const inside = new Map(opts.node.entries)
  inside.set('device', { ...device, node: pathNode(device.node, context, absolute) })
  const entries = new Map(node.entries)
  entries.set('driver_opts', { ...opts, node: { ...opts.node, entries: inside } })
  return { ...node, entries }
}

function subnetOf(pool: Node): string | undefined {
  return pool.kind === 'dict' ? textOf(pool.entries.get('subnet')?.node) : undefined
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? scalarText(node) : undefined
}

import { goInteger } from '../base/go-number.ts'
import type { DeviceMapping, DeviceRequest } from '../model/project.ts'
import { type Dict, dict, list as listNode, type Node, scalar } from '../text/node.ts'
import { fields } from './fields.ts'
import { distinctTexts, list } from './list.ts'
import { labels } from './mapping.ts'
import { record } from './record.ts'
import { single, text } from './scalar.ts'
import { type Context, oneOf, type Shape, short } from './shape.ts'
import { bad, quoted, scalarText, wrongType } from './wrong.ts'

const longDevice = record<DeviceMapping>(
  { source: text, target: text, permissions: text },
  { required: ['source'], expects: 'a device such as "/dev/a:/dev/b:rwm", or a mapping' },
)

const device = short(longDevice, { schema: oneOf({ type: 'string' }, longDevice.schema) }, (node, context) => {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node
  const parts = node.value.split(':')
  if (parts.length > 3)
    return bad(
      'bad-device',
      `${quoted(node.value)} is not a device: it has too many colons`,
      node.at,
      context,
      'write SOURCE:TARGET:PERMISSIONS',
    )
  const [source = '', target = source, permissions = 'rwm'] = parts
  return dict(fields({ source, target, permissions }, node), node.at)
})

/** Unlike the schema, docker compose cannot do without the path in the container. */
const placed: Shape<DeviceMapping> = {
  ...device,
  decode(node, context) {
    if (!(node as Dict).entries.has('target'))
      bad('missing-key', '"target" is missing', node.at, context, 'write "target:", the path in the container')
    return device.decode(node, context)
  },
}

/** Devices; a later one of the same path in the container takes the place of the earlier. */
export const devices: Shape<readonly DeviceMapping[]> = list(placed, {
  expects: 'a list of devices',
  unique: item => {
    const { entries } = item as Dict
    const node = entries.get('target')?.node ?? entries.get('source')?.node
    return node?.kind === 'scalar' ? scalarText(node) : ''
  },
})

/** How many: a number, also as text, or "all", which is -1. */
const count: Shape<number> = single(
  'a number, or "all"',
  { type: ['string', 'integer'] },
  (node, context) => {
    const { value } = node
    return typeof value === 'string' || typeof value === 'number'
      ? node
      : wrongType('a number, or "all"', node, context)
  },
  (node, context) => {
    if (node.value === 'all') return -1
    const number = goInteger(scalarText(node))
    if (number === undefined)
      bad(
        'bad-number',
        `${quoted(scalarText(node))} is neither a number nor "all"`,
        node.at,
        context,
        'write a number, or "all"',
      )
    return number ?? 0
  },
  value => (value === 0 ? undefined : value),
)

const rows = { capabilities: distinctTexts, driver: text, count, device_ids: distinctTexts, options: labels }

/** Devices that a service asks for, by capability. */
export const deviceRequests: Shape<readonly DeviceRequest[]> = list(
  withCount(record<DeviceRequest>(rows, { required: ['capabilities'] })),
  { expects: 'a list of device requests' },
)

const gpuRequests = list(withCount(record<DeviceRequest>(rows, { unknown: 'warn' })), {
  expects: '"all", or a list of requests',
})

/** GPUs: "all", or requests. A later file can add requests to a list, and "all" to nothing. */
export const gpus: Shape<readonly DeviceRequest[]> = {
  ...gpuRequests,
  schema: oneOf({ const: 'all' }, gpuRequests.schema),
  canon(node, context) {
    if (node.kind !== 'scalar' || node.value !== 'all') return gpuRequests.canon(node, context)
    const all = dict(fields({ count: 'all' }, node), node.at)
    return listNode([{ ...all, written: 'text' }], node.at)
  },
  merge(base, over, context) {
    if (over.kind === 'list' && over.items[0]?.written === 'text' && base.kind === 'list') {
      context.report({
        code: 'cannot-override',
        severity: 'error',
        message: '"gpus" is a list already, which "all" cannot override',
        at: over.at,
        hint: 'write it in one of the files, or use !override',
        notes: [{ message: 'given here', at: base.at }],
      })
      return base
    }
    return gpuRequests.merge(base, over, context)
  },
}

/** All of them unless ids are named; a number and ids exclude each other. */
function withCount(shape: Shape<DeviceRequest>): Shape<DeviceRequest> {
  return {
    ...shape,
    decode(node: Node, context: Context) {
      const request = shape.decode(node, context)
      if (request.count !== undefined && request.device_ids?.length)
        context.report({
          code: 'conflict',
          severity: 'error',
          message: '"count" and "device_ids" exclude each other',
          at: keyOf(node, 'device_ids'),
          hint: 'keep one of them',
          notes: [{ message: '"count" is set here', at: keyOf(node, 'count') }],
        })
      return request.count === undefined && !request.device_ids?.length ? { ...request, count: -1 } : request
    },
  }
}

function keyOf(node: Node, key: string) {
  return (node.kind === 'dict' ? node.entries.get(key)?.key : undefined) ?? scalar(null, node.at).at
}

import type { Json, Provider } from '../model/project.ts'
import { list as listNode } from '../text/node.ts'
import { list } from './list.ts'
import { named } from './named.ts'
import { record } from './record.ts'
import { printable, text } from './scalar.ts'
import type { Shape } from './shape.ts'
import { oneOf } from './shape.ts'

const values = list(printable('number', 'boolean'), { expects: 'a value, or a list of values', keepEmpty: true })

const option: Shape<readonly string[]> = {
  ...values,
  schema: oneOf({ type: ['string', 'number', 'boolean'] }, values.schema),
  canon: (node, context) =>
    node.kind === 'dict'
      ? values.canon(node, context)
      : values.canon(node.kind === 'list' ? node : listNode([node], node.at), context),
}

const rows = record<Provider>({ type: text, options: named(option) }, { required: ['type'] })

/** What runs a service instead of the engine. Its type is written even where it is empty. */
export const provider: Shape<Provider> = {
  ...rows,
  encode: value => ({ type: value.type, ...(rows.encode(value) as { readonly [key: string]: Json }) }),
}

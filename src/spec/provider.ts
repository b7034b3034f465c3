import type { Json, Provider } from '../model/project.ts'
import { list as listNode } from '../text/node.ts'
import { list, unmixed } from './list.ts'
import { named } from './named.ts'
import { record } from './record.ts'
import { printable, text } from './scalar.ts'
import type { Shape } from './shape.ts'
import { oneOf } from './shape.ts'

const values = list(printable('number', 'boolean'), { expects: 'a value, or a list of values', keepEmpty: true })

const option: Shape<readonly string[]> = unmixed({
  ...values,
  schema: oneOf({ type: ['string', 'number', 'boolean'] }, values.schema),
  canon(node, context) {
    const list = node.kind === 'scalar' ? listNode([node], node.at) : node
    const made = values.canon(list, context)
    return made && node.kind === 'scalar' ? { ...made, written: 'text' } : made
  },
})

const rows = record<Provider>({ type: text, options: named(option) }, { required: ['type'] })

/** What runs a service instead of the engine. Its type is written even where it is empty. */
export const provider: Shape<Provider> = {
  ...rows,
  encode: value => ({ type: value.type, ...(rows.encode(value) as { readonly [key: string]: Json }) }),
}

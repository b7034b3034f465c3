import { goInteger } from '../base/go-number.ts'
import type { Ulimit } from '../model/project.ts'
import { scalar } from '../text/node.ts'
import { named } from './named.ts'
import { integer } from './number.ts'
import { record } from './record.ts'
import { later, oneOf, type Shape } from './shape.ts'
import { bad, quoted, wrongType } from './wrong.ts'

const both = record<{ readonly soft?: number; readonly hard?: number }>(
  { soft: integer(), hard: integer() },
  { required: ['soft', 'hard'] },
)

/** A number, or soft and hard; a later file replaces it whole. */
const ulimit: Shape<Ulimit> = {
  expects: 'a number, or a mapping of "soft" and "hard"',
  schema: oneOf({ type: ['integer', 'string'] }, both.schema),
  parts: both.parts!,
  canon(node, context) {
    if (node.kind === 'dict') return both.canon(node, context)
    if (node.kind === 'scalar' && typeof node.value === 'number') return node
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return wrongType(ulimit.expects, node, context)
    if (context.interpolated === false) return node
    const number = goInteger(node.value)
    return number === undefined
      ? bad('bad-number', `${quoted(node.value)} is not a whole number`, node.at, context, 'write digits only')
      : scalar(number, node.at)
  },
  merge: later,
  decode: (node, context) => (node.kind === 'scalar' ? { single: Number(node.value) } : both.decode(node, context)),
  encode: ({ single, soft, hard }) => (single ? single : { ...(soft && { soft }), ...(hard && { hard }) }),
}

export const ulimits: Shape<Readonly<Record<string, Ulimit>>> = named(ulimit, {
  expects: 'a mapping of limits',
})

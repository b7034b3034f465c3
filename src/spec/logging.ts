import type { Logging } from '../model/project.ts'
import { type Node } from '../text/node.ts'
import { named } from './named.ts'
import { record } from './record.ts'
import { printable, text } from './scalar.ts'
import { isEmpty, type Shape } from './shape.ts'
import { scalarText } from './wrong.ts'

const rows = record<Logging>({ driver: text, options: named(printable('number', 'null')) })

/** Options belong to a driver: another driver in a later file replaces them. */
export const logging: Shape<Logging> = {
  ...rows,
  merge(base, over, context) {
    if (isEmpty(over)) return base
    const [before, after] = [driverOf(base), driverOf(over)]
    return before !== undefined && after !== undefined && before !== after ? over : rows.merge(base, over, context)
  },
}

function driverOf(node: Node): string | undefined {
  const driver = node.kind === 'dict' ? node.entries.get('driver')?.node : undefined
  return driver?.kind === 'scalar' ? scalarText(driver) : undefined
}

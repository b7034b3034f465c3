import type { Dependency } from '../model/project.ts'
import { dict, type Entry, scalar } from '../text/node.ts'
import { named } from './named.ts'
import { namePattern, orNames } from './names.ts'
import { said } from './number.ts'
import { record } from './record.ts'
import { choice, flag } from './scalar.ts'
import type { Shape } from './shape.ts'

const rows = record<Dependency>(
  {
    condition: choice('service_started', 'service_healthy', 'service_completed_successfully'),
    restart: flag,
    required: said(flag),
  },
  { required: ['condition'], expects: 'a mapping with "condition"' },
)

const dependency: Shape<Dependency> = {
  ...rows,
  decode(node, context) {
    const value = rows.decode(node, context)
    return value.required === undefined ? { ...value, required: true } : value
  },
}

/** What a service waits for. A list of names waits until each has started. */
export const dependsOn: Shape<Readonly<Record<string, Dependency>>> = orNames(
  named(dependency, { pattern: namePattern }),
  name => {
    const entry = (value: string | boolean): Entry => ({ key: name.at, node: scalar(value, name.at) })
    return dict(
      [
        ['condition', entry('service_started')],
        ['required', entry(true)],
      ],
      name.at,
    )
  },
)

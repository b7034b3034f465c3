import type { Deploy, Resources, UpdateConfig } from '../model/project.ts'
import { deviceRequests } from './device.ts'
import { list, texts } from './list.ts'
import { labels } from './mapping.ts'
import { duration, float, integer, said, size } from './number.ts'
import { record } from './record.ts'
import { choice, text } from './scalar.ts'
import { orAbsent, type Shape } from './shape.ts'

type Policy = NonNullable<Deploy['restart_policy']>
type Placement = NonNullable<Deploy['placement']>
type Groups = NonNullable<Deploy['resources']>
type Generic = NonNullable<Resources['generic_resources']>[number]

const update = record<UpdateConfig>({
  parallelism: said(integer({ minimum: 0 })),
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: float,
  order: choice('start-first', 'stop-first'),
})

const generic = record<Generic>({
  discrete_resource_spec: record<NonNullable<Generic['discrete_resource_spec']>>({
    kind: text,
    value: integer({ cut: true }),
  }),
})

const amounts = { cpus: float, memory: size({ numbers: 'none' }) }
const resources = record<Groups>({
  limits: record<Pick<Resources, 'cpus' | 'memory' | 'pids'>>({ ...amounts, pids: integer() }),
  reservations: record<Omit<Resources, 'pids'>>({
    ...amounts,
    devices: deviceRequests,
    generic_resources: list(generic, { expects: 'a list of resources' }),
  }),
})

const placement = record<Placement>({
  constraints: texts,
  preferences: list(record<NonNullable<Placement['preferences']>[number]>({ spread: text })),
  max_replicas_per_node: integer({ minimum: 0 }),
})

const rows = record<Deploy>({
  mode: text,
  replicas: said(integer()),
  labels,
  update_config: update,
  rollback_config: update,
  resources,
  restart_policy: record<Policy>({
    condition: text,
    delay: said(duration),
    max_attempts: said(integer({ minimum: 0 })),
    window: said(duration),
  }),
  placement,
  endpoint_mode: text,
})

/** How a service is deployed; `resources` and `placement` are written even when they say nothing. */
export const deploy: Shape<Deploy> = orAbsent({
  ...rows,
  encode: ({ resources: asked = {}, placement: places = {}, ...rest }) =>
    rows.encode({ ...rest, resources: asked, placement: places }),
})

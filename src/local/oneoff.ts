import type { ContainerSpec, EndpointSpec } from '../engine/engine.ts'
import { LABEL } from '../model/names.ts'
import type { DesiredService } from './desired.ts'
import { parentIn } from './judge/replicas.ts'
import type { Observed } from './observe.ts'

/** What a container of `run` has, or lacks, besides what its service's have. */
export interface Oneoff {
  readonly name: string
  readonly slug: string
  /** Answer to the service's names on its networks. */
  readonly useAliases: boolean
  /** The engine removes it when it has ended. */
  readonly rm: boolean
  /** Somebody types into it. */
  readonly stdin: boolean
}

/** The container of `run`: made of what every container of its service is, and none of its replicas. */
export function oneoffSpec(service: DesiredService, observed: Observed, oneoff: Oneoff): ContainerSpec {
  const { name, slug, useAliases, rm, stdin } = oneoff
  const replicas = observed.containers.filter(c => c.kind === 'replica')
  const spec = service.spec(1, {
    parent: parentIn(observed),
    linked: other => replicas.filter(c => c.service === other).map(({ name, number }) => ({ name, number })),
  })
  const { [LABEL.number]: _, ...labels } = spec.labels
  const alone = ({ aliases: __, ...endpoint }: EndpointSpec): EndpointSpec => ({ ...endpoint, aliases: [name] })
  return {
    ...spec,
    labels: { ...labels, [LABEL.oneoff]: 'True', [LABEL.slug]: slug },
    ...(spec.networks && !useAliases && { networks: spec.networks.map(alone) }),
    ...(rm && { auto_remove: true }),
    ...(stdin && { stdin_open: true, stdin_once: true }),
  }
}

import { defined } from '../../base/defined.ts'
import type { ContainerSpec } from '../../engine/engine.ts'
import type { Service } from '../../model/project.ts'

/** `deploy.restart_policy` wins over `restart`. */
export function restartPolicy(service: Service): ContainerSpec['restart'] {
  const policy = service.deploy?.restart_policy
  if (policy) {
    const name = modeOf(policy.condition ?? 'any')
    // Engines refuse a maximum with any other mode.
    return defined({ name, maximum_retry_count: name === 'on-failure' ? policy.max_attempts : undefined })
  }
  if (!service.restart) return undefined
  const [mode, maximum] = service.restart.split(':')
  return defined({ name: modeOf(mode!), maximum_retry_count: maximum === undefined ? undefined : Number(maximum) })
}

/** Swarm's words and the engine's for the same thing. */
function modeOf(condition: string): string {
  switch (condition) {
    case 'none':
      return 'no'
    case 'any':
      return 'always'
    default:
      return condition
  }
}

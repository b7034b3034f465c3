import { dockerfileStart } from './dockerfile-start.ts'
import { health } from './health.ts'
import { ports } from './ports.ts'
import type { Rule } from './rule.ts'
import { texts } from './texts.ts'
import { volumes } from './volumes.ts'

/** Rules about what is certain to go wrong when a project is started. Apart from all rules, of which `up` would load most in vain. */
export const certain: readonly Rule[] = [...health, ...texts, ...ports, ...volumes, ...dockerfileStart].filter(
  ({ star, severity }) => star && severity === 'error',
)

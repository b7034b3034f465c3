import { health } from './health.ts'
import { lifetime } from './lifetime.ts'
import { merges } from './merges.ts'
import { ports } from './ports.ts'
import type { Rule } from './rule.ts'
import { security } from './security.ts'
import { texts } from './texts.ts'
import { volumes } from './volumes.ts'

/** Every rule, in the order in which docs/errors.md tells them. */
export const rules: readonly Rule[] = [...health, ...lifetime, ...texts, ...merges, ...ports, ...volumes, ...security]

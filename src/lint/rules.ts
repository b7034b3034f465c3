import { dockerfileStart } from './dockerfile-start.ts'
import { dockerfileSteps } from './dockerfile-steps.ts'
import { health } from './health.ts'
import { idle } from './idle.ts'
import { lifetime } from './lifetime.ts'
import { merges } from './merges.ts'
import { mounts } from './mounts.ts'
import { networks } from './networks.ts'
import { ports } from './ports.ts'
import { probes } from './probes.ts'
import { rights } from './rights.ts'
import type { Rule } from './rule.ts'
import { security } from './security.ts'
import { spelling } from './spelling.ts'
import { texts } from './texts.ts'
import { volumes } from './volumes.ts'

/** Every rule, in the order in which docs/errors.md tells them. */
export const rules: readonly Rule[] = [
  ...health,
  ...probes,
  ...lifetime,
  ...texts,
  ...merges,
  ...spelling,
  ...idle,
  ...ports,
  ...networks,
  ...volumes,
  ...mounts,
  ...security,
  ...rights,
  ...dockerfileStart,
  ...dockerfileSteps,
]

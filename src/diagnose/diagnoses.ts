import { builds } from './builds.ts'
import { clock } from './clock.ts'
import { databases } from './databases.ts'
import type { Cause, Diagnosis } from './diagnosis.ts'
import { endings } from './endings.ts'
import { engines } from './engines.ts'
import { execFiles } from './exec-files.ts'
import { full } from './full.ts'
import { health } from './health.ts'
import { hooks } from './hooks.ts'
import { images } from './images.ts'
import { kills } from './kills.ts'
import { limits } from './limits.ts'
import { listening } from './listening.ts'
import { loading } from './loading.ts'
import { loops } from './loops.ts'
import { memory } from './memory.ts'
import { mounts } from './mounts.ts'
import { names } from './names.ts'
import { networks } from './networks.ts'
import { permissions } from './permissions.ts'
import { ports } from './ports.ts'
import { pressure } from './pressure.ts'
import { stale } from './stale.ts'
import { starts } from './starts.ts'
import { waits } from './waits.ts'

/** Every cause that we know, the more telling ones first. */
export const diagnoses: readonly Diagnosis[] = [
  ...images,
  ...builds,
  ...ports,
  ...names,
  ...listening,
  ...networks,
  ...starts,
  ...execFiles,
  ...databases,
  ...mounts,
  ...permissions,
  ...full,
  ...limits,
  ...health,
  ...loops,
  ...memory,
  ...kills,
  ...endings,
  ...stale,
  ...clock,
  ...pressure,
  ...hooks,
  ...waits,
]

/** Those and the ones that are told where there is no scene, for whom explains them. */
export const causes: readonly Cause[] = [...diagnoses, ...loading, ...engines]

import { defined } from '../../base/defined.ts'
import type { Feature, HealthcheckSpec } from '../../engine/engine.ts'
import type { Healthcheck } from '../../model/project.ts'

/** The service's own check, `NONE` where it is switched off, undefined where the image's stands. */
export function healthcheck(
  check: Healthcheck | undefined,
  features: ReadonlySet<Feature>,
): HealthcheckSpec | undefined {
  if (!check) return undefined
  return defined({
    test: check.disable ? ['NONE'] : check.test,
    interval: check.interval,
    timeout: check.timeout,
    start_period: check.start_period,
    // An engine before 25 refuses the field; `unsupported` tells the user.
    start_interval: features.has('start-interval') ? check.start_interval : undefined,
    retries: check.retries,
  })
}

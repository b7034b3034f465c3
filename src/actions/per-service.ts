import { suggest } from '../base/suggest.ts'
import { scaleOf } from '../local/desired.ts'
import type { Project } from '../model/project.ts'
import { select } from '../model/select.ts'
import { userError } from '../text/problem.ts'
import type { PlanOptions } from './plan-up.ts'

/** Flags speak of the named services (or all); those that are here only because others need them have their own. */
export function recreation(
  project: Project,
  options: PlanOptions,
): (service: string) => 'changed' | 'always' | 'never' {
  const { services = [], recreate = 'changed', recreateDeps, renewAnonVolumes } = options
  const named = services.length ? new Set(Object.keys(select(project, { services, noDeps: true }).services)) : undefined
  return service => {
    if (!named || named.has(service)) return renewAnonVolumes ? 'always' : recreate
    if (recreateDeps) return 'always'
    return recreate === 'never' ? 'never' : 'changed'
  }
}

/** How many containers flags ask for, by service. Throws UserError for services that are not there, or cannot be several. */
export function checkedScale(
  project: Project,
  selected: Project,
  { scale = {} }: PlanOptions,
): Readonly<Record<string, number>> {
  const unknown = Object.keys(scale).find(service => !Object.hasOwn(project.services, service))
  if (unknown !== undefined) {
    const near = suggest(unknown, Object.keys(project.services))
    throw userError('no-such-service', `no such service: ${unknown}: not found`, near && `did you mean "${near}"?`)
  }
  for (const [name, service] of Object.entries(selected.services))
    if (service.container_name !== undefined && scaleOf(service, scale[name]) > 1)
      throw userError(
        'scaled-name',
        `The "${name}" service is using the custom container name "${service.container_name}". Docker requires each container to have a unique name`,
        'remove the custom name to scale the service',
      )
  return scale
}

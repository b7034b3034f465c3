import { imageName, type Separator } from '../../model/names.ts'
import type { Project, Service } from '../../model/project.ts'

/** The image that a service runs: `image`, or for one that is only built, project and service. */
export function imageOf(project: Project, service: string, separator: Separator): string {
  return project.services[service]?.image ?? imageName(project.name, service, separator)
}

/** The platform that a service asks for, or DOCKER_DEFAULT_PLATFORM. */
export function platformOf(project: Project, service: Service): string | undefined {
  return service.platform ?? project.environment.DOCKER_DEFAULT_PLATFORM
}

/** Images that a service needs besides its own: those mounted into it, and those of its `pre_start` hooks. */
export function otherImages(service: Service): readonly string[] {
  const mounted = (service.volumes ?? []).filter(volume => volume.type === 'image').map(volume => volume.source)
  const hooks = (service.pre_start ?? []).map(hook => hook.image)
  return [...new Set([...mounted, ...hooks])].filter(
    reference => reference !== undefined && reference !== service.image,
  ) as string[]
}

import { containerName, type Separator } from '../../model/names.ts'
import type { Project } from '../../model/project.ts'

/** The name that a service's container has: `container_name`, or project, service and number. */
export function containerNameOf(project: Project, service: string, number: number, separator: Separator): string {
  return project.services[service]?.container_name ?? containerName(project.name, service, number, separator)
}

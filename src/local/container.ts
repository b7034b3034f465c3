import type { ContainerSpec, Feature } from '../engine/engine.ts'
import { containerName, type Separator } from '../model/names.ts'
import type { Project } from '../model/project.ts'

/** What a container's specification stands on besides the project. */
export interface Given {
  readonly separator: Separator
  /** Digest of a service's image, for its label; undefined where the engine does not have the image yet. */
  readonly image: (service: string) => string | undefined
  /** Id, or the name until there is one, of the container whose namespace or volumes a service borrows. */
  readonly parent: (service: string) => string | undefined
  readonly features: ReadonlySet<Feature>
  /** Digest of what a mount of type `image` brings in. */
  readonly mountedImage?: (reference: string) => string | undefined
}

/** The name that a service's container has: `container_name`, or project, service and number. */
export function containerNameOf(project: Project, service: string, number: number, separator: Separator): string {
  return project.services[service]?.container_name ?? containerName(project.name, service, number, separator)
}

/** What the engine is asked for, for one container of a service: labels and hashes included. */
export function containerSpec(project: Project, service: string, number: number, given: Given): ContainerSpec {
  throw new Error(`not written yet: ${project.name} ${service} ${number} ${given.separator}`)
}

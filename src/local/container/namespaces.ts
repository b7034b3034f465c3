import { namespaceOwner } from '../../model/graph.ts'
import type { Project, Service } from '../../model/project.ts'
import type { Given } from '../given.ts'
import { containerNameOf } from './container-name.ts'

/** `service:x` as the engine takes it, `container:` and the container; every other mode as it is. */
export function namespace(project: Project, mode: string | undefined, given: Given): string | undefined {
  const service = namespaceOwner(mode)
  return service !== undefined ? `container:${parentOf(project, service, given)}` : mode
}

/** docker compose drops the `:ro` of a service's volumes here; the engine takes it, and the file says it. */
export function volumesFrom(project: Project, service: Service, given: Given): readonly string[] | undefined {
  return service.volumes_from?.map(entry => {
    if (entry.startsWith('container:')) return entry.slice('container:'.length)
    const [name, ...mode] = entry.split(':')
    return [parentOf(project, name!, given), ...mode].join(':')
  })
}

function parentOf(project: Project, service: string, given: Given): string {
  return given.parent(service) ?? containerNameOf(project, service, 1, given.separator)
}

import type { Project, Service } from '../../model/project.ts'
import { otherImages } from './names.ts'

/** An image of a registry that a project runs, and a service that does. */
export interface ForeignImage {
  readonly image: string
  readonly service: string
  /** Of the attribute that names it. */
  readonly path: readonly string[]
  /** Whether a service can build it as well, so that a registry need not have it. */
  readonly buildable: boolean
}

/** The images that come from registries, each once: those of services, of mounts and of `pre_start` hooks. */
export function foreignImages(project: Project): readonly ForeignImage[] {
  const services = Object.entries(project.services).filter(([, service]) => !service.provider)
  const built = new Set(services.flatMap(([, { build, image }]) => (build && image !== undefined ? [image] : [])))
  const found = new Map<string, ForeignImage>()
  for (const [name, service] of services)
    for (const image of [service.image, ...otherImages(service)])
      if (image !== undefined && !found.has(image))
        found.set(image, { image, service: name, path: pathOf(name, service, image), buildable: built.has(image) })
  return [...found.values()]
}

function pathOf(name: string, { image: own, volumes = [] }: Service, image: string): readonly string[] {
  const mounted = volumes.some(({ type, source }) => type === 'image' && source === image)
  return ['services', name, image === own ? 'image' : mounted ? 'volumes' : 'pre_start']
}

/** The project with other names for its images; undefined leaves one as it is written. */
export function withImages(project: Project, nameOf: (image: string) => string | undefined): Project {
  const named = (image: string) => nameOf(image) ?? image
  const renamed = (service: Service): Service => ({
    ...service,
    ...(service.image !== undefined && { image: named(service.image) }),
    ...(service.volumes && {
      volumes: service.volumes.map(mount =>
        mount.type === 'image' && mount.source !== undefined ? { ...mount, source: named(mount.source) } : mount,
      ),
    }),
    ...(service.pre_start && {
      pre_start: service.pre_start.map(hook =>
        hook.image === undefined ? hook : { ...hook, image: named(hook.image) },
      ),
    }),
  })
  return {
    ...project,
    services: Object.fromEntries(Object.entries(project.services).map(([name, service]) => [name, renamed(service)])),
  }
}

import { isImageReference } from '../../base/image-reference.ts'
import type { Engine, ImageDetail } from '../../engine/engine.ts'
import { withContextServices } from '../../model/build-contexts.ts'
import type { Separator } from '../../model/names.ts'
import type { Project } from '../../model/project.ts'
import { type Builder, builderOf } from '../build/builder.ts'
import { imageOf, otherImages, platformOf } from './names.ts'

/** The images that the engine has. */
export interface Images {
  readonly of: (service: string) => ImageDetail | undefined
  /** By name: images of hooks, and of mounts of type `image`. */
  readonly named: (reference: string) => ImageDetail | undefined
  /** What can build them; the classic builder without it. */
  readonly builder?: Builder
}

/**
 * What the engine has of the project's images, each asked for once and all at the same time.
 * An image of another platform than the service's does not count.
 */
export async function localImages(
  engine: Pick<Engine, 'inspectImage' | 'imageStore' | 'info'>,
  chosen: Project,
  separator: Separator = '-',
): Promise<Images> {
  const project = withContextServices(chosen)
  const asked = new Map<string, Promise<ImageDetail | undefined>>()
  const ask = (reference: string, platform?: string) => {
    // Newer engines answer what is no name with an error; what is wrong is told with its place later.
    if (!isImageReference(reference)) return Promise.resolve(undefined)
    const key = JSON.stringify([reference, platform])
    const answer = asked.get(key) ?? engine.inspectImage(reference, platform === undefined ? {} : { platform })
    asked.set(key, answer)
    return answer
  }
  const services = new Map<string, ImageDetail>()
  const named = new Map<string, ImageDetail>()
  const looking = Promise.all(
    Object.entries(project.services).flatMap(([name, service]) => {
      const platform = platformOf(project, service)
      const own = ask(imageOf(project, name, separator), platform).then(image => {
        if (image && isOf(image, platform)) services.set(name, image)
      })
      const others = otherImages(service).map(async reference => {
        const image = await ask(reference)
        if (image) named.set(reference, image)
      })
      return [own, ...others]
    }),
  )
  const builds = Object.values(project.services).some(service => service.build)
  const [builder] = await Promise.all([builds ? builderOf(engine, project) : undefined, looking])
  return {
    of: service => services.get(service),
    named: reference => named.get(reference),
    ...(builder && { builder }),
  }
}

/** Whether an image runs on `os/arch[/variant]`; engines tell no variant for most images, so it is not compared. */
function isOf(image: ImageDetail, platform: string | undefined): boolean {
  if (platform === undefined) return true
  const [os, arch] = platform.split('/')
  return image.os === os && (arch === undefined || image.arch === arch)
}

import type { Engine, ImageDetail } from '../engine/engine.ts'
import type { Project } from '../model/project.ts'
import { draft, type Plan } from '../plan/plan.ts'
import type { Step } from './steps.ts'

/** One image to be built, as the builder needs it. Paths are absolute. */
export interface BuildSpec {
  /** First the image's name, then `build.tags`. */
  readonly tags: readonly string[]
  readonly context: string
  /** Absolute; may lie outside the context. */
  readonly dockerfile: string
  /** The Dockerfile's text, in place of the file. */
  readonly dockerfile_inline?: string
  readonly target?: string
  readonly args?: Readonly<Record<string, string | null>>
  readonly labels?: Readonly<Record<string, string>>
  readonly no_cache?: boolean
  readonly pull?: boolean
  readonly platform?: string
  readonly network?: string
  /** `host:ip` */
  readonly extra_hosts?: readonly string[]
  readonly shm_size?: number
  readonly cache_from?: readonly string[]
}

export type PullPolicy = 'always' | 'missing' | 'never' | 'build' | 'if_not_present' | 'policy'

/** The images that the engine has, by service. */
export interface Images {
  readonly of: (service: string) => ImageDetail | undefined
  /** By name: images of mounts of type `image`. */
  readonly named: (reference: string) => ImageDetail | undefined
}

export interface ImageOptions {
  /** `--pull`; `policy` and absence leave it to each service's `pull_policy`. */
  readonly pull?: PullPolicy
  readonly build?: boolean
  readonly noBuild?: boolean
}

/** What the engine has of the project's images, asked all at once. */
export async function localImages(engine: Pick<Engine, 'inspectImage'>, project: Project): Promise<Images> {
  const names = Object.entries(project.services).map(([key, s]) => [key, s.image ?? `${project.name}-${key}`] as const)
  const found = new Map(
    await Promise.all(names.map(async ([key, image]) => [key, await engine.inspectImage(image)] as const)),
  )
  return { of: service => found.get(service), named: () => undefined }
}

/** What must be pulled and built before containers can be made. */
export function imagePlan(project: Project, images: Images, options: ImageOptions = {}): Plan<Step> {
  void [project, images, options]
  return draft<Step>().done()
}

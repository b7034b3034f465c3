import { otherImages } from '../../local/images/names.ts'
import { type ForeignImage, foreignImages, withImages } from '../../local/images/pinned.ts'
import type { Project } from '../../model/project.ts'
import type { RegistryOptions } from '../../registry/http.ts'
import type { Origin } from '../../text/origin.ts'
import { type Problem, type Report, UserError } from '../../text/problem.ts'

export interface DigestOptions {
  readonly registry: RegistryOptions
  readonly origin: Origin
  /** Hears of images that are left as they are. */
  readonly report: Report
  /** What is known already, and need not be asked for. */
  readonly known?: (image: string) => string | undefined
}

/** The project with the digests of its images, named in full as docker compose prints them. Throws UserError. */
export async function resolved(project: Project, options: DigestOptions): Promise<Project> {
  const { fullName } = await import('../../registry/reference.ts')
  const digests = await imageDigests(project, options)
  return withImages(project, image => {
    const digest = digests.get(image)
    return digest === undefined ? undefined : `${fullName(image)}@${digest}`
  })
}

/** Images that a file of digests to lay over the others cannot name: those of hooks and of mounts, which it would add once more. */
export function withoutLock(project: Project, origin: Origin): readonly Problem[] {
  return Object.entries(project.services).flatMap(([name, service]) =>
    otherImages(service).map((image): Problem => {
      const at = origin.at(['services', name])
      return {
        code: 'not-in-lock',
        severity: 'warning',
        message: `image "${image}" of a hook or a mount of service "${name}" is not in this file`,
        hint: 'gantry lock knows it: gantry up --locked',
        ...(at && { at }),
      }
    }),
  )
}

/** How many registries' answers may be awaited at a time. */
const most = 8

/**
 * The digests that a project's images stand for at their registries now, each asked for once. Left out are those that name one,
 * and those that a service builds and no registry has. Throws UserError with every image that has none.
 */
export async function imageDigests(project: Project, options: DigestOptions): Promise<ReadonlyMap<string, string>> {
  const { imageDigest } = await import('../../registry/image-digest.ts')
  const { registry, origin, report, known = () => undefined } = options
  const wanted = foreignImages(project).filter(({ image }) => !image.includes('@'))
  const waiting = [...wanted]
  const digests = new Map<string, string>()
  const problems = new Map<string, readonly Problem[]>()
  const one = async ({ image, service, path, buildable }: ForeignImage) => {
    try {
      digests.set(image, known(image) ?? (await imageDigest(image, registry)))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const at = origin.at(path)
      const told = error.problems.map(problem => ({
        ...problem,
        message: `image "${image}" of service "${service}" has no digest: ${problem.message}`,
        ...(at && { at }),
      }))
      if (!buildable) problems.set(image, told)
      else
        report({
          code: 'no-digest',
          severity: 'warning',
          message: `image "${image}" of service "${service}" is built here and is left without a digest: ${error.problems[0]!.message}`,
          hint: 'push it first',
          ...(at && { at }),
        })
    }
  }
  const next = async () => {
    for (let foreign = waiting.shift(); foreign; foreign = waiting.shift()) await one(foreign)
  }
  await Promise.all(Array.from({ length: most }, next))
  const told = wanted.flatMap(({ image }) => problems.get(image) ?? [])
  if (told.length > 0) throw new UserError(told)
  return digests
}

import { defined } from '../../base/defined.ts'
import { isImageReference } from '../../base/image-reference.ts'
import type { ImageDetail } from '../../engine/engine.ts'
import { withContextServices } from '../../model/build-contexts.ts'
import type { Separator } from '../../model/names.ts'
import type { Project, Service } from '../../model/project.ts'
import { type Draft, draft, type Plan, type Reason } from '../../plan/plan.ts'
import { nowhere, type Origin } from '../../text/origin.ts'
import { type Problem, UserError } from '../../text/problem.ts'
import { buildOrder, draftBuilds, unitOf, verdictOf, type WantedBuild } from '../build/draft.ts'
import { buildProblems } from '../build/problems.ts'
import { buildSpec } from '../build/spec.ts'
import type { Step } from '../steps.ts'
import type { Images } from './images.ts'
import { imageOf, otherImages, platformOf } from './names.ts'
import { mustPull, refreshWindow } from './pull-policy.ts'

export type PullPolicy = 'always' | 'missing' | 'never' | 'build' | 'if_not_present' | 'policy'

export interface ImageOptions {
  /** `--pull`: stands in for every service's `pull_policy`; "policy" leaves it to them. */
  readonly pull?: PullPolicy
  /** `--build`: build what can be built, whatever the engine has. */
  readonly build?: boolean
  readonly noBuild?: boolean
  readonly separator?: Separator
  /** Proxy variables of the docker configuration, as arguments of builds. */
  readonly proxy?: Readonly<Record<string, string>>
  /** Bytes that a step of the classic builder may use. */
  readonly memory?: number
  /** Build for every platform that is named, and not only for the one that runs here. */
  readonly allPlatforms?: boolean
  /** Milliseconds since the epoch; now, without it. */
  readonly now?: number
  readonly origin?: Origin
}

/**
 * What must be pulled and built before containers can be made; empty where the engine has all of it. An image that
 * could be built as well is pulled first where its service names one, and built if that brings nothing.
 * Throws UserError for builds that we cannot do, and for images that may neither be pulled nor built.
 */
export function imagePlan(chosen: Project, images: Images, options: ImageOptions = {}): Plan<Step> {
  const project = withContextServices(chosen)
  const {
    separator = '-',
    now = Date.now(),
    origin = nowhere,
    noBuild = false,
    proxy,
    memory,
    allPlatforms = false,
  } = options
  const builder = images.builder && { ...images.builder, allPlatforms, ...(memory !== undefined && { memory }) }
  const problems: Problem[] = []
  const plan = draft<Step>()
  const pulls = pulling(plan)
  const builds: WantedBuild[] = []
  for (const key of buildOrder(project, origin)) {
    const service = project.services[key]!
    if (service.provider) continue
    const image = imageOf(project, key, separator)
    if (!isImageReference(image)) problems.push(noImageName(key, image, origin))
    const policy = policyOf(service, options)
    const local = images.of(key)
    const why = reasonFor(key, service, local, options)
    const pulled = service.image !== undefined && mustPull(policy, local, now)
    if (pulled)
      pulls.add(image, why, {
        platform: platformOf(project, service),
        tolerate: canBuild(project, image, noBuild) || undefined,
        refresh: refreshWindow(policy) !== undefined || undefined,
      })
    for (const other of otherImages(service))
      if (mustPull(policy === 'build' ? 'missing' : policy, images.named(other), now))
        pulls.add(other, reasonFor(key, service, images.named(other), options))
    if (local !== undefined && policy !== 'build') continue
    if (service.build && !noBuild) {
      problems.push(...buildProblems(project, key, { ...(builder && { builder }), origin }))
      const build = buildSpec(project, key, {
        separator,
        origin,
        ...(proxy && { proxy }),
        ...(builder && { builder }),
      })
      builds.push({ service: key, build, pulled, why })
    } else if (local === undefined && !pulled && !canBuild(project, image, noBuild))
      problems.push(nothingToRun(key, service, image, policy, origin))
  }
  if (problems.length > 0) throw new UserError(problems)
  draftBuilds(plan, project, builds, pulls.of)
  return plan.done()
}

/** `--build` wins over `--pull`, and that over the file; `if_not_present` is the older word for `missing`. */
function policyOf(service: Service, { pull, build }: ImageOptions): string | undefined {
  if (build && service.build) return 'build'
  return pull === undefined || pull === 'policy' ? service.pull_policy : pull
}

/** Missing, or asked for by a flag, or by the service's policy. */
function reasonFor(key: string, service: Service, local: ImageDetail | undefined, options: ImageOptions): Reason {
  const place = (attribute: string) => {
    const at = options.origin?.at(['services', key, attribute])
    return at && { at }
  }
  if (!local) return { code: 'missing', ...place(service.image === undefined ? 'build' : 'image') }
  // The command itself asks for it where every platform is built.
  if (options.build && service.build)
    return options.allPlatforms ? { code: 'asked' } : { code: 'forced', path: '--build' }
  if (options.pull !== undefined && options.pull !== 'policy')
    return { code: 'forced', path: '--pull', to: options.pull }
  return { code: 'policy', path: 'pull_policy', to: service.pull_policy ?? 'missing', ...place('pull_policy') }
}

/** Whether some service of the project builds this image, so that a pull of it may fail. */
function canBuild(project: Project, image: string, noBuild: boolean): boolean {
  return !noBuild && Object.values(project.services).some(service => service.build && service.image === image)
}

interface HowToPull {
  readonly platform?: string | undefined
  readonly tolerate?: boolean | undefined
  readonly refresh?: boolean | undefined
}

/** Drafts each pull once, however many services run the image. */
function pulling(plan: Draft<Step>) {
  const drafted = new Map<string, { image: string; id: number }>()
  return {
    add(image: string, why: Reason, how: HowToPull = {}): void {
      const key = JSON.stringify([image, how.platform])
      if (drafted.has(key)) return
      const step = defined({ op: 'pull-image' as const, image, ...how })
      plan.change(unitOf(image), verdictOf('pull', why), [why])
      drafted.set(key, { image, id: plan.add(unitOf(image), step, [why]) })
    },
    /** The steps that pull an image. */
    of: (image: string) => [...drafted.values()].filter(pull => pull.image === image).map(pull => pull.id),
  }
}

function nothingToRun(
  key: string,
  service: Service,
  image: string,
  policy: string | undefined,
  origin: Origin,
): Problem {
  const at = origin.at(['services', key, service.build ? 'build' : 'image'])
  const built = service.build !== undefined
  return {
    code: built ? 'not-built' : 'image-missing',
    severity: 'error',
    message: built
      ? `service "${key}" has no image yet, and building is switched off`
      : `the engine does not have image "${image}" of service "${key}", and pull policy "${policy}" keeps it from being pulled`,
    hint: built ? 'leave out --no-build, or build it first' : 'pull the image first, or leave out the policy',
    ...(at && { at }),
  }
}

function noImageName(key: string, image: string, origin: Origin): Problem {
  const at = origin.at(['services', key, 'image'])
  return {
    code: 'image-name-invalid',
    severity: 'error',
    message: `"${image}" of service "${key}" is no name of an image`,
    hint: /[A-Z]/.test(image)
      ? 'write it in lower case'
      : 'look whether a variable in it is empty, and give it a default: ${TAG:-latest}',
    ...(at && { at }),
  }
}

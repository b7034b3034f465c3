import { Cycle, order } from '../base/dag.ts'
import { defined } from '../base/defined.ts'
import type { Engine, ImageDetail } from '../engine/engine.ts'
import { contextServices, withContextServices } from '../model/build-contexts.ts'
import { dependencies, inOrder } from '../model/graph.ts'
import { LABEL, type Separator } from '../model/names.ts'
import type { Project, Service } from '../model/project.ts'
import { type Draft, draft, type Plan, type Reason, type Unit } from '../plan/plan.ts'
import { nowhere, type Origin } from '../text/origin.ts'
import { type Problem, UserError } from '../text/problem.ts'
import { buildProblems } from './build-problems.ts'
import { type BuildSpec, buildSpec } from './build-spec.ts'
import { type Builder, builderOf } from './builder.ts'
import { imageOf, otherImages, platformOf } from './image-names.ts'
import { isImageReference } from './image-reference.ts'
import { mustPull, refreshWindow } from './pull-policy.ts'
import type { Step } from './steps.ts'

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
  if (options.build && service.build) return { code: 'forced', path: '--build' }
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

interface WantedBuild {
  readonly service: string
  readonly build: BuildSpec
  /** Whether a pull may make it needless. */
  readonly pulled: boolean
  readonly why: Reason
}

/**
 * Services whose request is the same but for the names share a build, which is given all names. A build waits for those
 * of the services that it depends on, since its Dockerfile may stand on their images.
 */
function draftBuilds(
  plan: Draft<Step>,
  project: Project,
  wanted: readonly WantedBuild[],
  pullsOf: (image: string) => readonly number[],
): void {
  const byService = new Map<string, number>()
  for (const [first, ...rest] of Map.groupBy(wanted, requestOf).values()) {
    const all = [first!, ...rest]
    const why = all.map(({ pulled, why }) => (pulled ? { code: 'not-pulled' } : why))
    all.forEach(({ build }, i) => void plan.change(unitOf(build.tags[0]!), verdictOf('build', why[i]!), [why[i]!]))
    const build = { ...first!.build, tags: [...new Set(all.flatMap(one => one.build.tags))] }
    const needed = all.flatMap(({ service }) => needsOf(project.services[service]!))
    const id = plan.add(
      unitOf(build.tags[0]!),
      { op: 'build-image', build, ...(first!.pulled && { unlessPresent: true }) },
      [why[0]!],
      // A pull that ended later would take the name away from what was built.
      ...build.tags.flatMap(pullsOf),
      ...needed.map(name => byService.get(name)),
    )
    for (const { service } of all) byService.set(service, id)
  }
}

/** Services in the order in which they are built: each after those that it depends on and those whose images it is built on. */
function buildOrder(project: Project, origin: Origin): readonly string[] {
  const known = (name: string) => Object.hasOwn(project.services, name)
  try {
    return order(inOrder(project), name => needsOf(project.services[name]!).filter(known))
  } catch (error) {
    if (!(error instanceof Cycle)) throw error
    const path = error.path as readonly string[]
    const at = origin.at(['services', path[0]!, 'build', 'additional_contexts'])
    const message = `images are built on each other in a circle: ${path.join(' -> ')}`
    throw new UserError([{ code: 'build-cycle', severity: 'error', message, ...(at && { at }) }])
  }
}

const needsOf = (service: Service) => [...dependencies(service).keys(), ...contextServices(service.build)]

/** Equal for builds that can be one. One that a pull may make needless is shared with none of another name. */
function requestOf({ build, pulled }: WantedBuild): string {
  const { tags, labels, inlineAt: _1, ...rest } = build
  const { [LABEL.service]: _, ...said } = labels ?? {}
  return JSON.stringify([rest, said, pulled && tags])
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

/** What a policy or a flag repeats on every run is a look whether there is something newer, and no change in itself. */
function verdictOf(verdict: 'pull' | 'build', why: Reason): string {
  return why.code === 'missing' || why.code === 'not-pulled' ? verdict : 'check'
}

function unitOf(image: string): Unit {
  return { kind: 'image', name: image, short: image }
}

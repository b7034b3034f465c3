import { defined } from '../base/defined.ts'
import type { BuildOptions } from '../engine/engine.ts'
import { CONTRACT_VERSION, LABEL, type Separator } from '../model/names.ts'
import type { Build, Project } from '../model/project.ts'
import { nowhere, type Origin } from '../text/origin.ts'
import type { Problem } from '../text/problem.ts'
import { extraHosts } from './extra-hosts.ts'
import { imageOf } from './image-names.ts'
import { ulimits } from './resources.ts'

/** One image to be built, as the builder needs it. Paths are absolute. */
export interface BuildSpec extends Omit<BuildOptions, 'signal' | 'onOutput'> {
  /** First the image's name, then `build.tags`. */
  readonly tags: readonly string[]
  readonly context: string
  /** Absolute; may lie outside the context. */
  readonly dockerfile: string
  /** The Dockerfile's text, in place of the file. */
  readonly dockerfile_inline?: string
}

/** What the builder is asked for, for one service that has `build`. Arguments that are not declared may come from `proxy`. */
export function buildSpec(
  project: Project,
  service: string,
  separator: Separator,
  proxy: Readonly<Record<string, string>> = {},
): BuildSpec {
  const { platform = project.environment.DOCKER_DEFAULT_PLATFORM, build = {} } = project.services[service]!
  const context = build.context ?? project.working_dir
  return defined({
    tags: [...new Set([imageOf(project, service, separator), ...(build.tags ?? [])])],
    context,
    dockerfile: absolute(context, build.dockerfile ?? 'Dockerfile'),
    dockerfile_inline: build.dockerfile_inline,
    target: build.target,
    args: hasKeys({ ...proxy, ...build.args })
      ? { ...proxy, ...resolved(build.args ?? {}, project.environment) }
      : undefined,
    labels: {
      ...build.labels,
      [LABEL.project]: project.name,
      [LABEL.service]: service,
      [LABEL.version]: CONTRACT_VERSION,
    },
    no_cache: build.no_cache,
    pull: build.pull,
    // Of several platforms an engine's own builder makes one: the engine's. docker compose's `up` does the same.
    platform: platform ?? (build.platforms?.length === 1 ? build.platforms[0] : undefined),
    network: build.network,
    extra_hosts: extraHosts(build.extra_hosts),
    shm_size: build.shm_size,
    ulimits: build.ulimits && ulimits(build.ulimits),
    cache_from: build.cache_from,
  })
}

/** The attributes of a service's `build` that the engine's own builder cannot honour. */
export function buildProblems(build: Build, service: string, origin: Origin = nowhere): readonly Problem[] {
  const refused: readonly (readonly [keyof Build, boolean])[] = [
    ['additional_contexts', hasKeys(build.additional_contexts)],
    ['cache_to', hasItems(build.cache_to)],
    ['entitlements', hasItems(build.entitlements)],
    ['isolation', Boolean(build.isolation) && build.isolation !== 'default'],
    ['no_cache_filter', hasItems(build.no_cache_filter)],
    ['privileged', build.privileged === true],
    ['provenance', isOn(build.provenance)],
    ['sbom', isOn(build.sbom)],
    ['secrets', hasItems(build.secrets)],
    ['ssh', hasKeys(build.ssh)],
  ]
  const problems = refused
    .filter(([, present]) => present)
    .map(([attribute]) => problem(`"build.${attribute}" needs BuildKit, which Gantry does not drive yet`, attribute))
  if (build.context !== undefined && isRemote(build.context))
    problems.push(problem(`the build context "${build.context}" is not a local directory`, 'context'))
  return problems

  function problem(message: string, attribute: keyof Build): Problem {
    const at = origin.at(['services', service, 'build', attribute])
    return {
      code: 'unsupported-build',
      severity: 'error',
      message: `${message}: service "${service}" cannot be built`,
      hint: `build the image with "docker buildx build" and name it in "image"`,
      ...(at && { at }),
    }
  }
}

/** A git or http address, which the engine could fetch and we do not ask it to. */
function isRemote(context: string): boolean {
  return /^([a-z+]+:\/\/|git@|github\.com\/)/.test(context)
}

function absolute(context: string, dockerfile: string): string {
  const windows = /^[A-Za-z]:[\\/]/.test(dockerfile) || dockerfile.startsWith('\\\\')
  return dockerfile.startsWith('/') || windows ? dockerfile : `${context.replace(/\/+$/, '')}/${dockerfile}`
}

function resolved(args: NonNullable<Build['args']>, environment: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, value ?? environment[key] ?? null]))
}

/** "false" is how attestations are switched off, which an engine's own builder has done already. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false'
}

function hasKeys(object: object | undefined): boolean {
  return object !== undefined && Object.keys(object).length > 0
}

function hasItems(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0
}

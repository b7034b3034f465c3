import { defined } from '../../base/defined.ts'
import type { LocalImage, SolveOptions } from '../../engine/build.ts'
import { CONTRACT_VERSION, imageName, LABEL, type Separator } from '../../model/names.ts'
import type { Build, Project } from '../../model/project.ts'
import type { Origin } from '../../text/origin.ts'
import type { Span } from '../../text/source.ts'
import { extraHosts } from '../container/extra-hosts.ts'
import { ulimits } from '../container/resources.ts'
import { imageOf } from '../images/names.ts'
import { type Builder, builderFor, engineOnly, hasKeys, isRemote } from './builder.ts'
import { cachesOf } from './cache.ts'

/** One image to be built, as the builder needs it. Paths are absolute. */
export interface BuildSpec
  extends Omit<SolveOptions, 'context' | 'dockerfile' | 'filename' | 'contexts' | 'secrets' | 'signal' | 'onTold'> {
  readonly builder: 'buildkit' | 'classic'
  /** First the image's name, then `build.tags`. */
  readonly tags: readonly string[]
  /** A directory, or what the engine fetches by itself. */
  readonly context: string
  /** Absolute, and may lie outside the context; of a fetched context the path inside it. */
  readonly dockerfile: string
  /** The Dockerfile's text, in place of the file. */
  readonly dockerfile_inline?: string
  /** Where that text stands. */
  readonly inlineAt?: Span
  /** Directories, addresses, `docker-image://NAME`, `oci-layout://PATH:TAG`, and images that the engine has. */
  readonly contexts?: Readonly<Record<string, string | LocalImage>>
  readonly secrets?: Readonly<Record<string, SecretSource>>
  /** Bytes that a step of the classic builder may use. */
  readonly memory?: number
}

/** Where a secret comes from: it is read when the Dockerfile asks for it. */
export type SecretSource = { readonly file: string } | { readonly content: string }

export interface BuildSpecOptions {
  readonly separator: Separator
  /** Arguments that are not declared. */
  readonly proxy?: Readonly<Record<string, string>>
  readonly builder?: Builder
  readonly origin?: Origin
}

/** What the builder is asked for, for one service that has `build`. */
export function buildSpec(project: Project, service: string, options: BuildSpecOptions): BuildSpec {
  const { separator, proxy = {}, builder = engineOnly } = options
  const { build = {} } = project.services[service]!
  const context = build.context ?? project.working_dir
  const contexts = build.additional_contexts ?? {}
  const args = { ...proxy, ...resolved(build.args ?? {}, project.environment) }
  return defined({
    builder: builderFor(build, builder),
    tags: [...new Set([imageOf(project, service, separator), ...(build.tags ?? [])])],
    context,
    dockerfile: isRemote(context)
      ? (build.dockerfile ?? 'Dockerfile')
      : absolute(context, build.dockerfile ?? 'Dockerfile'),
    dockerfile_inline: build.dockerfile_inline,
    inlineAt:
      build.dockerfile_inline === undefined
        ? undefined
        : options.origin?.at(['services', service, 'build', 'dockerfile_inline']),
    contexts: hasKeys(contexts)
      ? Object.fromEntries(Object.entries(contexts).map(([name, from]) => [name, contextOf(project, from, separator)]))
      : undefined,
    target: build.target,
    args: hasKeys(args) ? args : undefined,
    labels: {
      ...build.labels,
      [LABEL.project]: project.name,
      [LABEL.service]: service,
      [LABEL.version]: CONTRACT_VERSION,
    },
    no_cache: build.no_cache,
    no_cache_filter: build.no_cache_filter,
    pull: build.pull,
    platforms: platformsOf(project, service, builder),
    network: build.network,
    extra_hosts: extraHosts(build.extra_hosts),
    shm_size: build.shm_size,
    ulimits: build.ulimits && ulimits(build.ulimits),
    cache_from: build.cache_from && cachesOf(build.cache_from, project.environment),
    cache_to: build.cache_to && cachesOf(build.cache_to, project.environment),
    entitlements: entitlementsOf(build),
    provenance: build.provenance,
    sbom: build.sbom,
    secrets: secretsOf(project, build),
    ssh: sshOf(build, project.environment),
    memory: builder.memory,
  })
}

function contextOf(project: Project, from: string, separator: Separator): string | LocalImage {
  if (!from.startsWith('service:')) return from
  const name = from.slice('service:'.length)
  const service = project.services[name] ?? project.disabled[name]
  return { image: service?.image ?? imageName(project.name, name, separator) }
}

/**
 * All of them where they were asked for one by one (`build`). Otherwise an image is built to be run here: as the service's
 * platform, or the only one named, or the engine's. docker compose does the same.
 */
function platformsOf(project: Project, service: string, { allPlatforms }: Builder): readonly string[] | undefined {
  const { platform = project.environment.DOCKER_DEFAULT_PLATFORM, build } = project.services[service]!
  const named = build?.platforms ?? []
  if (allPlatforms && named.length > 1) return named
  if (platform) return [platform]
  return named.length === 1 ? named : undefined
}

/** `privileged` is BuildKit's entitlement for steps that ask for it. */
function entitlementsOf({ entitlements = [], privileged, network }: Build): readonly string[] | undefined {
  const all = new Set(entitlements)
  if (privileged) all.add('security.insecure')
  if (network === 'host') all.add('network.host')
  return all.size > 0 ? [...all] : undefined
}

function secretsOf(project: Project, { secrets = [] }: Build): BuildSpec['secrets'] {
  if (secrets.length === 0) return undefined
  return Object.fromEntries(
    secrets.map(({ source, target }) => {
      const { file, content = '' } = project.secrets[source] ?? {}
      return [target ?? source, file === undefined ? { content } : { file }]
    }),
  )
}

/** An id without a path is the user's own agent. */
function sshOf({ ssh }: Build, environment: Project['environment']): BuildSpec['ssh'] {
  if (!hasKeys(ssh)) return undefined
  return Object.fromEntries(Object.entries(ssh!).map(([id, path]) => [id, path || (environment.SSH_AUTH_SOCK ?? '')]))
}

function absolute(context: string, dockerfile: string): string {
  const windows = /^[A-Za-z]:[\\/]/.test(dockerfile) || dockerfile.startsWith('\\\\')
  return dockerfile.startsWith('/') || windows ? dockerfile : `${context.replace(/\/+$/, '')}/${dockerfile}`
}

function resolved(args: NonNullable<Build['args']>, environment: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, value ?? environment[key] ?? null]))
}

import type { Build, Project } from '../../model/project.ts'
import { nowhere, type Origin } from '../../text/origin.ts'
import type { Problem } from '../../text/problem.ts'
import { type Builder, builderFor, buildkitOnly, classicOnly, engineOnly, STORE_ROWS } from './builder.ts'
import { cachesOf, isThere, parsedCache } from './cache.ts'

/** What of a service's `build` cannot be done, each by name and with its place: told before anything is built. */
export function buildProblems(
  project: Pick<Project, 'services' | 'secrets' | 'environment'>,
  service: string,
  { builder = engineOnly, origin = nowhere }: { readonly builder?: Builder; readonly origin?: Origin } = {},
): readonly Problem[] {
  const build = project.services[service]?.build ?? {}
  const refusals =
    builderFor(build, builder) === 'classic'
      ? ofClassic(build, builder)
      : [
          ...ofBuildKit(build, builder),
          ...ofCaches(build, project.environment, builder),
          ...ofSecrets(project, build, builder),
          ...ofAgents(project, build, builder),
        ]
  return [...refusals, ...ofEvery(build)].map(({ path, message, hint }) => {
    const at = origin.at(['services', service, 'build', ...path])
    return {
      code: 'unsupported-build',
      severity: 'error',
      message: `${message}: service "${service}" cannot be built`,
      ...(hint !== undefined && { hint }),
      ...(at && { at }),
    }
  })
}

interface Refusal {
  /** Below `build`. */
  readonly path: readonly string[]
  readonly message: string
  readonly hint?: string
}

function ofClassic(build: Build, builder: Builder): readonly Refusal[] {
  return buildkitOnly(builder)
    .filter(({ present }) => present(build))
    .map(({ attribute }) => ({
      path: [attribute],
      message: `"build.${attribute}" needs BuildKit, which this engine does not have or DOCKER_BUILDKIT turns off`,
      hint: 'use Docker Engine with BuildKit, or leave it out',
    }))
}

function ofBuildKit(build: Build, builder: Builder): readonly Refusal[] {
  const refusals: Refusal[] = classicOnly(builder)
    .filter(({ present }) => present(build))
    .map(({ attribute }) => {
      if (attribute === '--memory')
        return {
          path: [],
          message: 'BuildKit limits no memory, and "--memory" is only for the classic builder',
          hint: 'leave it out, or build with DOCKER_BUILDKIT=0',
        }
      return attribute === 'network'
        ? {
            path: [attribute],
            message: `BuildKit builds in no other network than "default", "host" and "none", not in "${build.network}"`,
            hint: 'name one of these, or build without what needs BuildKit',
          }
        : {
            path: [attribute],
            message: `"build.${attribute}" needs Docker Engine 23.0 where BuildKit builds`,
            hint: 'leave it out, or use a newer engine',
          }
    })
  if (build.additional_contexts && !builder.features.has('build-contexts'))
    refusals.push({
      path: ['additional_contexts'],
      message: '"build.additional_contexts" needs Docker Engine 23.0',
      hint: 'copy from an image by its name in the Dockerfile, or use a newer engine',
    })
  if (/^[^#]*#[^:]*:./.test(build.context ?? '') && !builder.features.has('build-contexts'))
    refusals.push({
      path: ['context'],
      message: `the directory within the build context "${build.context}" needs Docker Engine 23.0`,
      hint: 'leave it out and name the Dockerfile by its path, or use a newer engine',
    })
  for (const { attribute, present } of STORE_ROWS) {
    if (builder.store === 'containerd' || !present(build) || (attribute === 'platforms' && !builder.allPlatforms))
      continue
    refusals.push({
      path: [attribute],
      ...withoutStore(STORE_WORDS[attribute]!),
    })
  }
  for (const [name, from] of Object.entries(build.additional_contexts ?? {}))
    if (from.startsWith('oci-layout://') && builder.store !== 'containerd')
      refusals.push({ path: ['additional_contexts', name], ...withoutStore(`the OCI layout of the context "${name}"`) })
  return refusals
}

const STORE_WORDS: Partial<Record<(typeof STORE_ROWS)[number]['attribute'], string>> = {
  platforms: '"build.platforms" with more than one platform',
  provenance: '"build.provenance"',
  sbom: '"build.sbom"',
}

const withoutStore = (what: string) => ({
  message: `${what} needs an engine with the containerd image store`,
  hint: 'turn it on in the engine’s configuration ("features": {"containerd-snapshotter": true}), or leave it out',
})

/** What the engine's BuildKit can read caches from and write them to (28.5.2); "layers" are its older image store. */
const CACHE_TYPES = {
  cache_from: { layers: ['registry', 'local'], containerd: ['registry', 'local', 'gha'] },
  cache_to: { layers: ['inline'], containerd: ['registry', 'local', 'gha', 'inline'] },
} as const

function ofCaches(
  build: Build,
  environment: Project['environment'],
  { store = 'layers' }: Builder,
): readonly Refusal[] {
  return (['cache_from', 'cache_to'] as const).flatMap(attribute =>
    (build[attribute] ?? []).flatMap((text, i): Refusal[] => {
      const path = [attribute, String(i)]
      const cache = parsedCache(text)
      if (typeof cache === 'string') return [{ path, message: cache, hint: 'write it as "type=registry,ref=NAME"' }]
      const { type, attributes } = cache
      const needs = { registry: 'ref', local: attribute === 'cache_from' ? 'src' : 'dest' }[type]
      if (needs !== undefined && !attributes[needs])
        return [
          { path, message: `the cache "${text}" has no "${needs}"`, hint: `write it as "type=${type},${needs}=…"` },
        ]
      // One that is not there is left out.
      if (!isThere(cachesOf([text], environment)[0]!)) return []
      const { [store]: now, containerd } = CACHE_TYPES[attribute]
      if ((now as readonly string[]).includes(type)) return []
      if ((containerd as readonly string[]).includes(type))
        return [{ path, ...withoutStore(`"build.${attribute}" of type "${type}"`) }]
      const known = containerd.map(one => `"${one}"`).join(', ')
      return [
        {
          path,
          message: `"build.${attribute}" of type "${type}" is not in an engine's BuildKit, which has ${known}`,
          hint: 'use one of these',
        },
      ]
    }),
  )
}

/** What no builder of an engine does for us. */
function ofEvery(build: Build): readonly Refusal[] {
  const refusals: Refusal[] = []
  if (build.isolation && build.isolation !== 'default')
    refusals.push({
      path: ['isolation'],
      message: `"build.isolation" is for Windows containers, and not "${build.isolation}" here`,
      hint: 'leave it out',
    })
  if (build.context?.startsWith('service:') || build.context?.startsWith('docker-image:'))
    refusals.push({
      path: ['context'],
      message: `the build context "${build.context}" is neither a directory nor an address`,
      hint: 'name it in "additional_contexts", and use it with FROM or COPY --from',
    })
  else if (build.context !== undefined && /^(oci|target):/.test(build.context))
    refusals.push({ path: ['context'], message: `the build context "${build.context}" is of no kind that is known` })
  return refusals
}

function ofSecrets({ secrets }: Pick<Project, 'secrets'>, build: Build, { missing }: Builder): readonly Refusal[] {
  return (build.secrets ?? []).flatMap(({ source }, i): Refusal[] => {
    const path = ['secrets', String(i)]
    const secret = secrets[source]
    // What nobody declares is told when the files are read.
    if (!secret) return []
    if (secret.external || secret.driver || secret.template_driver)
      return [
        {
          path,
          message: `the secret "${source}" is kept by a swarm, which gives it to no build`,
          hint: 'give the secret a "file" or "environment"',
        },
      ]
    if (secret.file === undefined && secret.content === undefined)
      return [
        {
          path,
          message: `the secret "${source}" needs the variable "${secret.environment}", which is not set`,
          hint: 'set it, or add it to .env',
        },
      ]
    if (secret.file !== undefined && missing?.has(secret.file))
      return [
        {
          path,
          message: `the file "${secret.file}" of the secret "${source}" does not exist`,
          hint: `make it, or correct "secrets.${source}.file"`,
        },
      ]
    return []
  })
}

function ofAgents(
  { environment }: Pick<Project, 'environment'>,
  build: Build,
  { missing }: Builder,
): readonly Refusal[] {
  return Object.entries(build.ssh ?? {}).flatMap(([id, path]): Refusal[] => {
    if (path === '' && !environment.SSH_AUTH_SOCK)
      return [
        {
          path: ['ssh'],
          message: `"build.ssh" asks for your SSH agent, and SSH_AUTH_SOCK names none`,
          hint: `start one with "ssh-agent", or name a key: "${id}=PATH"`,
        },
      ]
    if (path !== '' && missing?.has(path))
      return [
        {
          path: ['ssh'],
          message: `"${path}", which "build.ssh" names, does not exist`,
          hint: 'name the socket of an agent, or a private key',
        },
      ]
    return []
  })
}

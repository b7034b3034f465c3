import { defined } from '../../base/defined.ts'
import { buildSpec } from '../../local/build/spec.ts'
import { contextServices, withContextServices } from '../../model/build-contexts.ts'
import type { Separator } from '../../model/names.ts'
import type { Build, Project } from '../../model/project.ts'
import { select } from '../../model/select.ts'

export interface BakeOptions {
  /** All without it. */
  readonly services?: readonly string[]
  /** What the named services depend on as well. */
  readonly includeDeps?: boolean
  readonly separator?: Separator
}

/**
 * The builds of a project as a file for `docker buildx bake`, as docker compose writes it: a target for every service that is built,
 * those that were asked for in the group "default". Secrets are named, never written. Throws UserError for unknown services.
 */
export function bakeFile(project: Project, options: BakeOptions = {}): string {
  const { services = [], includeDeps = false, separator = '-' } = options
  const chosen = withContextServices(select(project, { services, noDeps: !includeDeps }))
  const isBuilt = (name: string) => project.services[name]?.build !== undefined
  const wanted = Object.keys(chosen.services).filter(isBuilt).toSorted()
  const all = Object.keys(project.services).filter(isBuilt).toSorted()
  const target = Object.fromEntries(all.map(name => [targetName(name), targetOf(project, name, separator)]))
  return `${JSON.stringify({ group: { default: { targets: wanted.map(targetName) } }, target }, undefined, 2)}\n`
}

/** bake takes no dot in a name. */
const targetName = (service: string) => service.replaceAll('.', '_')

function targetOf(project: Project, service: string, separator: Separator): object {
  const build = project.services[service]?.build ?? {}
  const {
    tags,
    context,
    dockerfile,
    args = {},
    labels,
    entitlements,
    ulimits,
    secrets,
    ssh,
  } = buildSpec(project, service, { separator })
  const platform = project.services[service]?.platform
  return defined({
    context,
    contexts: contextsOf(project, build),
    dockerfile: build.dockerfile_inline === undefined ? dockerfile : undefined,
    'dockerfile-inline': build.dockerfile_inline && escaped(build.dockerfile_inline),
    args: filled(Object.fromEntries(Object.entries(args).flatMap(([k, v]) => (v === null ? [] : [[k, escaped(v)]])))),
    labels,
    tags: tags.toSorted(),
    'cache-from': build.cache_from,
    'cache-to': build.cache_to,
    target: build.target,
    secret: secrets && build.secrets?.map(({ source, target }) => secretText(project, source, target ?? source)),
    ssh: ssh && Object.entries(build.ssh ?? {}).map(([id, path]) => `${id}=${path}`),
    platforms: build.platforms ?? (platform ? [platform] : undefined),
    pull: build.pull,
    'no-cache': build.no_cache,
    'no-cache-filter': build.no_cache_filter,
    network: build.network,
    'shm-size': build.shm_size === undefined ? undefined : String(build.shm_size),
    ulimits: ulimits?.map(({ name, soft, hard }) => (soft === hard ? `${name}=${soft}` : `${name}=${soft}:${hard}`)),
    entitlements,
    'extra-hosts': build.extra_hosts && hostsOf(build.extra_hosts),
    output: ['type=docker'],
    attest: filled([...attestation('provenance', build.provenance), ...attestation('sbom', build.sbom)]),
  })
}

function contextsOf(project: Project, build: Build): Readonly<Record<string, string>> | undefined {
  const built = contextServices(build).filter(name => project.services[name]?.build)
  return filled(
    Object.fromEntries(
      Object.entries(build.additional_contexts ?? {}).map(([name, from]) => {
        if (!from.startsWith('service:')) return [name, from]
        const service = from.slice('service:'.length)
        return [name, built.includes(service) ? `target:${targetName(service)}` : imageContext(project, service)]
      }),
    ),
  )
}

const imageContext = (project: Project, service: string) =>
  `docker-image://${(project.services[service] ?? project.disabled[service])?.image}`

function secretText(project: Project, source: string, id: string): string {
  const { file, environment } = project.secrets[source] ?? {}
  return file === undefined ? `id=${id},type=env,env=${environment ?? ''}` : `id=${id},type=file,src=${file}`
}

function hostsOf(hosts: NonNullable<Build['extra_hosts']>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(hosts).map(([host, addresses]) => [host, addresses.join(',')]))
}

function attestation(type: string, value: string | undefined): readonly string[] {
  if (value === undefined || value === '') return []
  if (value === 'true') return [`type=${type}`]
  return [value === 'false' ? `type=${type},disabled=true` : `type=${type},${value}`]
}

/** bake fills in variables of its own. */
const escaped = (text: string) => text.replaceAll('${', () => '$${')

function filled<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined
}

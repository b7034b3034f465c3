import { dependencies } from '../model/graph.ts'
import type { Dependency, Network, Project, Service } from '../model/project.ts'

type Resources = Pick<Project, 'networks' | 'volumes' | 'secrets' | 'configs'>

/**
 * What the specification fills in once all files are read: the default network, the names of resources,
 * dependencies that other attributes imply.
 */
export function normalize(project: Project): Project {
  const services = mapValues(project.services, service => filled(service, project.environment))
  const disabled = mapValues(project.disabled, service => filled(service, project.environment))
  const usesDefault = Object.values({ ...disabled, ...services }).some(
    service => service.networks && Object.hasOwn(service.networks, 'default'),
  )
  const { default: declared, ...others } = project.networks
  const networks = usesDefault ? { default: declared ?? ({} as Network), ...others } : others
  return { ...project, services, disabled, ...named(project.name, { ...project, networks }) }
}

/** The project with the values that the environment has for bare names of services' variables. */
export function withBareNames(project: Project): Project {
  const { environment } = project
  const filled = (service: Service): Service => ({
    ...service,
    ...(service.environment && {
      environment: mapValues(service.environment, (value, name) => value ?? environment[name] ?? null),
    }),
  })
  return { ...project, services: mapValues(project.services, filled), disabled: mapValues(project.disabled, filled) }
}

function named(project: string, { networks, volumes, secrets, configs }: Resources): Resources {
  const name = (resource: { readonly name?: string; readonly external?: boolean }, key: string) =>
    resource.name ?? (resource.external ? key : `${project}_${key}`)
  return {
    networks: mapValues(networks, (network, key) => ({ ...network, name: name(network, key) })),
    volumes: mapValues(volumes, (volume, key) => ({ ...volume, name: name(volume, key) })),
    secrets: mapValues(secrets, (secret, key) => ({ ...secret, name: name(secret, key) })),
    configs: mapValues(configs, (config, key) => ({ ...config, name: name(config, key) })),
  }
}

function filled(service: Service, environment: Project['environment']): Service {
  const attached = service.networks && Object.keys(service.networks).length > 0
  const depends_on: Record<string, Dependency> = {}
  for (const [name, { road: _, ...dependency }] of dependencies(service)) depends_on[name] = dependency
  const { pull_policy } = service
  return {
    ...service,
    ...(!attached && !service.network_mode && !service.provider && { networks: { default: null } }),
    ...(Object.keys(depends_on).length > 0 && { depends_on }),
    ...(service.build && { build: builds(service.build, environment) }),
    ...(pull_policy === 'if_not_present' && { pull_policy: 'missing' }),
    ...(service.pre_start &&
      service.image !== undefined && {
        pre_start: service.pre_start.map(hook => ({ ...hook, image: hook.image ?? service.image! })),
      }),
  }
}

function builds(
  build: NonNullable<Service['build']>,
  environment: Project['environment'],
): NonNullable<Service['build']> {
  const { args, ...rest } = build
  const known = Object.entries(args ?? {}).flatMap(([name, value]) => {
    const given = value ?? environment[name]
    return given === undefined ? [] : [[name, given] as const]
  })
  return {
    ...rest,
    ...(build.dockerfile_inline === undefined && { dockerfile: build.dockerfile ?? 'Dockerfile' }),
    ...(args && { args: Object.fromEntries(known) }),
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}

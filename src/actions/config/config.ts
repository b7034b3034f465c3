import { imageName, type Separator } from '../../model/names.ts'
import type { FileObject, Json, Network, Project, Service } from '../../model/project.ts'
import { encodeConfig, encodeNetwork, encodeSecret, encodeService, encodeVolume } from '../../spec/encode.ts'
import { withExtensions } from '../../spec/record.ts'
import { printYaml } from '../../text/print.ts'

export interface ConfigOptions {
  readonly format: 'yaml' | 'json'
  /** Write `$$` for every dollar, so that what is printed can be read again. */
  readonly escape: boolean
}

type Dict = { readonly [key: string]: Json }

/** A project as `config` prints it. Values of secrets are not in it. */
export function configText(project: Project, { format, escape }: ConfigOptions): string {
  const text =
    format === 'json' ? JSON.stringify(sorted(modelJson(project)), undefined, 2) : printYaml(modelYaml(project))
  return escape ? text.replaceAll('$', '$$$$') : text
}

/** The model as docker compose's JSON has it: without models and without the extensions of services. */
export function modelJson(project: Project): Dict {
  return {
    name: project.name,
    services: mapValues(project.services, encodeService),
    ...section('networks', project.networks, encodeNetwork),
    ...section('volumes', project.volumes, encodeVolume),
    ...section('secrets', project.secrets, secret => encodeSecret(withoutValue(secret))),
    ...section('configs', project.configs, config => encodeConfig(withoutValue(config))),
    ...project.extensions,
  }
}

function modelYaml(project: Project): Dict {
  return {
    name: project.name,
    services: mapValues(project.services, service => serviceYaml(service)),
    ...section('networks', project.networks, networkYaml),
    ...section('volumes', project.volumes, volume => ({ ...(encodeVolume(volume) as Dict), ...volume.extensions })),
    ...section('secrets', project.secrets, secret => ({
      ...(encodeSecret(withoutValue(secret)) as Dict),
      ...secret.extensions,
    })),
    ...section('configs', project.configs, config => ({
      ...(encodeConfig(withoutValue(config)) as Dict),
      ...config.extensions,
    })),
    ...section('models', project.models, ({ extensions, ...model }) => ({ ...defined(model), ...extensions })),
    ...project.extensions,
  }
}

/** docker compose's YAML leaves out some of what its JSON says of nothing. */
function serviceYaml(service: Service): Dict {
  const { command, entrypoint, deploy, develop, blkio_config, ...rest } = withExtensions(encodeService(service)) as {
    [key: string]: Json
  }
  const order = Object.keys(encodeService(service) as Dict)
  const parts: { [key: string]: Json | undefined } = {
    ...rest,
    command: command ?? undefined,
    entrypoint: entrypoint ?? undefined,
    deploy: deploy && withoutEmpty(deploy as Dict, ['resources', 'placement']),
    develop: develop && rulesYaml(develop as Dict),
    blkio_config: blkio_config && lowered(blkio_config),
  }
  const inOrder = order.flatMap(key => (parts[key] === undefined ? [] : [[key, parts[key]] as const]))
  return { ...Object.fromEntries(inOrder), ...service.extensions }
}

function networkYaml(network: Network): Dict {
  return { ...withoutEmpty(withExtensions(encodeNetwork(network)) as Dict, ['ipam']), ...network.extensions }
}

/** What a variable held stays out of it. */
function withoutValue(object: FileObject): FileObject {
  const { content, ...rest } = object
  return content === undefined || object.environment === undefined ? object : rest
}

/** The images of services, and nothing else of them: a file to lay over the others. */
export function imagesText({ services }: Project, format: 'yaml' | 'json'): string {
  const named = Object.entries(services).filter(([, { image }]) => image !== undefined)
  const model = { services: mapValues(Object.fromEntries(named), ({ image = '' }) => ({ image })) }
  return format === 'json' ? JSON.stringify(model, undefined, 2) : printYaml(model)
}

/** Names as `--services`, `--volumes` … print them. */
export function configNames(
  project: Project,
  what: 'services' | 'networks' | 'volumes' | 'models' | 'profiles',
): readonly string[] {
  if (what !== 'profiles') return Object.keys(project[what])
  const services = Object.values({ ...project.services, ...project.disabled })
  return [...new Set(services.flatMap(service => service.profiles ?? []))].toSorted()
}

export function configImages(project: Project, separator: Separator): readonly string[] {
  return Object.entries(project.services).map(
    ([name, service]) => service.image ?? imageName(project.name, name, separator),
  )
}

/** What `${…}` saw, sorted. */
export function configEnvironment(project: Project): readonly string[] {
  return Object.entries(project.environment)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
}

function section<T>(key: string, values: Readonly<Record<string, T>>, encode: (value: T) => Json): Dict {
  return Object.keys(values).length ? { [key]: mapValues(values, encode) } : {}
}

function mapValues<T>(values: Readonly<Record<string, T>>, change: (value: T) => Json): Dict {
  const names = Object.keys(values).toSorted()
  return Object.fromEntries(names.map(name => [name, change(values[name]!)]))
}

function sorted(value: Dict): Dict {
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map(key => [key, value[key]!]),
  )
}

function defined(value: object): Dict {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined && item !== false && item !== ''),
  )
}

function withoutEmpty(value: Dict, keys: readonly string[]): Dict {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, item]) => !keys.includes(key) || (item !== null && Object.keys(item as Dict).length > 0),
    ),
  )
}

function rulesYaml({ watch, ...rest }: Dict): Dict {
  return { ...(Array.isArray(watch) && { watch: (watch as readonly Dict[]).map(withoutNullCommand) }), ...rest }
}

function withoutNullCommand({ exec, ...rule }: Dict): Dict {
  return exec && (exec as Dict)['command'] !== null ? { ...rule, exec } : rule
}

/** `Path`, `Rate` and `Weight` are what Go calls fields without a JSON name. */
function lowered(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(lowered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      /^(?:Path|Rate|Weight)$/.test(key) ? key.toLowerCase() : key,
      lowered(item),
    ]),
  )
}

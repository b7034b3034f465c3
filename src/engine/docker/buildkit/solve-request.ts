import { fullName } from '../../../registry/reference.ts'
import type { SolveOptions } from '../../build.ts'
import { EngineError } from '../../errors.ts'
import type { Cache, SolveRequest } from './control.ts'
import type { ImageInput } from './image-input.ts'

/** What the engine had to be asked for. */
export interface Known {
  /** Stands in for "host-gateway". */
  readonly hostGateway?: string | undefined
  /** Of contexts that are images of the engine, by the context's name. */
  readonly images?: Readonly<Record<string, ImageInput>>
}

/** The name under which BuildKit asks for a folder of the build. */
export const folderName = (context: string): string => `context-${context}`

/**
 * A build as BuildKit's Dockerfile frontend takes it. The frontend's names are those of frontend/dockerfile and frontend/dockerui
 * of moby/buildkit. Throws EngineError `invalid`.
 */
export function solveRequest(options: SolveOptions, { hostGateway, images = {} }: Known = {}): SolveRequest {
  const { context, contexts = {}, dockerfile, filename, target, args = {}, labels = {}, platforms = [] } = options
  const { no_cache, no_cache_filter = [], pull, network, shm_size, ulimits = [], provenance, sbom } = options
  const hosts = (options.extra_hosts ?? []).map(host => hostEntry(host, hostGateway))
  const attributes: Record<string, string | undefined> = {
    filename,
    target,
    context: typeof context === 'string' ? context : undefined,
    // A Dockerfile of ours for a context that the engine fetches.
    dockerfilekey: typeof context === 'string' && dockerfile ? 'dockerfile' : undefined,
    'no-cache': no_cache ? '' : no_cache_filter.join(',') || undefined,
    'image-resolve-mode': pull ? 'pull' : undefined,
    platform: platforms.join(',') || undefined,
    'force-network-mode': network,
    'add-hosts': hosts.join(',') || undefined,
    'shm-size': shm_size === undefined ? undefined : String(shm_size),
    ulimit: ulimits.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`).join(',') || undefined,
    'attest:provenance': attestation(provenance),
    'attest:sbom': attestation(sbom),
  }
  for (const [key, value] of Object.entries(args)) attributes[`build-arg:${key}`] = value ?? undefined
  for (const [key, value] of Object.entries(labels)) attributes[`label:${key}`] = value
  for (const [name, from] of Object.entries(contexts)) {
    const image = images[name]
    attributes[`context:${name}`] = image
      ? `input:${name}`
      : typeof from === 'string'
        ? from
        : `local:${folderName(name)}`
    if (image) attributes[`input-metadata:${name}`] = image.metadata
  }
  return {
    attributes: Object.fromEntries(
      Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    names: options.tags.map(fullName),
    entitlements: options.entitlements ?? [],
    inputs: Object.fromEntries(Object.entries(images).map(([name, { definition }]) => [name, definition])),
    cacheImports: (options.cache_from ?? []).map(cache),
    cacheExports: (options.cache_to ?? []).map(cache),
  }
}

/** `host:ip` as "host=ip"; an IPv6 address has colons as well. */
function hostEntry(entry: string, gateway: string | undefined): string {
  const colon = entry.indexOf(':')
  const [host, ip] = [entry.slice(0, colon), entry.slice(colon + 1)]
  if (ip !== 'host-gateway') return `${host}=${ip}`
  if (gateway) return `${host}=${gateway}`
  throw new EngineError('invalid', `the engine does not tell its address for containers, which "${entry}" asks for`, {
    hint: 'write the address in "extra_hosts"',
  })
}

/** "true" is an attestation as it comes, "false" and nothing are none. */
function attestation(value: string | undefined): string | undefined {
  if (value === undefined || value === '' || value === 'false') return undefined
  return value === 'true' ? '' : value
}

/** `type=registry,ref=NAME,mode=max`; a reference alone is a registry's. */
export function cache(text: string): Cache {
  const fields = csv(text)
  if (fields.length === 1 && !fields[0]!.includes('=')) return { type: 'registry', attributes: { ref: text } }
  const attributes = Object.fromEntries(
    fields.map(field => {
      const at = field.indexOf('=')
      if (at < 0)
        throw new EngineError('invalid', `the cache "${text}" has "${field}" where KEY=VALUE belongs`, {
          hint: 'write it as "type=registry,ref=NAME"',
        })
      return [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1)]
    }),
  )
  const { type, ...rest } = attributes
  if (!type)
    throw new EngineError('invalid', `the cache "${text}" has no type`, {
      hint: 'write it as "type=registry,ref=NAME"',
    })
  return { type, attributes: rest }
}

/** Fields between commas; a comma within double quotes belongs to its field, a doubled quote to its text. */
function csv(text: string): readonly string[] {
  const fields = text.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? []
  return fields
    .slice(0, text.endsWith(',') ? undefined : -1)
    .map(field => field.replace(/,$/, ''))
    .map(field => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field))
}

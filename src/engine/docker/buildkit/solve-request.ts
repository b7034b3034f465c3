import { fullName } from '../../../registry/reference.ts'
import type { BlobStore, BuildCache, SolveOptions } from '../../build.ts'
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
 * The stores of a build, each with what BuildKit calls it. Never a path: that may have characters which no header can carry, and
 * says where things are here.
 */
export function storesOf({
  contexts = {},
  cache_from = [],
  cache_to = [],
}: Stored): Readonly<Record<string, BlobStore>> {
  const of = (caches: readonly BuildCache[], kind: 'from' | 'to') =>
    caches.flatMap(({ store }, i) => (store ? [[`local:${storeName(kind, i)}`, store] as const] : []))
  const layouts = Object.values(contexts).flatMap((from, i) =>
    typeof from === 'object' && 'layout' in from ? [[`oci:${layoutName(i)}`, from.layout] as const] : [],
  )
  return Object.fromEntries([...of(cache_from, 'from'), ...of(cache_to, 'to'), ...layouts])
}

type Stored = Pick<SolveOptions, 'contexts' | 'cache_from' | 'cache_to'>

const storeName = (kind: 'from' | 'to', index: number) => `cache-${kind}-${index}`
const layoutName = (index: number) => `layout-${index}`

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
  for (const [i, [name, from]] of Object.entries(contexts).entries()) {
    const image = images[name]
    attributes[`context:${name}`] = image
      ? `input:${name}`
      : typeof from === 'string'
        ? from
        : 'layout' in from
          ? `oci-layout://${layoutName(i)}@${from.digest}`
          : `local:${folderName(name)}`
    if (image) attributes[`input-metadata:${name}`] = image.metadata
  }
  const imports = (options.cache_from ?? []).map((cache, i) => stored(cache, 'src', storeName('from', i)))
  // The frontend solves by itself, and asks for its caches only where it was told of them.
  if (imports.length > 0)
    attributes['cache-imports'] = JSON.stringify(imports.map(({ type, attributes: Attrs }) => ({ Type: type, Attrs })))
  return {
    attributes: Object.fromEntries(
      Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    names: options.tags.map(fullName),
    entitlements: options.entitlements ?? [],
    inputs: Object.fromEntries(Object.entries(images).map(([name, { definition }]) => [name, definition])),
    cacheImports: imports,
    cacheExports: (options.cache_to ?? []).map((cache, i) => stored(cache, 'dest', storeName('to', i))),
  }
}

function stored({ type, attributes, store }: BuildCache, place: 'src' | 'dest', name: string): Cache {
  return { type, attributes: store ? { ...attributes, [place]: name } : attributes }
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

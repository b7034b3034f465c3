import { access } from 'node:fs/promises'
import type { Engine, Feature, ImageStore } from '../../engine/engine.ts'
import type { Build, Project } from '../../model/project.ts'
import { parsedCache } from './cache.ts'

/** What can build images on an engine. */
export interface Builder {
  readonly features: ReadonlySet<Feature>
  /** Unknown where nothing asks for it. */
  readonly store?: ImageStore
  /** Every platform that a build names is asked for, and not only the one that runs here. */
  readonly allPlatforms?: boolean
  /** Bytes that a step may use, where that was asked for. */
  readonly memory?: number
  /** Files of secrets and keys of builds that are not there. */
  readonly missing?: ReadonlySet<string>
}

/** The builder of an engine, as far as the project's builds ask: its image store is looked up only for them. */
export async function builderOf(
  engine: Pick<Engine, 'info' | 'imageStore'>,
  { services, secrets }: Pick<Project, 'services' | 'secrets'>,
): Promise<Builder> {
  const builds = Object.values(services).flatMap(service => service.build ?? [])
  const files = builds.flatMap(build => [
    ...(build.secrets ?? []).map(({ source }) => secrets[source]?.file),
    ...Object.values(build.ssh ?? {}),
  ])
  const { features } = engine.info
  const asks = features.has('buildkit') && builds.some(asksForStore)
  const [store, missing] = await Promise.all([asks ? engine.imageStore() : undefined, missingOf(files)])
  return { features, ...(store && { store }), missing }
}

async function missingOf(files: readonly (string | undefined)[]): Promise<ReadonlySet<string>> {
  const named = [...new Set(files.filter(file => file !== undefined && file !== ''))] as string[]
  const looked = await Promise.all(
    named.map(file =>
      access(file).then(
        () => [],
        () => [file],
      ),
    ),
  )
  return new Set(looked.flat())
}

/** The classic builder alone. */
export const engineOnly: Builder = { features: new Set() }

/** BuildKit where there is one, save for builds that ask for what only the classic builder of this engine can. */
export function builderFor(build: Build, builder: Builder): 'buildkit' | 'classic' {
  if (!builder.features.has('buildkit')) return 'classic'
  const classic = classicOnly(builder).some(({ present }) => present(build))
  return classic && !buildkitOnly(builder).some(({ present }) => present(build)) ? 'classic' : 'buildkit'
}

/** Whether a build can be done only where images are kept as a registry keeps them. */
function asksForStore(build: Build): boolean {
  const cached = typesOf(build.cache_to).some(type => type !== 'inline') || typesOf(build.cache_from).includes('gha')
  const layout = Object.values(build.additional_contexts ?? {}).some(from => from.startsWith('oci-layout://'))
  return cached || layout || STORE_ROWS.some(({ present }) => present(build))
}

function typesOf(caches: readonly string[] = []): readonly string[] {
  return caches.map(parsedCache).flatMap(cache => (typeof cache === 'string' ? [] : [cache.type]))
}

export interface Need {
  readonly attribute: keyof Build | '--memory'
  readonly present: (build: Build) => boolean
}

/** What the classic builder does not know. */
export function buildkitOnly({ allPlatforms = false }: Builder): readonly Need[] {
  return [
    { attribute: 'additional_contexts', present: b => hasKeys(b.additional_contexts) },
    { attribute: 'cache_to', present: b => hasItems(b.cache_to) },
    { attribute: 'cache_from', present: b => typesOf(b.cache_from).some(type => type !== 'registry') },
    // What is fetched from there may be an archive, which is handed on as it comes.
    {
      attribute: 'dockerfile_inline',
      present: b => b.dockerfile_inline !== undefined && isRemote(b.context) && !isRepository(b.context!),
    },
    { attribute: 'entitlements', present: b => hasItems(b.entitlements) },
    { attribute: 'no_cache_filter', present: b => hasItems(b.no_cache_filter) },
    { attribute: 'platforms', present: b => allPlatforms && (b.platforms?.length ?? 0) > 1 },
    { attribute: 'privileged', present: b => b.privileged === true },
    { attribute: 'provenance', present: b => isOn(b.provenance) },
    { attribute: 'sbom', present: b => isOn(b.sbom) },
    { attribute: 'secrets', present: b => hasItems(b.secrets) },
    { attribute: 'ssh', present: b => hasKeys(b.ssh) },
  ]
}

/** What BuildKit does not know, or this engine's would drop without a word: 20.10.24 limits no step of a build. */
export function classicOnly({ features, memory }: Builder): readonly Need[] {
  const network: Need = {
    attribute: 'network',
    present: b => !['', 'default', 'host', 'none'].includes(b.network ?? ''),
  }
  const limits: readonly Need[] = [
    { attribute: 'shm_size', present: b => Boolean(b.shm_size) },
    { attribute: 'ulimits', present: b => hasKeys(b.ulimits) },
  ]
  const limited: Need = { attribute: '--memory', present: () => memory !== undefined }
  return features.has('build-limits') ? [network, limited] : [network, limited, ...limits]
}

/** What only the containerd image store can keep. Seen with 28.5.2: attestations were dropped without a word otherwise. */
export const STORE_ROWS: readonly Need[] = [
  { attribute: 'platforms', present: b => (b.platforms?.length ?? 0) > 1 },
  { attribute: 'provenance', present: b => isOn(b.provenance) },
  { attribute: 'sbom', present: b => isOn(b.sbom) },
]

/** A git repository or an archive that the engine fetches by itself. */
export function isRemote(context: string | undefined): boolean {
  return context !== undefined && /^(https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)/.test(context)
}

/** As BuildKit tells repositories from files. */
export function isRepository(address: string): boolean {
  return !/^https?:\/\//.test(address) || /^[^?#]*\.git(?:[?#]|$)/.test(address)
}

/** "false" is how attestations are switched off, as they are without it. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false'
}

export function hasKeys(object: object | undefined): boolean {
  return object !== undefined && Object.keys(object).length > 0
}

export function hasItems(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0
}

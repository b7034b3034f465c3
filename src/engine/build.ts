import type { Span } from '../text/source.ts'
import type { Cancel, ResourceSpec } from './engine.ts'

/** What every builder understands. */
export interface BuildOptions extends Cancel {
  /** At least one. */
  readonly tags: readonly string[]
  readonly target?: string
  /** Null is left to the Dockerfile. */
  readonly args?: Readonly<Record<string, string | null>>
  readonly labels?: Readonly<Record<string, string>>
  readonly no_cache?: boolean
  readonly pull?: boolean
  readonly network?: string
  /** `host:ip`; the address "host-gateway" is this machine as containers see it. */
  readonly extra_hosts?: readonly string[]
  /** Bytes. */
  readonly shm_size?: number
  readonly ulimits?: NonNullable<ResourceSpec['ulimits']>
  readonly cache_from?: readonly string[]
}

/** For the classic builder. */
export interface ArchiveBuildOptions extends BuildOptions {
  /** Path inside the context. */
  readonly dockerfile: string
  readonly platform?: string
  /** Bytes that a step may use. */
  readonly memory?: number
  /** Text of the build as the engine tells it, in pieces of any size. */
  readonly onOutput?: (text: string) => void
}

/** For BuildKit, which asks for the files that it needs. */
export interface SolveOptions extends Omit<BuildOptions, 'cache_from'> {
  /** A folder here, or what the engine fetches by itself: the address of a git repository or of an archive. */
  readonly context: BuildFolder | string
  /** Undefined where it is part of a context that the engine fetches. */
  readonly dockerfile?: BuildFolder
  /** The Dockerfile's path in that folder, or in the fetched context. */
  readonly filename: string
  /** By name: as `context`, `docker-image://NAME`, images that the engine has, whatever `pull` says, and images of OCI layouts. */
  readonly contexts?: Readonly<Record<string, BuildFolder | LocalImage | LayoutImage | string>>
  readonly platforms?: readonly string[]
  readonly cache_from?: readonly BuildCache[]
  readonly cache_to?: readonly BuildCache[]
  /** Names of stages. */
  readonly no_cache_filter?: readonly string[]
  readonly entitlements?: readonly string[]
  /** "true", or settings such as "mode=max". */
  readonly provenance?: string
  readonly sbom?: string
  /** What a Dockerfile asks for by id. */
  readonly secrets?: Readonly<Record<string, () => Promise<Uint8Array>>>
  /** Socket of an agent, or private keys, by id. */
  readonly ssh?: Readonly<Record<string, string>>
  readonly onTold?: (told: BuildTold) => void
}

export interface LocalImage {
  readonly image: string
}

/** One of the manifests in an OCI layout here. */
export interface LayoutImage {
  readonly layout: BlobStore
  readonly digest: string
}

/** Where a build takes steps from that others have done, or keeps its own for them. */
export interface BuildCache {
  /** "registry", "inline", "local", "gha" */
  readonly type: string
  /** Named as BuildKit names them. */
  readonly attributes: Readonly<Record<string, string>>
  /** Of type "local": stands in for "src" and "dest". */
  readonly store?: BlobStore
}

/** Contents by their digests ("sha256:…") in a folder here, which BuildKit reads and adds to. */
export interface BlobStore {
  /** Bytes; undefined where there is no such content. Throws UserError, as all of them. */
  size(digest: string): Promise<number | undefined>
  /** From an offset on, to the end without a length. A piece lies in `memory`, and is written over by the next one. */
  read(digest: string, range: BlobRange, memory: Uint8Array): AsyncIterable<Uint8Array>
  /** Begins a content; nothing is seen of it before it is kept. */
  add(): Promise<BlobDraft>
  /** Puts a manifest's descriptor into the store's index, in place of the one that had the tag. */
  tag(descriptor: object, tag: string): void
}

export interface BlobRange {
  readonly offset: number
  readonly length?: number
}

export interface BlobDraft {
  write(bytes: Uint8Array): Promise<void>
  /** Gives the digest, under which it is found from now on; undefined, and nothing kept, where another one was expected. */
  keep(expected?: string): Promise<string | undefined>
  /** Nothing is left of it, unless it was kept. */
  close(): Promise<void>
}

/** A folder whose files a builder may ask for. Paths are relative with "/" between. */
export interface BuildFolder {
  /** Equal for one folder from build to build: what the engine has of it already is not sent again. */
  readonly key: string
  /** What is wanted of it, in the order of the names' bytes, each directory before what it holds. Throws UserError. */
  entries(wanted: WantedEntries): AsyncIterable<FolderEntry>
  /** A piece may lie in `memory`, and is written over by the next one then. Throws UserError. */
  read(path: string, memory: Uint8Array): AsyncIterable<Uint8Array>
}

export interface WantedEntries {
  /** Patterns as .dockerignore has them; all without it. */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** Paths, `*` in them too, that are included along with what they lead to as links. */
  readonly follow?: readonly string[]
}

export interface FolderEntry {
  readonly path: string
  readonly kind: 'file' | 'directory' | 'symlink' | 'fifo'
  /** Permission bits, those for set-id and sticky included. */
  readonly mode: number
  /** Milliseconds since the epoch. */
  readonly mtime: number
  readonly size: number
  /** Where a symlink leads to. */
  readonly target?: string
}

/** What BuildKit tells while it builds. */
export type BuildTold =
  /** `name` is such as "[web 2/3] RUN make". `elapsed` in milliseconds once it has ended. */
  | {
      readonly kind: 'vertex'
      readonly id: string
      readonly name: string
      readonly state: 'started' | 'done' | 'cached' | 'failed' | 'cancelled'
      readonly elapsed?: number
      readonly error?: string
    }
  /** What a step printed, in pieces of any size. */
  | { readonly kind: 'output'; readonly id: string; readonly text: string }
  /** How far a transfer is: `what` is "sha256:…", "transferring context". Bytes. */
  | {
      readonly kind: 'amount'
      readonly id: string
      readonly what: string
      readonly current: number
      readonly total?: number
      readonly done: boolean
    }
  /** What the Dockerfile's own checks found. */
  | ({ readonly kind: 'warning' } & Found)

/** What a Dockerfile's own checks find. */
export interface Found {
  readonly message: string
  /** Where to read more. */
  readonly url?: string
  readonly at?: Span
}

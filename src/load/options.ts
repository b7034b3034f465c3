import type { Separator } from '../model/names.ts'
import type { Files } from './files.ts'
import type { Fetch } from './remote/parts.ts'

/** What is to be loaded, and what to leave out of the work. */
export interface LoadOptions {
  /** The current directory, absolute. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** -f: paths as typed, `-` for standard input; none given means looking for the default names. */
  readonly files?: readonly string[]
  readonly project_directory?: string
  readonly project_name?: string
  readonly profiles?: readonly string[]
  readonly env_files?: readonly string[]
  /** Services named by the user: their profiles count as active. */
  readonly services?: readonly string[]
  /** What `-f -` reads, in the encodings that a file may have. */
  readonly stdin?: () => Promise<string | Uint8Array>
  /** Whether names of variables are the same in any case, and paths may begin with a drive; as on this machine when absent. */
  readonly windows?: boolean
  readonly separator?: Separator
  /** Every service is on. */
  readonly all_profiles?: boolean
  /** Where files are read from; the disk when absent. */
  readonly filesystem?: Files
  /** What each step of loading is called in the flags that leave it out (`--no-interpolate` …); all are done when absent. */
  readonly without?: ReadonlySet<Stage>
  /** Ends fetching what lies elsewhere; its reason is then thrown. */
  readonly signal?: AbortSignal
  /** Registries, as HOST or HOST:PORT, that may be spoken to without a certificate that somebody vouches for. */
  readonly insecureRegistries?: readonly string[]
  /** Where remote parts come from; git repositories and registries when absent. */
  readonly fetch?: Fetch
}

export const onWindows = ({ windows = process.platform === 'win32' }: Pick<LoadOptions, 'windows'>): boolean => windows

export type Stage = 'interpolate' | 'normalize' | 'path-resolution' | 'consistency' | 'env-resolution'

import type { Found, SolveOptions } from './build.ts'
import type { Cancel, Engine, LogChunk, PullOptions } from './engine.ts'

/** An engine with real files and processes. Apart from `Engine`, so that engines in memory stay small; every error is EngineError here, too. */
export interface LiveEngine extends Engine {
  /** A tar archive of a file or directory of the container, which need not run. */
  getArchive(id: string, path: string, options?: Cancel): Promise<AsyncIterable<Uint8Array>>
  /** What is at a path of the container; undefined where nothing is. A link is told, not followed. */
  statPath(id: string, path: string): Promise<PathStat | undefined>
  /**
   * Takes away what is at a path of the container, a directory with all that is in it; the container need not run, and needs no
   * programs. "refused" where this engine has no way: then all is as it was.
   */
  removePath(id: string, path: string, options?: Cancel): Promise<'removed' | 'absent' | 'refused'>
  /** The container's file system as a tar archive. */
  exportContainer(id: string, options?: Cancel): Promise<AsyncIterable<Uint8Array>>
  /** Makes an image of a container and gives its id. */
  commitContainer(id: string, options: CommitOptions): Promise<string>
  /** The processes of a running container, as `ps` prints them. */
  top(
    id: string,
    args?: string,
  ): Promise<{ readonly titles: readonly string[]; readonly processes: readonly (readonly string[])[] }>
  /**
   * Whether the first process of a running container listens to a signal ("SIGTERM"); what does not, ignores it, since the kernel ends
   * no first process that has not asked for that. Undefined where it cannot be known: of an engine elsewhere, of one that is no Linux.
   */
  listens(id: string, signal: string): Promise<boolean | undefined>
  /** With `follow` one sample about every second while the container runs, else one. */
  stats(id: string, options?: { readonly follow?: boolean } & Cancel): AsyncIterable<StatsSample>
  /** What the Dockerfile's own checks find; nothing is built. What reading files throws is thrown. */
  checkBuild(options: SolveOptions): Promise<readonly Found[]>
  pushImage(reference: string, options: PullOptions): Promise<void>
  /** As `attach`, and hands on what `stdin` gives until it ends. `detachKeys` as of `exec`. */
  attachWithInput(
    id: string,
    stdin: AsyncIterable<Uint8Array>,
    options?: { readonly detachKeys?: string } & Cancel,
  ): Promise<AsyncIterable<LogChunk>>
  /** How the engine and its machine are. */
  state(): Promise<EngineState>
  /** Of a container that has a terminal. */
  resizeTerminal(id: string, size: { readonly rows: number; readonly columns: number }): Promise<void>
}

/** An engine's machine, and what it can and cannot do there. */
export interface EngineState {
  /** By its own clock; absent where it does not say. */
  readonly time?: number
  readonly cpus: number
  /** Bytes. */
  readonly memory: number
  /** Where it keeps its data, on its machine. */
  readonly root: string
  readonly driver: string
  /** What it says against itself. */
  readonly warnings: readonly string[]
  /** Which limits of containers it can hold. */
  readonly limits: {
    readonly memory: boolean
    readonly swap: boolean
    readonly pids: boolean
    readonly cpus: boolean
    readonly cpuset: boolean
  }
  /** Address ranges for networks that declare none; empty where it has those that it comes with. */
  readonly pools: readonly { readonly base: string; readonly size: number }[]
}

export interface PathStat {
  readonly name: string
  readonly size: number
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  /** Permission bits. */
  readonly mode: number
  readonly modified: number
  /** Where a link leads to; "" for what is none. */
  readonly target: string
}

export interface CommitOptions {
  /** The image's name; nameless without. */
  readonly reference?: string
  readonly author?: string
  readonly message?: string
  /** Dockerfile instructions: `ENV A=1`. */
  readonly changes?: readonly string[]
  /** The container is paused meanwhile; so it is without this. */
  readonly pause?: boolean
}

/** What a container has used. Counters grow from its start; bytes, and nanoseconds of CPU. */
export interface StatsSample {
  readonly name: string
  readonly time: number
  /** Of one CPU since the sample before: 1 is one CPU, 2 two. */
  readonly cpus: number
  /** Without what the kernel would give back at once. */
  readonly memory: number
  readonly memory_limit: number
  readonly received: number
  readonly sent: number
  readonly read: number
  readonly written: number
  readonly pids: number
}

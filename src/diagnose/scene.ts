import type {
  ContainerDetail,
  ContainerSummary,
  EngineEvent,
  EngineInfo,
  ImageDetail,
  NetworkDetail,
} from '../engine/engine.ts'
import type { Project } from '../model/project.ts'

/**
 * What is known where something went wrong: plain data, gathered once, so that a scene can be recorded and looked at again.
 * What costs more than a look is not in here; a diagnosis asks for it by a `Probe`.
 */
export interface Scene {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** `arch` is "" where the engine did not tell. */
  readonly engine: Pick<EngineInfo, 'flavour' | 'version' | 'os'> & { readonly arch: string }
  readonly project?: Project
  readonly subjects: readonly Subject[]
  /** Every container of the engine: who holds a port, a name, an address. */
  readonly neighbours: readonly ContainerSummary[]
  /** Every network of the engine. */
  readonly networks: readonly NetworkDetail[]
}

/** A container in question, or one that could not be made. */
export interface Subject {
  readonly service: string
  /** The container's name, or the one that it was to have. */
  readonly name: string
  readonly container?: ContainerDetail
  /** How it is now, where `container` and `events` are those of its last end: its restart policy has started it again. */
  readonly again?: Pick<ContainerDetail, 'state' | 'startedAt' | 'restartCount'>
  readonly image?: ImageDetail
  /** What happened to it, oldest first, as far as anybody remembers. */
  readonly events: readonly EngineEvent[]
  /** Its last lines, both streams. */
  readonly log: readonly string[]
  readonly failure?: Failure
}

/** A call that the engine refused, in the engine's words. */
export interface Failure {
  readonly doing: 'pull' | 'build' | 'create' | 'start' | 'network' | 'volume' | 'hook' | 'wait'
  readonly message: string
  readonly status?: number
  /** What was found out about it where it failed: for which platforms an image is there. */
  readonly hint?: string
}

/** What a diagnosis may ask for besides: each costs a call or more. */
export type Probe =
  /** The beginning of a file of a container, which need not run. */
  | { readonly what: 'file'; readonly container: string; readonly path: string }
  /** Who listens in a container's network namespace: of one that runs. */
  | { readonly what: 'sockets'; readonly container: string }
  /** How many processes of one that runs the kernel has ended for memory: engines forget events. */
  | { readonly what: 'oom-kills'; readonly container: string }
  /** What a command prints in a container that runs: "" where it cannot be run there. */
  | { readonly what: 'inside'; readonly container: string; readonly command: readonly string[] }
  /** When a volume was made. */
  | { readonly what: 'volume'; readonly volume: string }
  /** Where packets go on the machine where Gantry runs: only where the engine runs there, too. */
  | { readonly what: 'routes' }
  /** A path on the machine where Gantry runs: only where the engine runs there, too. */
  | { readonly what: 'host-path'; readonly path: string }

export interface Facts {
  readonly file: FileFact
  readonly sockets: { readonly listening: readonly Listening[] }
  readonly 'oom-kills': number
  readonly inside: { readonly output: string }
  /** Milliseconds since the epoch. */
  readonly volume: { readonly created: number }
  readonly routes: readonly Route[]
  readonly 'host-path': {
    readonly kind: 'none' | 'file' | 'directory' | 'other'
    readonly uid: number
    readonly mode: number
    readonly empty: boolean
  }
}

/** Packets for a subnet go through a device: "10.8.0.0/16" through "tun0". */
export interface Route {
  readonly subnet: string
  readonly device: string
}

export interface FileFact {
  readonly kind: 'none' | 'file' | 'directory' | 'other'
  /** Permission bits. */
  readonly mode: number
  readonly uid: number
  /** Its first 4 kB, byte by byte (latin1). */
  readonly head: string
}

export interface Listening {
  readonly address: string
  readonly port: number
}

/** Gives what a probe found: `unknown` where it could not be found out or is not known yet. */
export type Ask = <P extends Probe>(probe: P) => Facts[P['what']] | 'unknown'

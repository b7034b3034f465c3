import type {
  ContainerSpec,
  ContainerUpdate,
  EndpointSpec,
  ExecSpec,
  NetworkSpec,
  VolumeSpec,
} from '../engine/engine.ts'
import type { Condition } from '../model/project.ts'
import type { BuildSpec } from './build/spec.ts'

/**
 * Every change we make to one engine, and every wait for it. What was observed is named by id; what the plan makes, by name.
 * `container` may be either: the engine takes both.
 */
export type Step =
  | {
      readonly op: 'pull-image'
      readonly image: string
      readonly platform?: string
      readonly tolerate?: boolean
      /** It is pulled again after a time, which begins anew. */
      readonly refresh?: boolean
    }
  /** `unlessPresent`: a pull before it may have brought the image, and then there is nothing to build. */
  | { readonly op: 'build-image'; readonly build: BuildSpec; readonly unlessPresent?: boolean }
  | { readonly op: 'remove-image'; readonly image: string; readonly tolerate?: boolean }
  | { readonly op: 'create-network'; readonly name: string; readonly spec: NetworkSpec }
  /** `tolerate`: one that is still in use stays, with a warning. */
  | { readonly op: 'remove-network'; readonly network: string; readonly tolerate?: boolean }
  | {
      readonly op: 'connect-network'
      readonly network: string
      readonly container: string
      readonly endpoint: EndpointSpec
    }
  | { readonly op: 'disconnect-network'; readonly network: string; readonly container: string }
  | { readonly op: 'create-volume'; readonly name: string; readonly spec: VolumeSpec }
  | { readonly op: 'remove-volume'; readonly name: string; readonly tolerate?: boolean }
  | {
      readonly op: 'create-container'
      readonly name: string
      readonly spec: ContainerSpec
      readonly files: readonly InjectedFile[]
      /** What is known only once other containers exist: filled in just before the call. */
      readonly late?: Late
    }
  | {
      readonly op: 'start-container'
      readonly container: string
      readonly files: readonly InjectedFile[]
      readonly serial: boolean
    }
  | { readonly op: 'stop-container'; readonly container: string; readonly timeout?: number }
  | { readonly op: 'restart-container'; readonly container: string; readonly timeout?: number }
  | { readonly op: 'kill-container'; readonly container: string; readonly signal: string }
  | { readonly op: 'pause-container'; readonly container: string }
  | { readonly op: 'unpause-container'; readonly container: string }
  | { readonly op: 'remove-container'; readonly container: string; readonly volumes: boolean }
  | { readonly op: 'rename-container'; readonly container: string; readonly to: string }
  | { readonly op: 'update-container'; readonly container: string; readonly change: ContainerUpdate }
  /** A command in a container that runs. One that is to run before a stop is passed over where nothing runs any more. */
  | {
      readonly op: 'run-hook'
      readonly container: string
      readonly service: string
      readonly hook: ExecSpec
      readonly when: 'post_start' | 'pre_stop'
      /** Absent of what nobody makes up for. */
      readonly kept?: KeptHook
    }
  /** Before a start that hooks are to follow: kept until they are all done. `stale`: marks of an earlier start. */
  | {
      readonly op: 'owe-hooks'
      readonly container: string
      readonly project: string
      readonly stale: readonly string[]
    }
  /** They are all done, or their container is gone. The marks go in this order. */
  | { readonly op: 'settle-hooks'; readonly container: string; readonly marks: readonly string[] }
  /** A container of its own that must end with 0, and is removed then. */
  | {
      readonly op: 'run-to-end'
      readonly name: string
      readonly spec: ContainerSpec
      /** What errors call it. */
      readonly what: string
      readonly late?: Late
    }
  /** What programs beside the engine do: those of providers, and docker's of models. */
  | { readonly op: 'call-provider'; readonly service: string; readonly command: 'up' | 'down' | 'stop' }
  | { readonly op: 'pull-model'; readonly model: string }
  | {
      readonly op: 'configure-model'
      readonly model: string
      readonly context_size?: number
      readonly runtime_flags?: readonly string[]
    }
  | {
      readonly op: 'wait'
      readonly containers: readonly string[]
      readonly service: string
      readonly condition: Condition | 'running_or_healthy' | 'running'
      readonly required: boolean
      /** Milliseconds; 0 is for ever. */
      readonly timeout: number
    }

/**
 * Ids of the containers whose namespaces or volumes a new container borrows. A container's hash contains them, as
 * docker compose's does, and some of them are made by the same plan.
 */
export interface Late {
  /** Placeholder in `spec` and `hashed` → name or id of the container. */
  readonly parents: Readonly<Record<string, string>>
  /** What the label config-hash is taken of. */
  readonly hashed: string
}

/** That a hook was begun is kept on the engine, so that whoever comes after an interrupted run neither leaves it out nor runs it twice. */
export interface KeptHook {
  readonly project: string
  readonly mark: string
  /** The engine's id of the same command, as an interrupted run has begun it. */
  readonly begun?: string
}

/** Content of a secret or config that is put into the container just before it starts. */
export interface InjectedFile {
  readonly path: string
  readonly content: string | Uint8Array
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

import type { Finding } from '../diagnose/finding.ts'
import type { BuildTold } from '../engine/build.ts'
import type { StepEvent } from '../plan/execute.ts'
import type { Outline, Unit } from '../plan/plan.ts'
import type { Problem } from '../text/problem.ts'

/** All that an action tells while it works. Data only: no sentences made for a screen, no colours, no widths. */
export type Event =
  | { readonly type: 'problem'; readonly problem: Problem }
  | { readonly type: 'plan'; readonly stages: readonly Stage[] }
  | StepEvent
  | ProgressEvent
  | BuildEvent
  | BuildFailedEvent
  | LogEvent
  | StatusEvent
  | FollowingEvent
  | StoppingEvent
  | FailureEvent
  | FindingEvent
  | WatchEvent
  | WatchEnabledEvent

/** Whether it tells of something that is wrong: that is told however little is to be said. */
export const isTrouble = ({ type }: Event): boolean =>
  type === 'problem' || type === 'build-failed' || type === 'container-failed' || type === 'finding'

/** `prepare` pulls and builds; `change` does the rest. */
export interface Stage {
  readonly name: 'prepare' | 'change'
  readonly outline: Outline
}

/** A step that takes long tells how far it is: a layer of a pull (`part`), a build's output. */
export interface ProgressEvent {
  readonly type: 'progress'
  readonly unit: Unit
  readonly part?: string
  readonly text: string
  readonly current?: number
  readonly total?: number
}

/** What BuildKit tells of an image that it builds. */
export interface BuildEvent {
  readonly type: 'build'
  readonly unit: Unit
  readonly told: BuildTold
}

/** The step at which an image's build failed, once all has ended. */
export interface BuildFailedEvent {
  readonly type: 'build-failed'
  readonly unit: Unit
  /** "[web 2/3] RUN make" */
  readonly step: string
  /** Its last lines, control characters and all. */
  readonly output: readonly string[]
  /** How many lines came before these. */
  readonly omitted: number
}

/** One line of a container's output, without its line end. */
export interface LogEvent {
  readonly type: 'log'
  /** The prefix: "web-1". */
  readonly container: string
  readonly service: string
  readonly stream: 'stdout' | 'stderr'
  readonly line: Uint8Array
  /** RFC 3339 with nanoseconds, as the engine gives it, where timestamps were asked for. */
  readonly time?: string
}

/** What became of a container that is being followed. */
export interface StatusEvent {
  readonly type: 'status'
  readonly container: string
  readonly service: string
  readonly state: 'exited' | 'restarting' | 'recreated' | 'attached' | 'stopping'
  readonly exitCode?: number
  /** The kernel ended it for memory. */
  readonly outOfMemory?: true
  /** Of one that takes long to stop: the signal it was sent, whether its first process is known to ignore it, and the milliseconds until it is killed. */
  readonly slow?: { readonly signal: string; readonly ignored: boolean; readonly left: number }
}

/** Why a container did not come up: all that is known, gathered when it failed. */
export interface FailureEvent {
  readonly type: 'container-failed'
  readonly container: string
  /** Others of the service that failed alike. */
  readonly alike?: readonly string[]
  readonly service: string
  /** What happened, in a few words: `exited (137: out of memory, limit 64 MiB)`, `unhealthy`, the engine's words. */
  readonly cause: string
  /** Why, as far as it is known. */
  readonly findings: readonly Finding[]
  readonly exitCode?: number
  /** Its last lines, control characters and all. */
  readonly log: readonly string[]
  /** The last health probe. */
  readonly probe?: { readonly command: string; readonly exitCode: number; readonly output: string }
  /** Services that wait for it, in vain. */
  readonly waiting: readonly string[]
  /** The container it was to replace, stopped and kept, if there is one. */
  readonly kept?: string
  readonly hint?: string
}

/** Why something failed that is no container: an image that cannot be pulled, a network that cannot be made. */
export interface FindingEvent {
  readonly type: 'finding'
  readonly finding: Finding
}

/** What watching did, of one service: `because` names the paths, or the command. */
export interface WatchEvent {
  readonly type: 'watched'
  readonly service: string
  readonly did: 'sync' | 'rebuild' | 'rebuilt' | 'restart' | 'exec'
  readonly because?: string
  readonly files?: number
  readonly deleted?: number
  /** What is gone was removed by the container's own `rm`: the engine has no way, or it was much. */
  readonly byRm?: boolean
  readonly bytes?: number
  /** Milliseconds. */
  readonly elapsed?: number
}

/** From here on no change is missed. */
export interface WatchEnabledEvent {
  readonly type: 'watch-enabled'
  readonly directories: number
}

/** Whose output is going to be told: once before the first line. */
export interface FollowingEvent {
  readonly type: 'following'
  /** Prefixes, sorted. */
  readonly containers: readonly string[]
}

/** An attached `up` is stopping everything: it was interrupted, or a container ended. */
export interface StoppingEvent {
  readonly type: 'stopping'
  readonly because: 'interrupted' | 'container-exit'
}

export type { BuildTold }

export type Emit = (event: Event) => void

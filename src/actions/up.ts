import type { ContainerState } from '../engine/engine.ts'
import type { PullPolicy } from '../local/images.ts'
import type { Project } from '../model/project.ts'
import type { Origin } from '../text/origin.ts'
import type { Stage } from './event.ts'
import type { ActionOptions } from './options.ts'

export interface PlanOptions {
  /** Where attributes were written, for the reasons of the plan. */
  readonly origin: Origin
  /** Named services and, without `noDeps`, what they depend on; all without it. */
  readonly services?: readonly string[]
  readonly noDeps?: boolean
  readonly scale?: Readonly<Record<string, number>>
  readonly recreate?: 'changed' | 'always' | 'never'
  /** Also replace unchanged containers of services that are here as dependencies only. */
  readonly recreateDeps?: boolean
  readonly removeOrphans?: boolean
  readonly build?: boolean
  readonly noBuild?: boolean
  readonly pull?: PullPolicy
  /** Create, and start nothing. */
  readonly noStart?: boolean
  readonly wait?: boolean
  /** Milliseconds. */
  readonly waitTimeout?: number
  /** How long a container may take to stop, in milliseconds; without it, its own. */
  readonly timeout?: number
  readonly renewAnonVolumes?: boolean
}

export interface UpOptions extends ActionOptions, PlanOptions {
  /** Called between making ready and starting each container: the place to attach to its output. */
  readonly beforeStart?: (container: LiveContainer) => Promise<void>
}

/** A container of the project after the action. */
export interface LiveContainer {
  readonly id: string
  readonly name: string
  readonly service: string
  readonly number: number
  readonly state: ContainerState
}

export interface UpResult {
  readonly stages: readonly Stage[]
  /** Whether anything was done (under `dryRun`: would be). */
  readonly changed: boolean
  /** Containers of the selected services, by name. Empty under `dryRun`. */
  readonly containers: readonly LiveContainer[]
}

/**
 * Brings the selected services up: pulls and builds what is needed, then creates, replaces and starts containers.
 * Throws UserError for what cannot be asked, PlanFailed where steps failed, the signal's reason where it was aborted.
 */
export async function up(project: Project, options: UpOptions): Promise<UpResult> {
  void [project, options]
  throw new Error('not written yet')
}

/** What `up` would do; executes nothing. */
export async function planUp(
  project: Project,
  options: PlanOptions & Pick<ActionOptions, 'engine' | 'emit' | 'signal' | 'separator'>,
): Promise<readonly Stage[]> {
  void [project, options]
  throw new Error('not written yet')
}

/** Whether a plan changes anything: what a policy repeats on every run is only a check. */
export function hasChanges(stages: readonly Stage[]): boolean {
  return stages.some(s => s.outline.changes.some(c => c.verdict !== 'check'))
}

import type { Project } from '../model/project.ts'
import type { Stage } from './event.ts'
import type { ActionOptions } from './options.ts'
import type { PlanOptions, UpResult } from './up.ts'

export interface LifecycleOptions extends ActionOptions {
  /** All without it. */
  readonly services?: readonly string[]
  /** How long a container may take to stop, in milliseconds; without it, its own. */
  readonly timeout?: number
}

export interface LifecycleResult {
  readonly stages: readonly Stage[]
  readonly changed: boolean
}

/** Starts containers that exist, in the order of their dependencies. `name` alone works from labels. */
export async function start(
  name: string,
  project: Project | undefined,
  options: LifecycleOptions & { readonly wait?: boolean; readonly waitTimeout?: number },
): Promise<LifecycleResult> {
  void [name, project, options]
  throw new Error('not written yet')
}

/** Stops running containers, dependants first. */
export async function stop(
  name: string,
  project: Project | undefined,
  options: LifecycleOptions,
): Promise<LifecycleResult> {
  void [name, project, options]
  throw new Error('not written yet')
}

/** Restarts containers, and with them the dependants that ask for it (`depends_on.restart`). */
export async function restart(
  name: string,
  project: Project | undefined,
  options: LifecycleOptions & { readonly noDeps?: boolean },
): Promise<LifecycleResult> {
  void [name, project, options]
  throw new Error('not written yet')
}

/** Brings services to a number of containers each: `up` without building, of the services named. */
export async function scale(
  project: Project,
  numbers: Readonly<Record<string, number>>,
  options: ActionOptions & Pick<PlanOptions, 'origin' | 'noDeps' | 'timeout'>,
): Promise<UpResult> {
  void [project, numbers, options]
  throw new Error('not written yet')
}

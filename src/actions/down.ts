import type { Project } from '../model/project.ts'
import type { Stage } from './event.ts'
import type { ActionOptions } from './options.ts'

export interface DownOptions extends ActionOptions {
  /** These and everything that depends on them; all without it. */
  readonly services?: readonly string[]
  /** Also the project's volumes, and anonymous ones. */
  readonly volumes?: boolean
  readonly rmi?: 'all' | 'local'
  readonly removeOrphans?: boolean
  /** Milliseconds; without it, each container's own. */
  readonly timeout?: number
}

export interface DownResult {
  readonly stages: readonly Stage[]
  readonly changed: boolean
}

/** Stops and removes a project's containers and networks. Works from labels; `project` adds what only the file knows. */
export async function down(name: string, project: Project | undefined, options: DownOptions): Promise<DownResult> {
  void [name, project, options]
  throw new Error('not written yet')
}

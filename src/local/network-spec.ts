import type { NetworkSpec } from '../engine/engine.ts'
import type { Project } from '../model/project.ts'

/** A declared network as the engine is asked for it, labels included. Its name is `project.networks[key].name`. */
export function networkSpec(project: Project, key: string): NetworkSpec {
  throw new Error(`not written yet: ${project.name} ${key}`)
}

import type { VolumeSpec } from '../engine/engine.ts'
import type { Project } from '../model/project.ts'

/** A declared volume as the engine is asked for it, labels included. Its name is `project.volumes[key].name`. */
export function volumeSpec(project: Project, key: string): VolumeSpec {
  throw new Error(`not written yet: ${project.name} ${key}`)
}

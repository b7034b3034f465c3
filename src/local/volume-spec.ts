import { defined } from '../base/defined.ts'
import type { VolumeSpec } from '../engine/engine.ts'
import { CONTRACT_VERSION, LABEL } from '../model/names.ts'
import type { Project } from '../model/project.ts'
import { volumeHash } from './hash.ts'

/** A declared volume as the engine is asked for it, labels included. Its name is `project.volumes[key].name`. */
export function volumeSpec(project: Project, key: string): VolumeSpec {
  const volume = project.volumes[key]!
  return defined({
    driver: volume.driver,
    driver_opts: volume.driver_opts,
    labels: {
      ...volume.labels,
      [LABEL.project]: project.name,
      [LABEL.volume]: key,
      [LABEL.version]: CONTRACT_VERSION,
      [LABEL.config_hash]: volumeHash(project, key),
    },
  })
}

import { defined } from '../base/defined.ts'
import type { NetworkSpec } from '../engine/engine.ts'
import { CONTRACT_VERSION, LABEL } from '../model/names.ts'
import type { Project } from '../model/project.ts'
import { networkHash } from './hash.ts'

/** A declared network as the engine is asked for it, labels included. Its name is `project.networks[key].name`. */
export function networkSpec(project: Project, key: string): NetworkSpec {
  const network = project.networks[key]!
  return defined({
    driver: network.driver,
    driver_opts: network.driver_opts,
    ipam: network.ipam,
    internal: network.internal,
    attachable: network.attachable,
    enable_ipv4: network.enable_ipv4,
    enable_ipv6: network.enable_ipv6,
    labels: {
      ...network.labels,
      [LABEL.project]: project.name,
      [LABEL.network]: key,
      [LABEL.version]: CONTRACT_VERSION,
      [LABEL.config_hash]: networkHash(project, key),
    },
  })
}

import { defined } from '../../base/defined.ts'
import { dependencies } from '../../model/graph.ts'
import { CONTRACT_VERSION, LABEL, OUR_LABEL } from '../../model/names.ts'
import type { Project, Service } from '../../model/project.ts'
import { attributeHashes, attributesLabel } from '../attributes.ts'
import type { Given } from '../given.ts'
import { serviceHash } from '../hash.ts'
import { hookKinds } from '../lost-hooks.ts'

/** All labels of a service's container: the user's, over them docker compose's, and ours. */
export function containerLabels(
  project: Project,
  service: string,
  number: number,
  given: Given,
): Readonly<Record<string, string>> {
  const s = project.services[service]!
  return defined({
    ...s.labels,
    [LABEL.project]: project.name,
    [LABEL.service]: service,
    [LABEL.version]: CONTRACT_VERSION,
    [LABEL.working_dir]: project.working_dir,
    [LABEL.config_files]: project.files.join(','),
    [LABEL.environment_file]: project.env_files.length > 0 ? project.env_files.join(',') : undefined,
    [LABEL.oneoff]: 'False',
    [LABEL.config_hash]: serviceHash(project, service, given.parent),
    [LABEL.number]: String(number),
    [LABEL.depends_on]: dependsOn(s),
    [LABEL.image]: given.image(service),
    [LABEL.image_volume_digest]: mountedDigests(s, given.mountedImage),
    [LABEL.replace]: given.replaces ? (s.container_name ?? `${service}${given.separator}${number}`) : undefined,
    [OUR_LABEL.hooks]: hookKinds(s),
    [OUR_LABEL.attributes]: attributesLabel(attributeHashes(project, service, given.contents)),
  })
}

/** `name:condition:restart`, sorted: docker compose writes them in any order, and reads them in any. */
function dependsOn(service: Service): string {
  return [...dependencies(service)]
    .map(([name, { condition, restart = false }]) => `${name}:${condition}:${restart}`)
    .toSorted()
    .join(',')
}

/** `target=digest` of each mount that is an image, so that a newer image is seen. */
function mountedDigests(service: Service, digestOf: Given['mountedImage']): string | undefined {
  const digests = (service.volumes ?? [])
    .filter(volume => volume.type === 'image')
    .map(volume => [volume.target, digestOf?.(volume.source ?? '')] as const)
    .filter(([, digest]) => digest !== undefined)
    .map(pair => pair.join('='))
  return digests.length > 0 ? digests.toSorted().join(',') : undefined
}

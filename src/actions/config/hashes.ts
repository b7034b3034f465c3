import { declaredHash } from '../../local/hash.ts'
import type { Project } from '../../model/project.ts'
import { select } from '../../model/select.ts'

/**
 * Lines of a service's name and its hash, for names separated by commas or "*". Equal to the label of its containers, save where
 * the service shares something of another one's container: there the label has that container's id in it.
 */
export function configHashes(project: Project, names: string): readonly string[] {
  const asked = names === '*' ? Object.keys(project.services) : names.split(',')
  const { services } = select(project, { services: asked, noDeps: true })
  return Object.keys(services)
    .toSorted()
    .map(name => `${name} ${declaredHash(project, name)}`)
}

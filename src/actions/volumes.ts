import type { Engine, VolumeDetail } from '../engine/engine.ts'
import type { Project } from '../model/project.ts'
import { checkServices, membersOf } from './members.ts'

/** A project's volumes by name; with services only those mounted in their running containers. Throws UserError for unknown services. */
export async function volumes(
  name: string,
  project: Project | undefined,
  {
    engine,
    services = [],
  }: { readonly engine: Pick<Engine, 'listContainers' | 'listVolumes'>; readonly services?: readonly string[] },
): Promise<readonly VolumeDetail[]> {
  const found = (await engine.listVolumes(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  if (services.length === 0) return found
  const members = await membersOf(engine, name, { all: false })
  checkServices(services, project, members)
  const used = new Set(
    members.filter(m => services.includes(m.service)).flatMap(m => m.summary.mounts.map(mount => mount.name)),
  )
  return found.filter(volume => used.has(volume.name))
}

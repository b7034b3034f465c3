import { isAbsolute } from 'node:path/posix'
import { defined } from '../../base/defined.ts'
import type { ContainerSpec, LiveMount, MountSpec } from '../../engine/engine.ts'
import type { FileObject, FileReference, Mount, Project, Service } from '../../model/project.ts'
import type { Given, Inherited } from '../given.ts'
import { type Contents, isPut } from './file-contents.ts'

type Mounted = Pick<ContainerSpec, 'binds' | 'mounts'>

/**
 * What is mounted where. Plain bind and volume mounts take the engine's old text form, which makes missing host
 * directories; all that it cannot say takes the new one. Two mounts of one target: the later one stands.
 */
export function mounts(project: Project, service: Service, given: Pick<Given, 'inherited' | 'contents'> = {}): Mounted {
  const { inherited, contents } = given
  const anonymous = new Map(inheritedMounts(service, inherited).map(mount => [mount.target, mount]))
  const byTarget = new Map<string, string | MountSpec>(anonymous)
  for (const volume of service.volumes ?? []) {
    if (volume.source === undefined && anonymous.has(volume.target)) continue
    byTarget.set(volume.target, mounted(project, volume))
  }
  for (const file of [
    ...fileMounts(service, service.secrets, project.secrets, secretTarget, contents),
    ...fileMounts(service, service.configs, project.configs, configTarget, contents),
  ])
    if (!byTarget.has(file.target)) byTarget.set(file.target, file)
  const all = [...byTarget.values()]
  const binds = all.filter(mount => typeof mount === 'string')
  const rest = all.filter(mount => typeof mount !== 'string')
  return defined({ binds: binds.length > 0 ? binds : undefined, mounts: rest.length > 0 ? rest : undefined })
}

/** Where a secret is found in the container: `/run/secrets/` and its name, unless `target` is a path. */
export function secretTarget({ source, target }: FileReference): string {
  if (!target) return `/run/secrets/${source}`
  return isAbsolute(target) ? target : `/run/secrets/${target}`
}

/** Where a config is found in the container: at the root under its name, unless `target` says otherwise. */
export function configTarget({ source, target }: FileReference): string {
  if (!target) return `/${source}`
  return isAbsolute(target) ? target : `/${target}`
}

function mounted(project: Project, volume: Mount): string | MountSpec {
  const declared = volume.type === 'volume' && volume.source ? project.volumes[volume.source] : undefined
  const source = declared?.name ?? volume.source
  const plain =
    (volume.type === 'bind' && !needsMountForm(volume.bind)) ||
    (declared !== undefined && !volume.volume?.nocopy && !volume.volume?.subpath && !hasKeys(volume.volume?.labels))
  return plain ? bindText(source!, volume) : mountSpec(source, volume)
}

/** The old form has words for propagation and SELinux, the new one for all else. */
export function needsMountForm(bind: Mount['bind']): boolean {
  return bind?.create_host_path === false || Boolean(bind?.recursive)
}

function bindText(source: string, { target, read_only, bind }: Mount): string {
  const options = [read_only ? 'ro' : 'rw', bind?.selinux, bind?.propagation].filter(Boolean)
  return `${source}:${target}:${options.join(',')}`
}

function mountSpec(source: string | undefined, volume: Mount): MountSpec {
  const { bind, volume: named, tmpfs, image } = volume
  return defined({
    type: volume.type,
    source,
    target: volume.target,
    read_only: volume.read_only,
    consistency: volume.consistency,
    bind:
      bind && volume.type === 'bind'
        ? defined({
            propagation: bind.propagation,
            create_mountpoint: bind.create_host_path || undefined,
            non_recursive: bind.recursive === 'disabled' || undefined,
            read_only_non_recursive: bind.recursive === 'writable' || undefined,
            read_only_force_recursive: bind.recursive === 'readonly' || undefined,
          })
        : undefined,
    volume:
      named && volume.type === 'volume'
        ? defined({ no_copy: named.nocopy || undefined, labels: named.labels, subpath: named.subpath })
        : undefined,
    tmpfs: tmpfs && volume.type === 'tmpfs' ? defined({ size: tmpfs.size, mode: tmpfs.mode }) : undefined,
    image: image && volume.type === 'image' ? defined({ subpath: image.subpath }) : undefined,
  })
}

/** Secrets and configs that are files of the host: read-only, and never made where they are missing. */
function fileMounts(
  service: Service,
  references: readonly FileReference[] | undefined,
  declared: Readonly<Record<string, FileObject>>,
  targetOf: (reference: FileReference) => string,
  contents: Contents | undefined,
): readonly MountSpec[] {
  return (references ?? []).flatMap(reference => {
    const file = declared[reference.source]?.file
    const target = targetOf(reference)
    if (!file || isPut(service, reference, file, target, contents)) return []
    return [{ type: 'bind', source: file, target, read_only: true }]
  })
}

/** Anonymous volumes live on in the container that replaces theirs. */
function inheritedMounts(service: Service, inherited: Inherited | undefined): readonly MountSpec[] {
  if (!inherited) return []
  const unnamed = (target: string) => service.volumes?.some(volume => volume.target === target && !volume.source)
  return inherited.mounts
    .filter(mount => mount.type !== 'tmpfs' && (inherited.imageVolumes.includes(mount.target) || unnamed(mount.target)))
    .map(inheritedMount)
}

function inheritedMount({ type, name, source, target, rw }: LiveMount): MountSpec {
  return defined({ type, source: type === 'volume' ? name : source, target, read_only: rw ? undefined : true })
}

function hasKeys(object: object | undefined): boolean {
  return object !== undefined && Object.keys(object).length > 0
}

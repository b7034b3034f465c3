import type { ContainerSpec, ExecSpec, Feature, ImageDetail, NetworkSpec, VolumeSpec } from '../engine/engine.ts'
import { dependencies, inOrder, type Need, namespaceOwner } from '../model/graph.ts'
import type { Separator } from '../model/names.ts'
import type { Project, Service } from '../model/project.ts'
import { attributeHashes } from './attributes.ts'
import { containerSpec } from './container/container.ts'
import { containerNameOf } from './container/container-name.ts'
import type { Contents } from './container/file-contents.ts'
import { type HookContainer, postStart, preStart, preStop } from './container/hooks.ts'
import { injectedFiles } from './container/injected-files.ts'
import type { Given } from './given.ts'
import { hashedText, networkHash, serviceHash, volumeHash } from './hash.ts'
import type { Images } from './images/images.ts'
import { imageOf } from './images/names.ts'
import { olderHashes } from './judge/older-hashes.ts'
import { networkSpec } from './network-spec.ts'
import type { InjectedFile } from './steps.ts'
import { volumeSpec } from './volume-spec.ts'

/** What should exist on the engine. Services come after those they need. */
export interface Desired {
  readonly project: string
  readonly working_dir: string
  readonly separator: Separator
  readonly features: ReadonlySet<Feature>
  readonly networks: readonly DesiredNetwork[]
  readonly volumes: readonly DesiredVolume[]
  readonly services: readonly DesiredService[]
  /** Names of all declared services, those too that are not to be touched now. */
  readonly declared: ReadonlySet<string>
}

export interface DesiredNetwork {
  readonly key: string
  readonly name: string
  readonly external: boolean
  readonly spec: NetworkSpec
  readonly hash: string
}

export interface DesiredVolume {
  readonly key: string
  readonly name: string
  readonly external: boolean
  readonly spec: VolumeSpec
  readonly hash: string
}

export interface DesiredService {
  readonly name: string
  readonly model: Service
  readonly scale: number
  /** When an unchanged container is replaced nonetheless, or a changed one is not. */
  readonly recreate: 'changed' | 'always' | 'never'
  /** Not asked for: here only because what its containers stand on goes. What does not run stays so. */
  readonly bystander: boolean
  /** What it needs, of the services that are here too and have containers. */
  readonly needs: ReadonlyMap<string, Need>
  /** Services whose namespace or volumes it borrows. */
  readonly parents: readonly string[]
  /** The value of the label, with the ids of the parents' present containers in it. */
  readonly hash: string
  /** Whether a label says the same: as we write it, or as other versions of docker compose do. */
  readonly hasHash: (label: string) => boolean
  readonly attributes: Readonly<Record<string, string>>
  /** Digest of its image; undefined while the engine does not have it. */
  readonly image: string | undefined
  /** Its image; undefined while the engine does not have it. */
  readonly imageDetail: ImageDetail | undefined
  /** VOLUME targets of the image. */
  readonly imageVolumes: readonly string[]
  readonly files: readonly InjectedFile[]
  /** Whether two starts must not run at once: the engine gives ports of a range away non-atomically. */
  readonly serial: boolean
  readonly containerName: (number: number) => string
  readonly postStart: readonly ExecSpec[]
  readonly preStop: readonly ExecSpec[]
  readonly hasPreStart: boolean
  /** Containers to be run to their end before the first of the service starts; `sibling` lends them its volumes. */
  readonly preStart: (sibling: string, more: Pick<Given, 'parent'>) => readonly HookContainer[]
  /** The specification for comparing: without what other containers give it. */
  readonly plainSpec: (number: number) => ContainerSpec
  readonly spec: (number: number, more: Pick<Given, 'parent' | 'inherited' | 'replaces' | 'linked'>) => ContainerSpec
  /** What the hash is taken of. */
  readonly hashed: (parent: Given['parent']) => string
  /** What the engine calls a network that the project calls by this key. */
  readonly networkName: (key: string) => string
  /** The image's name, as the container asks for it. */
  readonly imageName: string
}

export interface Wishes {
  readonly separator: Separator
  readonly features: ReadonlySet<Feature>
  readonly images: Images
  /** Id of the container that a service borrows from now, for comparing labels. */
  readonly parent: (service: string) => string | undefined
  readonly scale?: Readonly<Record<string, number>>
  readonly recreate?: (service: string) => 'changed' | 'always' | 'never'
  readonly bystanders?: ReadonlySet<string>
  readonly seccomp?: ReadonlyMap<string, string>
  /** Files of secrets and configs. */
  readonly contents?: Contents
  /** Variables for every container. */
  readonly proxy?: Readonly<Record<string, string>>
}

/** Pure: what the selected part of a project asks of an engine. `resources` are its own, where somebody has made them already. */
export function desire(project: Project, wishes: Wishes, resources = desiredResources(project)): Desired {
  return {
    project: project.name,
    working_dir: project.working_dir,
    separator: wishes.separator,
    features: wishes.features,
    ...resources,
    services: inOrder(project)
      .filter(name => !project.services[name]!.provider)
      .map(name => desireService(project, name, wishes)),
    declared: new Set([...Object.keys(project.services), ...Object.keys(project.disabled)]),
  }
}

/** The part of it that nothing on the engine has a say in. */
export function desiredResources(project: Project): Pick<Desired, 'networks' | 'volumes'> {
  return {
    networks: Object.entries(project.networks).map(([key, { name, external = false }]) => ({
      key,
      name,
      external,
      spec: networkSpec(project, key),
      hash: networkHash(project, key),
    })),
    volumes: Object.entries(project.volumes).map(([key, { name, external = false }]) => ({
      key,
      name,
      external,
      spec: volumeSpec(project, key),
      hash: volumeHash(project, key),
    })),
  }
}

/** How many containers a service is to have: `--scale`, else `scale`, else `deploy.replicas`, else one. */
export function scaleOf(service: Service, wished: number | undefined): number {
  return wished ?? service.scale ?? service.deploy?.replicas ?? 1
}

/** Services whose namespace or volumes a service borrows, so that its container stands on theirs. */
export function parentsOf(service: Service): string[] {
  const namespaces = [service.network_mode, service.ipc, service.pid, service.uts].map(namespaceOwner)
  const volumes = (service.volumes_from ?? []).filter(v => !v.startsWith('container:')).map(v => v.split(':')[0])
  return [...new Set([...namespaces, ...volumes].filter(s => s !== undefined))]
}

function desireService(project: Project, name: string, wishes: Wishes): DesiredService {
  const {
    separator,
    features,
    images,
    parent,
    seccomp,
    contents,
    proxy,
    scale = {},
    recreate = () => 'changed' as const,
  } = wishes
  const model = project.services[name]!
  const given = {
    separator,
    features,
    ...(seccomp && { seccomp }),
    ...(contents && { contents }),
    ...(proxy && { proxy }),
    image: (service: string) => images.of(service)?.digest,
    mountedImage: (reference: string) => images.named(reference)?.digest,
  }
  const hash = serviceHash(project, name, parent)
  const plain = new Map<number, ContainerSpec>()
  const present = (service: string) => {
    const other = project.services[service]
    return other !== undefined && !other.provider && scaleOf(other, scale[service]) > 0
  }
  return {
    name,
    model,
    scale: scaleOf(model, scale[name]),
    recreate: recreate(name),
    bystander: wishes.bystanders?.has(name) ?? false,
    needs: new Map([...dependencies(model)].filter(([service]) => present(service))),
    parents: parentsOf(model),
    hash,
    hasHash: label => label === hash || olderHashes(hashedText(project, name, parent)).includes(label),
    attributes: attributeHashes(project, name, contents),
    image: images.of(name)?.digest,
    imageDetail: images.of(name),
    imageVolumes: images.of(name)?.volumes ?? [],
    files: injectedFiles(project, name, contents),
    serial: (model.ports ?? []).some(p => p.published?.includes('-')),
    postStart: postStart(project, name),
    preStop: preStop(project, name),
    hasPreStart: (model.pre_start ?? []).length > 0,
    preStart: (sibling, more) => preStart(project, name, sibling, { ...given, ...more }),
    containerName: number => containerNameOf(project, name, number, separator),
    plainSpec(number) {
      const known = plain.get(number) ?? containerSpec(project, name, number, { ...given, parent: () => undefined })
      plain.set(number, known)
      return known
    },
    spec: (number, more) => containerSpec(project, name, number, { ...given, ...more }),
    hashed: from => hashedText(project, name, from),
    networkName: key => project.networks[key]?.name ?? key,
    imageName: imageOf(project, name, separator),
  }
}

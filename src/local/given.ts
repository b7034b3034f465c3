import type { Feature, LiveMount } from '../engine/engine.ts'
import type { Separator } from '../model/names.ts'
import type { Contents } from './container/file-contents.ts'

/** What a container's specification stands on besides the project. */
export interface Given {
  readonly separator: Separator
  /** Digest of a service's image, for its label; undefined where the engine does not have the image yet. */
  readonly image: (service: string) => string | undefined
  /** Id, or the name until there is one, of the container whose namespace or volumes a service borrows. */
  readonly parent: (service: string) => string | undefined
  readonly features: ReadonlySet<Feature>
  /** Digest of what a mount of type `image` brings in. */
  readonly mountedImage?: (reference: string) => string | undefined
  /** The container that this one replaces leaves it its anonymous volumes. */
  readonly inherited?: Inherited
  /** Set where the container replaces another: docker compose tells "has been recreated" by the label. */
  readonly replaces?: boolean
  /** Names and numbers of a linked service's containers; those of a fresh start without it. */
  readonly linked?: (service: string) => readonly { readonly name: string; readonly number: number }[]
  /** Texts of the seccomp profiles that the project names, by path, from `seccompProfiles`. */
  readonly seccomp?: ReadonlyMap<string, string>
  /** Files of secrets and configs, from `fileContents`. */
  readonly contents?: Contents
  /** Proxy variables of the docker configuration; the service's own win. */
  readonly proxy?: Readonly<Record<string, string>>
}

export interface Inherited {
  readonly mounts: readonly LiveMount[]
  /** VOLUME targets of the new image. */
  readonly imageVolumes: readonly string[]
}

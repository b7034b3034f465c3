import type { Engine } from '../../engine/engine.ts'
import type { Project } from '../../model/project.ts'
import { checkServices, membersOf } from '../members.ts'

/** The image that a container was made from. */
export interface UsedImage {
  readonly container: string
  readonly id: string
  readonly repository: string
  readonly tag: string
  readonly platform: string
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly created: number
  /** When it last got a name on this engine, which is what docker compose's column CREATED tells; else when it was made. */
  readonly tagged: number
}

/** The images of a project's containers, by container; each image is looked at once. Throws UserError for unknown services. */
export async function usedImages(
  name: string,
  project: Project | undefined,
  {
    engine,
    services = [],
  }: { readonly engine: Pick<Engine, 'listContainers' | 'inspectImage'>; readonly services?: readonly string[] },
): Promise<readonly UsedImage[]> {
  const members = await membersOf(engine, name)
  checkServices(services, project, members)
  const chosen = members.filter(m => services.length === 0 || services.includes(m.service))
  const ids = [...new Set(chosen.map(m => m.summary.imageId))]
  const images = new Map(await Promise.all(ids.map(async id => [id, await engine.inspectImage(id)] as const)))
  return chosen.map(({ name: container, summary: { image: reference, imageId: id } }) => {
    const image = images.get(id)
    const [repository, tag] = parts(image?.tags.includes(tagged(reference)) ? reference : (image?.tags[0] ?? reference))
    return {
      container,
      id,
      repository,
      tag,
      platform: image ? `${image.os}/${image.arch}` : '',
      size: image?.size ?? 0,
      created: image?.created ?? 0,
      tagged: image?.tagged ?? image?.created ?? 0,
    }
  })
}

const tagged = (reference: string) => (/:[^/]+$/.test(reference) ? reference : `${reference}:latest`)

/** `registry:5000/web:1` → repository and tag; an id has neither. */
function parts(reference: string): readonly [repository: string, tag: string] {
  const bare = reference.replace(/@sha256:.*$/, '')
  if (/^(sha256:)?[0-9a-f]{12,64}$/.test(bare)) return ['<none>', '<none>']
  const colon = bare.lastIndexOf(':')
  return colon > bare.lastIndexOf('/') ? [bare.slice(0, colon), bare.slice(colon + 1)] : [bare, 'latest']
}

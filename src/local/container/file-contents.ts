import { readFile, stat } from 'node:fs/promises'
import type { FileReference, Project, Service } from '../../model/project.ts'

/** What the files of secrets and configs hold, by path. */
export type Contents = ReadonlyMap<string, Uint8Array>

/**
 * The files of the secrets and configs that services use, so that a changed one is seen, and one with an owner or a mode
 * of its own can be put into the container. What is missing or no file is left out.
 */
export async function fileContents(project: Project): Promise<Contents> {
  const used = (kind: 'secrets' | 'configs') =>
    Object.values(project.services).flatMap(s => (s[kind] ?? []).map(({ source }) => project[kind][source]?.file))
  const paths = new Set([...used('secrets'), ...used('configs')].filter(path => path !== undefined))
  const contents = new Map<string, Uint8Array>()
  const read = async (path: string) => {
    const content = await contentOf(path)
    if (content) contents.set(path, content)
  }
  await Promise.all([...paths].map(read))
  return contents
}

/** Whether a file is put into the container instead of mounted: only so can it have an owner and a mode of its own. */
export function isPut(
  service: Service,
  reference: FileReference,
  file: string,
  target: string,
  contents?: Contents,
): boolean {
  if (!asksForOwner(reference) || contents?.has(file) !== true) return false
  return !service.read_only && hiddenBy(service, target) === undefined
}

/** The memory file system that is laid over a path when the container starts, and over what was put there. */
export function hiddenBy(service: Service, target: string): string | undefined {
  const short = (service.tmpfs ?? []).map(entry => entry.split(':')[0]!)
  const long = (service.volumes ?? []).filter(volume => volume.type === 'tmpfs').map(volume => volume.target)
  return [...short, ...long].find(path => target.startsWith(`${path.replace(/\/+$/, '')}/`))
}

export function asksForOwner({ uid, gid, mode }: FileReference): boolean {
  return uid !== undefined || gid !== undefined || mode !== undefined
}

async function contentOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return (await stat(path)).isFile() ? await readFile(path) : undefined
  } catch (error) {
    // The engine may be on another machine, where the file is; it tells if it is not.
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}

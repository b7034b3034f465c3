import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The texts that come with the command, by their paths: of whole projects ("node/compose.yaml"), or of single services ("redis.yaml").
 * The build puts them in place of this file's content (build/command.ts), so that no folder has to be found where it is installed.
 */
export async function shipped(kind: 'projects' | 'services'): Promise<ReadonlyMap<string, string>> {
  const root = fileURLToPath(new URL(`../../../templates/${kind}`, import.meta.url))
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const texts = paths.toSorted().map(async path => {
    const name = path.slice(root.length + 1).replaceAll(sep, '/')
    return [name, await readFile(path, 'utf8')] as const
  })
  return new Map(await Promise.all(texts))
}

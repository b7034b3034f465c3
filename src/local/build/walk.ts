import type { Dirent } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { FolderEntry } from '../../engine/build.ts'
import type { Ignore } from './ignore.ts'

export interface WalkOptions {
  /** What is left out; a path must pass all of them. */
  readonly rules: readonly Ignore[]
  /** Also the directories of what is wanted that are not wanted themselves. */
  readonly parents?: boolean
}

/** Files that are looked at in one go. */
const AT_ONCE = 64

/**
 * All that is not left out, in the order of the names' bytes, each directory before what it holds; every directory is read once.
 * Sockets and devices are left out, and so is what vanishes meanwhile.
 */
export async function* walk(root: string, options: WalkOptions): AsyncGenerator<FolderEntry> {
  yield* walkDirectory(root, '', options, [])
}

async function* walkDirectory(
  root: string,
  directory: string,
  options: WalkOptions,
  untold: FolderEntry[],
): AsyncGenerator<FolderEntry> {
  const { rules, parents = false } = options
  const found = await readdir(join(root, directory), { withFileTypes: true })
  const wanted = found.flatMap(dirent => {
    const path = directory === '' ? dirent.name : `${directory}/${dirent.name}`
    const excluding = rules.filter(rule => rule.excludes(path))
    const excluded = excluding.length > 0
    if (excluded && !(dirent.isDirectory() && excluding.every(rule => rule.reaches(path)))) return []
    return [{ dirent, path, excluded }]
  })
  wanted.sort((a, b) => byBytes(a.dirent.name, b.dirent.name))
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const some = wanted.slice(at, at + AT_ONCE)
    const entries = await Promise.all(some.map(({ dirent, path }) => entryOf(root, path, dirent)))
    for (const [i, entry] of entries.entries()) {
      if (!entry) continue
      if (some[i]!.excluded) untold.push(entry)
      else {
        if (parents) yield* untold
        untold.length = 0
        yield entry
      }
      if (entry.kind === 'directory') yield* walkDirectory(root, entry.path, options, untold)
      if (untold.at(-1) === entry) untold.pop()
    }
  }
}

async function entryOf(root: string, path: string, dirent: Dirent): Promise<FolderEntry | undefined> {
  const kind = kindOf(dirent)
  if (!kind) return undefined
  const full = join(root, path)
  const stats = await lstat(full).catch(vanished)
  if (!stats) return undefined
  const meta = { path, kind, mode: stats.mode & 0o7777, mtime: stats.mtimeMs, size: stats.size }
  if (kind !== 'symlink') return meta
  const target = await readlink(full).catch(vanished)
  return target === undefined ? undefined : { ...meta, mode: 0o777, target }
}

function kindOf(dirent: Dirent): FolderEntry['kind'] | undefined {
  if (dirent.isFile()) return 'file'
  if (dirent.isDirectory()) return 'directory'
  if (dirent.isSymbolicLink()) return 'symlink'
  return dirent.isFIFO() ? 'fifo' : undefined
}

/** As UTF-8 compares; UTF-16, which is how JavaScript compares, differs beyond the first 65536 characters. */
function byBytes(a: string, b: string): number {
  if (/[\ud800-\udfff]/.test(a + b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}

function vanished(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

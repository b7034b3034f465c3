import { createReadStream, type Stats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type TarEntry, tar } from '../../base/tar.ts'

export interface PackOptions {
  /** What the topmost name of the archive is; "." has the content of a directory without itself. */
  readonly name: string
  /** Told of what cannot be in the archive. */
  readonly warn: (path: string, kind: string) => void
}

/** A file, or a directory with all that is in it, as a tar archive that is read while it is sent. Links are not followed. */
export function pack(path: string, { name, warn }: PackOptions): AsyncIterable<Uint8Array> {
  /** Files with several names, by what the file system calls them. */
  const seen = new Map<string, string>()
  return tar(entries(path, name))

  async function* entries(full: string, as: string): AsyncGenerator<TarEntry> {
    const stats = await lstat(full)
    const entry = await entryOf(full, as, stats)
    if (entry) yield entry
    if (!stats.isDirectory()) return
    for (const child of (await readdir(full)).toSorted()) yield* entries(join(full, child), `${as}/${child}`)
  }

  async function entryOf(full: string, path: string, stats: Stats): Promise<TarEntry | undefined> {
    const { uid, gid, mode, mtimeMs: mtime, size, dev, ino, nlink } = stats
    const meta = { path, mode: mode & 0o7777, mtime, uid, gid }
    if (stats.isDirectory()) return { ...meta, type: 'directory' }
    if (stats.isSymbolicLink()) return { ...meta, type: 'symlink', target: await readlink(full) }
    if (stats.isFIFO()) return { ...meta, type: 'fifo' }
    if (!stats.isFile()) {
      warn(full, stats.isSocket() ? 'socket' : 'device')
      return undefined
    }
    const first = nlink > 1 ? seen.get(`${dev}:${ino}`) : undefined
    if (first !== undefined) return { ...meta, type: 'link', target: first }
    if (nlink > 1) seen.set(`${dev}:${ino}`, path)
    // A log may grow meanwhile; what it had when it was looked at is what is copied.
    const content = size === 0 ? new Uint8Array(0) : createReadStream(full, { end: size - 1, highWaterMark: 1 << 16 })
    return content instanceof Uint8Array ? { ...meta, type: 'file', content } : { ...meta, type: 'file', size, content }
  }
}

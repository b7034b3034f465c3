import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lutimesSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { type Beneath, beneath, NotBeneath } from '../../base/beneath.ts'
import { userError } from '../../text/problem.ts'

export interface UnpackOptions {
  /** The name of an entry where it is another than in the archive. */
  readonly rename: (path: string) => string
  /** Give files to whom they belong in the archive; else they belong to whoever runs this. */
  readonly owners: boolean
  /** Told of what was not made as it is in the archive. */
  readonly warn: (code: 'not-copied' | 'set-id-lost', message: string) => void
  readonly signal?: AbortSignal
}

/** What is kept of an entry until it is written. */
interface Likeness {
  readonly mode: number
  /** Seconds. */
  readonly mtime: number
  readonly uid: number
  readonly gid: number
}

const FRESH = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

/**
 * Unpacks an archive into a folder, and never outside of it: neither its names nor its links are followed. A file is whole when it has its
 * name; what had that name before goes only then. Throws UserError for archives that lead out, and for what is in the way.
 */
export async function unpack(
  archive: AsyncIterable<Uint8Array>,
  into: string,
  { rename, owners, warn, signal }: UnpackOptions,
): Promise<void> {
  const entries = extract()
  const source = Readable.from(archive, { objectMode: false })
  source.on('error', error => entries.destroy(error))
  const folders = new Map<string, Likeness>()
  const folder = beneath(into)
  const targets = beneath(into)
  try {
    for await (const entry of source.pipe(entries)) {
      signal?.throwIfAborted()
      const { type, linkname, mtime, uid = 0, gid = 0 } = entry.header
      const path = rename(entry.header.name)
      const like = {
        mode: modeOf(path, entry.header.mode ?? 0o644),
        mtime: mtime ? mtime.getTime() / 1000 : 0,
        uid,
        gid,
      }
      if (type === 'file' || type === 'contiguous-file') await write(path, entry as AsyncIterable<Buffer>, like)
      else {
        if (type === 'directory') {
          folder.folder(path)
          folders.set(path, like)
        } else if (type === 'symlink') link(path, like, spare => symlinkSync(linkname ?? '', spare))
        else if (type === 'link') link(path, undefined, spare => linkSync(targets.at(rename(linkname ?? '')), spare))
        else
          warn('not-copied', `"${path}" is a ${type?.replace('-', ' ') ?? 'thing of no known kind'} and was not copied`)
        entry.resume()
      }
    }
    // Children first: a folder's time is that of its last change, and one that cannot be written into is made so last.
    for (const [path, like] of [...folders].toReversed()) finish(folder, path, like)
  } catch (error) {
    if (error instanceof NotBeneath) throw userError('copy-blocked', error.message)
    throw error
  } finally {
    source.destroy()
    folder.close()
    targets.close()
  }

  async function write(path: string, content: AsyncIterable<Buffer>, like: Likeness): Promise<void> {
    const at = folder.at(path)
    const spare = spareOf(at)
    const file = openSync(spare, FRESH, 0o600)
    try {
      for await (const bytes of content) for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from)
      liken(file, like)
    } catch (error) {
      rmSync(spare, { force: true })
      // The system does not say for which file there is no room.
      if (error instanceof Error && 'syscall' in error) Object.assign(error, { path: join(into, path) })
      throw error
    } finally {
      closeSync(file)
    }
    settle(spare, at, path)
  }

  function link(path: string, like: Likeness | undefined, make: (spare: string) => void): void {
    const at = folder.at(path)
    const spare = spareOf(at)
    make(spare)
    if (like && owners) lchownSync(spare, like.uid, like.gid)
    if (like) lutimesSync(spare, like.mtime, like.mtime)
    settle(spare, at, path)
  }

  function liken(file: number, { mode, mtime, uid, gid }: Likeness): void {
    // Giving a file away takes its set-id bits, so the mode comes after.
    if (owners) fchownSync(file, uid, gid)
    fchmodSync(file, mode)
    futimesSync(file, mtime, mtime)
  }

  function finish(into: Beneath, path: string, like: Likeness): void {
    const at = into.folder(path)
    // The folder that was named is the user's own.
    if (process.platform === 'win32' || path.split('/').every(part => part === '' || part === '.')) return
    const file = openSync(at, constants.O_RDONLY)
    try {
      liken(file, like)
    } finally {
      closeSync(file)
    }
  }

  /** A program that runs as root in a container must not become root's here, unless that is asked for. */
  function modeOf(path: string, mode: number): number {
    if (owners || (mode & 0o6000) === 0) return mode & 0o7777
    warn('set-id-lost', `"${path}" is no set-id program here: it would run as whoever copied it`)
    return mode & 0o1777
  }
}

let count = 0
const spareOf = (at: string) => join(at, '..', `.gantry-${process.pid}-${count++}`)

/** Gives what was made its name. */
function settle(spare: string, at: string, path: string): void {
  try {
    renameSync(spare, at)
  } catch (error) {
    rmSync(spare, { force: true })
    if (!(error instanceof Error && 'code' in error && error.code === 'EISDIR')) throw error
    throw new NotBeneath(`cannot overwrite directory "${path}" with non-directory "${path}"`)
  }
  // Of two names of one file renaming leaves both.
  if (existsSync(spare)) rmSync(spare)
}

import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { codeOf, isAbsent } from '../../base/error-code.ts'
import type { TarEntry } from '../../base/tar.ts'
import type { Owner } from './owner.ts'

/** A file of the host, and where in a container it goes. */
export interface Placed {
  readonly from: string
  readonly to: string
  /** It is what a rule names: a link there stands for what it leads to. */
  readonly isRoot?: boolean
}

/** What is on the host at a path just now. */
export type Looked =
  | Found
  | { readonly kind: 'gone' }
  /** Nothing that a container could be sent: a socket, a pipe, a device. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly why: string }

export interface Found {
  readonly kind: 'file' | 'directory' | 'link'
  /** What it is like, to be compared. Undefined until it has been read, which for what need not be compared is when it is sent. */
  readonly likeness: () => string | undefined
  /** Reads what was too large to be read at once, so that it can be compared. */
  readonly read?: () => Promise<void>
  /** Undefined where it has gone meanwhile. */
  readonly entry: (path: string, owner: Owner) => TarEntry | undefined
  readonly size: number
}

/** Larger ones are read piece by piece. */
const SMALL = 256 * 1024

/**
 * Looks at a path of the host, and reads a small file at once where it has to be compared or `keep` says that its content may be held
 * until it is sent. At once and not by a promise: a thousand small files take 30 ms so, and 300 by way of the thread pool.
 */
export function look(path: string, { compare, keep, follow }: Looking): Looked {
  try {
    const stats = (follow ? statSync : lstatSync)(path, { throwIfNoEntry: false })
    if (!stats) return { kind: 'gone' }
    const meta = { mode: stats.mode & 0o7777, mtime: stats.mtimeMs }
    if (stats.isDirectory()) {
      const likeness = `directory ${meta.mode}`
      return {
        kind: 'directory',
        likeness: () => likeness,
        entry: (to, owner) => ({ path: to, ...meta, ...owner, type: 'directory' }),
        size: 0,
      }
    }
    if (stats.isSymbolicLink()) {
      const target = readlinkSync(path)
      return {
        kind: 'link',
        likeness: () => `link ${target}`,
        entry: (to, owner) => ({ path: to, ...meta, mode: 0o777, ...owner, type: 'symlink', target }),
        size: 0,
      }
    }
    if (!stats.isFile()) return { kind: 'other' }
    return stats.size <= SMALL ? small(path, meta, stats, compare || keep, keep) : large(path, meta, stats)
  } catch (error) {
    if (isAbsent(error)) return { kind: 'gone' }
    const code = codeOf(error)
    if (code === undefined) throw error
    return { kind: 'unreadable', why: code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code }
  }
}

interface Looking {
  readonly compare: boolean
  readonly keep: boolean
  readonly follow: boolean
}

interface Meta {
  readonly mode: number
  readonly mtime: number
}

function small(path: string, meta: Meta, { size }: Stats, read: boolean, keep: boolean): Found {
  const content = read ? readFileSync(path) : undefined
  let hash = content && hashOf(content)
  return {
    kind: 'file',
    size: content?.length ?? size,
    likeness: () => (hash === undefined ? undefined : fileLike(meta, hash)),
    entry(to, owner) {
      const sent = keep && content ? content : readOrNothing(path)
      hash = sent && hashOf(sent)
      return sent && { path: to, ...meta, ...owner, type: 'file', content: sent }
    },
  }
}

function readOrNothing(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

function large(path: string, meta: Meta, { size }: Stats): Found {
  let hash: string | undefined
  return {
    kind: 'file',
    size,
    likeness: () => (hash === undefined ? undefined : fileLike(meta, hash)),
    async read() {
      hash = await digestOf(path).catch(() => undefined)
    },
    entry: (to, owner) => ({
      path: to,
      ...meta,
      ...owner,
      type: 'file',
      size,
      content: exactly(path, size, sent => (hash = sent)),
    }),
  }
}

const fileLike = ({ mode }: Pick<Meta, 'mode'>, hash: string): string => `file ${mode} ${hash}`

const hashOf = (content: Uint8Array): string => createHash('sha1').update(content).digest('hex')

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha1')
  for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) hash.update(piece)
  return hash.digest('hex')
}

/** As many bytes as the archive's header says: a file that is being written has another event coming, which sends it again. */
async function* exactly(path: string, size: number, sent: (hash: string) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha1')
  let left = size
  const pieces = createReadStream(path, { end: size - 1, highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>
  for await (const piece of pieces) {
    left -= piece.length
    hash.update(piece)
    yield piece
  }
  // Cut short meanwhile: what was sent is like nothing that will be found.
  sent(left > 0 ? 'torn' : hash.digest('hex'))
  for (; left > 0; left -= Math.min(left, 65_536)) yield new Uint8Array(Math.min(left, 65_536))
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readFile, readlink } from 'node:fs/promises'
import { posix } from 'node:path'
import { type TarEntry, tar } from '../../base/tar.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import type { Owner } from './owner.ts'

export type SendingEngine = Pick<LiveEngine, 'putArchive' | 'exec'>

/** A file of the host, and where in a container it goes. */
export interface Placed {
  readonly from: string
  readonly to: string
}

export interface Sent {
  readonly files: number
  readonly deleted: number
  readonly bytes: number
  /** Why files that are gone from the host stay in the container. */
  readonly undeleted?: string
}

/** What one container has got, by path: only what differs is sent again. */
export type Manifest = Map<string, string>

/** What is on the host at a path just now. */
interface Found {
  readonly placed: Placed
  /** Undefined until it has been read, which for what the container does not have yet is when it is sent. */
  readonly likeness: () => string | undefined
  readonly entry: (owner: Owner) => TarEntry
  readonly size: number
  readonly isDirectory: boolean
}

/**
 * Brings a container to what the host has at these paths, in one stream; what is gone from the host is removed there first. Throws
 * EngineError where the engine refuses; then the manifest says nothing of what was not sent.
 */
export async function send(
  engine: SendingEngine,
  container: { readonly id: string; readonly running: boolean; readonly owner: Owner },
  paths: readonly Placed[],
  manifest: Manifest,
  signal: AbortSignal,
): Promise<Sent> {
  const keep = paths.length <= MANY
  const looked = await Promise.all(
    paths.map(async placed => ({ placed, found: await look(placed, keep, manifest.get(placed.to)) })),
  )
  const gone = looked.filter(({ placed, found }) => !found && manifest.get(placed.to) !== GONE).map(l => l.placed.to)
  const changed = looked.flatMap(({ found }) => (found && differs(found, manifest) ? [found] : []))
  const undeleted = gone.length > 0 ? await remove(engine, container, topmost(gone), signal) : undefined
  // One that does not run is asked again when it starts; one that has no "rm" will not get one.
  if (undeleted === undefined || container.running) for (const path of gone) manifest.set(path, GONE)
  if (changed.length > 0) await put(engine, container, changed)
  for (const { placed, likeness } of changed) manifest.set(placed.to, likeness() ?? '')
  const files = changed.filter(found => !found.isDirectory)
  return {
    files: files.length,
    deleted: undeleted === undefined ? gone.length : 0,
    bytes: files.reduce((sum, f) => sum + f.size, 0),
    ...(undeleted !== undefined && container.running && { undeleted }),
  }
}

const GONE = 'gone'

/** What has not been read is not known to be the same. */
function differs({ placed, likeness }: Found, manifest: Manifest): boolean {
  const own = likeness()
  return own === undefined || own !== manifest.get(placed.to)
}

/** Of so many files at a time the contents are kept between looking and sending, of those that are small. */
const MANY = 2000
const SMALL = 256 * 1024

/** A directory that is a link in the container cannot be made again: what is in it can be sent all the same. */
async function put(
  engine: SendingEngine,
  { id, owner }: { readonly id: string; readonly owner: Owner },
  changed: readonly Found[],
): Promise<void> {
  const inOrder = changed.toSorted((a, b) => (a.placed.to < b.placed.to ? -1 : 1))
  const archive = (some: readonly Found[]) => tar(some.map(found => found.entry(owner)))
  try {
    await engine.putArchive(id, '/', archive(inOrder))
  } catch (error) {
    const files = inOrder.filter(found => !found.isDirectory)
    if (
      !isEngineError(error) ||
      files.length === inOrder.length ||
      !/non-directory|not a directory/.test(error.message)
    )
      throw error
    if (files.length > 0) await engine.putArchive(id, '/', archive(files))
  }
}

/** No archive takes anything away, so that is done in the container, by its own `rm` and as root. Gives why it could not be done. */
async function remove(
  engine: SendingEngine,
  { id, running }: { readonly id: string; readonly running: boolean },
  paths: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!running) return 'it does not run'
  const said: Uint8Array[] = []
  const command = ['rm', '-rf', '--', ...paths]
  try {
    const code = await engine.exec(
      id,
      { command, user: '0' },
      { signal, onOutput: ({ bytes }) => void said.push(bytes) },
    )
    if (code === 0) return undefined
    if (code === 126 || code === 127) return 'its image has no "rm"'
    return Buffer.concat(said).toString('utf8').trim() || `"rm" ended with ${code}`
  } catch (error) {
    if (isEngineError(error, 'invalid', 'failed', 'not-found') && /not found|no such file/.test(error.message))
      return 'its image has no "rm"'
    throw error
  }
}

/** Paths without those that lie below another one of them. */
function topmost(paths: readonly string[]): readonly string[] {
  const all = new Set(paths)
  const covered = (path: string): boolean => {
    for (let above = posix.dirname(path); above !== '/' && above !== '.'; above = posix.dirname(above))
      if (all.has(above)) return true
    return false
  }
  return paths.filter(path => !covered(path))
}

/** Undefined where nothing is, or what cannot be sent: sockets and devices. */
async function look(placed: Placed, keep: boolean, known: string | undefined): Promise<Found | undefined> {
  const stats = await lstat(placed.from).catch(() => undefined)
  if (!stats) return undefined
  const path = placed.to.replace(/^\/+/, '')
  const meta = { path, mode: stats.mode & 0o7777, mtime: stats.mtimeMs }
  const common = { placed, size: 0, isDirectory: false }
  if (stats.isDirectory())
    return {
      ...common,
      isDirectory: true,
      likeness: () => `directory ${meta.mode}`,
      entry: owner => ({ ...meta, ...owner, type: 'directory' }),
    }
  if (stats.isSymbolicLink()) {
    const target = await readlink(placed.from).catch(() => undefined)
    if (target === undefined) return undefined
    return {
      ...common,
      likeness: () => `link ${target}`,
      entry: owner => ({ ...meta, mode: 0o777, ...owner, type: 'symlink', target }),
    }
  }
  if (!stats.isFile()) return undefined
  const { size } = stats
  const file = (hash: string) => `file ${meta.mode} ${hash}`
  const base = { ...common, size }
  if (keep && size <= SMALL) {
    const content = await readFile(placed.from).catch(() => undefined)
    if (!content) return undefined
    const likeness = file(hashOf(content))
    return {
      ...base,
      size: content.length,
      likeness: () => likeness,
      entry: owner => ({ ...meta, ...owner, type: 'file', content }),
    }
  }
  let hash = known?.startsWith('file ') ? await digestOf(placed.from).catch(() => undefined) : undefined
  return {
    ...base,
    likeness: () => (hash === undefined ? undefined : file(hash)),
    entry: owner => ({
      ...meta,
      ...owner,
      type: 'file',
      size,
      content: exactly(placed.from, size, sent => (hash = sent)),
    }),
  }
}

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
  if (left > 0)
    for await (const piece of createReadStream(path, {
      end: size - 1,
      highWaterMark: 1 << 20,
    }) as AsyncIterable<Uint8Array>) {
      left -= piece.length
      hash.update(piece)
      yield piece
    }
  // Cut short meanwhile: what was sent is like nothing that will be found.
  sent(left > 0 ? 'torn' : hash.digest('hex'))
  for (; left > 0; left -= Math.min(left, 65_536)) yield new Uint8Array(Math.min(left, 65_536))
}

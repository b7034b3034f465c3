import { setImmediate } from 'node:timers/promises'
import { tar } from '../../base/tar.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { type Found, look, type Placed } from './looking.ts'
import type { Owner } from './owner.ts'
import { isBelow, remove } from './removing.ts'

export type SendingEngine = Pick<LiveEngine, 'putArchive' | 'exec' | 'statPath' | 'removePath'>

/** Who is sent to. */
export interface Receiver {
  readonly id: string
  readonly running: boolean
  readonly owner: Owner
  /** Where something is mounted. */
  readonly mounts: readonly string[]
}

export interface Sent {
  readonly files: number
  readonly deleted: number
  readonly bytes: number
  /** The container's own `rm` was needed. */
  readonly byRm?: boolean
  /** Why files that are gone from the host stay in the container. */
  readonly undeleted?: string
  /** Files that cannot be read here, and why. */
  readonly unread?: readonly { readonly path: string; readonly why: string }[]
}

/** What one container has got, by path: only what differs is sent again. */
export type Manifest = Map<string, string>

const GONE = 'gone'

/** Of so many files at a time the contents are kept between looking and sending, of those that are small. */
const MANY = 2000

/**
 * Brings a container to what the host has at these paths, in one stream; what is gone from the host is removed there first. Throws
 * EngineError where the engine refuses; then the manifest says nothing of what was not sent.
 */
export async function send(
  engine: SendingEngine,
  container: Receiver,
  paths: readonly Placed[],
  manifest: Manifest,
  signal: AbortSignal,
): Promise<Sent> {
  const { changed, gone: missing, unread } = await compared(paths, manifest)
  const gone = await withoutRoots(engine, container.id, missing, paths)
  const inTheWay = changed.filter(({ to, found }) => isInTheWay(manifest.get(to), found.kind)).map(({ to }) => to)
  const { count, left, byRm } = await remove(engine, container, [...inTheWay, ...gone], signal)
  // What holds a mount stays, and asking again would not help; one that does not run is asked again when it starts.
  if (left === undefined || container.running) {
    forgetBelow(manifest, new Set([...inTheWay, ...gone]))
    for (const path of gone) manifest.set(path, GONE)
  }
  if (changed.length > 0) await put(engine, container, changed, signal)
  for (const { to, found } of changed) manifest.set(to, found.likeness() ?? '')
  const files = changed.filter(({ found }) => found.kind !== 'directory')
  return {
    files: files.length,
    deleted: Math.max(0, count - inTheWay.length),
    bytes: files.reduce((sum, { found }) => sum + found.size, 0),
    ...(byRm && { byRm }),
    ...(left !== undefined && container.running && { undeleted: left }),
    ...(unread.length > 0 && { unread }),
  }
}

/**
 * A whole folder that a rule names is gone while somebody puts another one in its place; in the container it holds what was never here,
 * too. What was in it here is gone by its own name.
 */
async function withoutRoots(engine: SendingEngine, id: string, gone: readonly string[], paths: readonly Placed[]) {
  const root = paths.find(({ to, isRoot }) => isRoot && gone.includes(to))
  if (!root || (await engine.statPath(id, root.to))?.kind !== 'directory') return gone
  return gone.filter(path => path !== root.to)
}

/** What was in a folder went with it, and is sent again when it comes back. */
function forgetBelow(manifest: Manifest, folders: ReadonlySet<string>): void {
  if (folders.size === 0) return
  for (const path of manifest.keys()) if (isBelow(path, folders)) manifest.delete(path)
}

interface Change {
  readonly to: string
  readonly found: Found
}

async function compared(paths: readonly Placed[], manifest: Manifest) {
  const keep = paths.length <= MANY
  const changed: Change[] = []
  const gone: string[] = []
  const unread: { readonly path: string; readonly why: string }[] = []
  for (const [i, { from, to, isRoot = false }] of paths.entries()) {
    // Looking is done at once; in between others have their turn.
    if (i % 200 === 199) await setImmediate()
    const known = manifest.get(to)
    const found = look(from, { compare: known?.startsWith('file ') ?? false, keep, follow: isRoot })
    switch (found.kind) {
      case 'gone':
        if (known !== GONE) gone.push(to)
        break
      case 'unreadable':
        unread.push({ path: from, why: found.why })
        break
      case 'other':
        break
      default:
        if (known?.startsWith('file ')) await found.read?.()
        if (known === undefined || found.likeness() !== known) changed.push({ to, found })
    }
  }
  return { changed, gone, unread }
}

/** Whether what the container was sent before keeps the other thing from being unpacked. */
const isInTheWay = (known: string | undefined, kind: Found['kind']): boolean =>
  kind === 'directory'
    ? known !== undefined && /^(?:file|link) /.test(known)
    : known !== undefined && known.startsWith('directory ')

async function put(
  engine: SendingEngine,
  { id, owner, mounts, running }: Receiver,
  changed: readonly Change[],
  signal: AbortSignal,
): Promise<void> {
  const inOrder = changed.toSorted((a, b) => (a.to < b.to ? -1 : 1))
  // Not to be cancelled: half a file in the container is worse than a moment's wait.
  const archive = (some: readonly Change[]) => tar(entries(some, owner))
  try {
    await engine.putArchive(id, '/', archive(inOrder))
  } catch (error) {
    if (!isEngineError(error) || !/non-directory|not a directory|is a directory/.test(error.message)) throw error
    const { sendable, inTheWay } = await unlike(engine, id, inOrder)
    if (sendable.length === inOrder.length && inTheWay.length === 0) throw error
    const { left } = await remove(engine, { id, owner, mounts, running }, inTheWay, signal)
    if (left !== undefined) throw error
    if (sendable.length > 0) await engine.putArchive(id, '/', archive(sendable))
  }
}

/**
 * What the image has where a directory is to be, or the other way round. A directory that is a link there cannot be made again: what is
 * in it can be sent all the same.
 */
async function unlike(engine: SendingEngine, id: string, changed: readonly Change[]) {
  const sendable: Change[] = []
  const inTheWay: string[] = []
  for (const change of changed) {
    const there = await engine.statPath(id, change.to)
    const isDirectory = change.found.kind === 'directory'
    if (isDirectory && there?.kind === 'link') continue
    if (there && isDirectory !== (there.kind === 'directory')) inTheWay.push(change.to)
    sendable.push(change)
  }
  return { sendable, inTheWay }
}

function* entries(changed: readonly Change[], owner: Owner) {
  for (const { to, found } of changed) {
    const entry = found.entry(to.replace(/^\/+/, ''), owner)
    if (entry) yield entry
  }
}

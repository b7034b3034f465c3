import { posix } from 'node:path'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import type { Receiver } from './sending.ts'

/** How far it went: `left` says why something stays, `byRm` that the container's own program was needed. */
export interface Removed {
  readonly count: number
  readonly byRm?: boolean
  readonly left?: string
}

/** So many are taken away one by one through the engine, which takes 5 to 100 ms each; of more it is one `rm` first. */
const FEW = 4

/**
 * Takes paths away in a container: through the engine where that has a way, which needs nothing in the image and no running
 * container, else by the container's own `rm` and as root. What is mounted into the container stays, and what holds a mount: that is
 * data, and not ours to delete.
 */
export async function remove(
  engine: Pick<LiveEngine, 'removePath' | 'exec'>,
  container: Receiver,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Removed> {
  const holds = (path: string) => container.mounts.find(mount => mount === path || mount.startsWith(`${path}/`))
  const free = topmost(paths.filter(path => holds(path) === undefined))
  const mount = paths.map(holds).find(found => found !== undefined)
  const kept = mount === undefined ? undefined : `"${mount}" is mounted there`
  const removed = await takeAway(engine, container, free, signal)
  const left = removed.left ?? kept
  return { ...removed, ...(left !== undefined && { left }) }
}

async function takeAway(
  engine: Pick<LiveEngine, 'removePath' | 'exec'>,
  container: Receiver,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Removed> {
  if (paths.length === 0) return { count: 0 }
  let why: string | undefined
  if (paths.length > FEW && container.running) {
    why = await byRm(engine, container.id, paths, signal)
    if (why === undefined) return { count: paths.length, byRm: true }
  }
  let count = 0
  for (const [i, path] of paths.entries()) {
    const how = await engine.removePath(container.id, path, { signal })
    if (how === 'removed') count++
    if (how !== 'refused') continue
    const rest = paths.slice(i)
    why ??= container.running ? await byRm(engine, container.id, rest, signal) : 'it does not run'
    return why === undefined ? { count: count + rest.length, byRm: true } : { count, left: why }
  }
  return { count }
}

/** Gives why it could not be done. */
async function byRm(
  engine: Pick<LiveEngine, 'exec'>,
  id: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
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
  return paths.filter(path => !isBelow(path, all))
}

/** Whether a path lies below one of these. */
export function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let above = posix.dirname(path); above !== '/' && above !== '.'; above = posix.dirname(above))
    if (folders.has(above)) return true
  return false
}

import { type FSWatcher, watch as watchDirectory } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { userError } from '../../text/problem.ts'

export interface Trees {
  /** Directories that are watched just now. */
  readonly size: () => number
  close(): void
}

export interface TreesOptions {
  /** Whether something below a directory is wanted; others cost no watcher. */
  readonly reaches: (directory: string) => boolean
  /** A path may have changed, appeared or gone. Told more often than things happen, and in any order. */
  readonly touched: (path: string) => void
  /** Watching cannot go on: the system has no watchers left. */
  readonly failed: (error: Error) => void
}

/**
 * Watches files and directories, one watcher for a directory, and keeps nothing of the files in them: of 50 000 files in 500
 * directories that is 60 MB where a library that remembers each file takes 300. A directory that appears is looked through, since
 * what was made in it meanwhile was told to nobody.
 */
export async function watchTrees(roots: readonly string[], { reaches, touched, failed }: TreesOptions): Promise<Trees> {
  const watchers = new Map<string, FSWatcher>()
  let closed = false

  const forget = (directory: string) => {
    for (const [path, watcher] of watchers)
      if (path === directory || path.startsWith(`${directory}/`)) {
        watcher.close()
        watchers.delete(path)
      }
  }

  /** Watches a directory and those below it; with `tell`, tells all that is in them. */
  async function add(directory: string, tell: boolean): Promise<void> {
    if (closed || watchers.has(directory) || !reaches(directory)) return
    try {
      const watcher = watchDirectory(directory, (_, name) => {
        if (name === null) return
        const path = join(directory, name)
        touched(path)
        void arrived(path)
      })
      watcher.on('error', () => forget(directory))
      watchers.set(directory, watcher)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOSPC' || code === 'EMFILE') return failed(noWatchersLeft())
      // Gone meanwhile, or nobody lets us look: what cannot be read cannot be sent either.
      return
    }
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
    await Promise.all(
      entries.map(async entry => {
        const path = join(directory, entry.name)
        if (tell) touched(path)
        if (entry.isDirectory()) await add(path, tell)
      }),
    )
  }

  async function arrived(path: string): Promise<void> {
    const stats = await lstat(path).catch(() => undefined)
    if (stats?.isDirectory()) await add(path, true)
    else if (watchers.has(path)) forget(path)
  }

  for (const root of roots) {
    const stats = await lstat(root).catch(() => undefined)
    if (stats?.isDirectory()) await add(root, false)
    // A file is watched through its directory: editors put another one in its place.
    else await addOnly(dirname(root))
  }

  async function addOnly(directory: string): Promise<void> {
    if (watchers.has(directory)) return
    try {
      const watcher = watchDirectory(directory, (_, name) => {
        if (name !== null) touched(join(directory, name))
      })
      watcher.on('error', () => forget(directory))
      watchers.set(directory, watcher)
    } catch {
      // A rule may name what does not exist yet, in a directory that does not either.
    }
  }

  return {
    size: () => watchers.size,
    close() {
      closed = true
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}

function noWatchersLeft() {
  return userError(
    'no-watchers-left',
    'the system lets this user watch no more directories',
    'raise it ("sysctl fs.inotify.max_user_watches=524288"), or leave directories out with "ignore" or .dockerignore',
  )
}

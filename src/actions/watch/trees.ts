import { existsSync, type FSWatcher, lstatSync, statSync, watch as watchDirectory } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { userError } from '../../text/problem.ts'
import { isWithin } from './rules.ts'

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
 * what was made in it meanwhile was told to nobody. What is named is watched from the directory it is in as well: it may be taken
 * away and come back, or not be there yet.
 */
export async function watchTrees(roots: readonly string[], { reaches, touched, failed }: TreesOptions): Promise<Trees> {
  const watchers = new Map<string, FSWatcher>()
  /** Directories that hold a root, or will, and which names in them matter. */
  const above = new Map<string, { readonly watcher: FSWatcher; readonly names: Set<string> }>()
  let closed = false

  const forget = (directory: string) => {
    for (const [path, watcher] of watchers)
      if (isWithin(path, directory)) {
        watcher.close()
        watchers.delete(path)
      }
  }

  const open = (directory: string, told: (event: string, name: string) => void, gone: () => void) => {
    try {
      const watcher = watchDirectory(directory, (event, name) => {
        if (name !== null && !closed) told(event, name)
      })
      watcher.on('error', gone)
      return watcher
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOSPC' || code === 'EMFILE') failed(noWatchersLeft())
      // Gone meanwhile, or nobody lets us look: what cannot be read cannot be sent either.
      return undefined
    }
  }

  /** Watches a directory and those below it; with `tell`, tells all that is in them. */
  async function add(directory: string, tell: boolean): Promise<void> {
    if (closed || watchers.has(directory) || !reaches(directory)) return
    const told = (event: string, name: string) => {
      const path = join(directory, name)
      // A directory that is taken away says so under its own name, as if that lay in it.
      if (name === basename(directory) && !existsSync(directory)) return
      touched(path)
      // What "change" is told of was there before.
      if (event === 'rename') arrived(path)
    }
    const watcher = open(directory, told, () => forget(directory))
    if (!watcher) return
    watchers.set(directory, watcher)
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
    await Promise.all(
      entries.map(async entry => {
        const path = join(directory, entry.name)
        if (tell) touched(path)
        if (entry.isDirectory()) await add(path, tell)
      }),
    )
  }

  /** A directory that has come is watched anew, also where one of its name was: that watcher looks at what is gone. */
  function arrived(path: string): void {
    if (watchers.has(path)) forget(path)
    if (kindOf(path, { follow: false }) === 'directory') void add(path, true)
  }

  async function attach(root: string, tell: boolean): Promise<void> {
    if (closed) return
    let directory = dirname(root)
    let name = basename(root)
    while (!existsSync(directory) && directory !== dirname(directory)) {
      name = basename(directory)
      directory = dirname(directory)
    }
    lookFrom(directory, name)
    forget(root)
    if (kindOf(root, { follow: true }) === 'directory') await add(root, tell)
    else if (tell) touched(root)
  }

  function lookFrom(directory: string, name: string): void {
    const known = above.get(directory)
    if (known) {
      known.names.add(name)
      return
    }
    const names = new Set([name])
    const leave = () => {
      above.get(directory)?.watcher.close()
      above.delete(directory)
    }
    const told = (event: string, changed: string) => {
      const own = changed === basename(directory)
      if (own && event === 'rename') leave()
      if (!own && !names.has(changed)) return
      for (const root of roots.filter(root => isWithin(root, own ? directory : join(directory, changed))))
        if (event === 'rename') void attach(root, true)
        else if (!watchers.has(root)) touched(root)
    }
    const watcher = open(directory, told, leave)
    if (watcher) above.set(directory, { watcher, names })
  }

  for (const root of roots) await attach(root, false)

  return {
    size: () => watchers.size,
    close() {
      closed = true
      for (const watcher of watchers.values()) watcher.close()
      for (const { watcher } of above.values()) watcher.close()
      watchers.clear()
      above.clear()
    },
  }
}

function kindOf(path: string, { follow }: { readonly follow: boolean }): 'directory' | 'other' | undefined {
  try {
    return (follow ? statSync : lstatSync)(path, { throwIfNoEntry: false })?.isDirectory() ? 'directory' : 'other'
  } catch {
    return undefined
  }
}

function noWatchersLeft() {
  return userError(
    'no-watchers-left',
    'the system lets this user watch no more directories',
    'raise it ("sysctl fs.inotify.max_user_watches=524288"), or leave directories out with "ignore" or .dockerignore',
  )
}

import { lstat, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { codeOf } from '../../base/error-code.ts'
import { userError } from '../../text/problem.ts'
import { type Copied, type Destination, divided } from './landing.ts'

/** What is to be copied from here. A link is copied as one, unless it is to be followed or its content is meant (`link/`, `link/.`). */
export async function localSource(text: string, cwd: string, followLink: boolean): Promise<Copied> {
  const path = absolute(text, cwd)
  const ending = /\/\.?$/.exec(path)?.[0] ?? ''
  const bare = resolve(path)
  const followed = followLink || ending !== ''
  const found = await refusedHere(async () => {
    await lstat(path)
    return followed ? realpath(bare) : join(await realpath(dirname(bare)), basename(bare))
  })
  const stats = await refusedHere(() => lstat(found + (ending === '/' ? '/' : '')))
  const name = ending === '/.' ? '.' : basename(bare)
  return { path: ending === '/.' ? `${found}/.` : found, directory: stats.isDirectory(), name }
}

/** Where to copy to: at the end of links, for which nothing need be there but the parent directory. Throws UserError. */
export async function localDestination(text: string, cwd: string): Promise<Destination> {
  let path = absolute(text, cwd)
  const look = () =>
    refusedHere(() =>
      lstat(path).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      }),
    )
  let found = await look()
  for (let links = 0; found?.isSymbolicLink(); links++) {
    if (links > 40) throw userError('copy-blocked', `too many symbolic links: "${text}"`)
    const target = await readlink(path)
    path = isAbsolute(target) ? target : join(dirname(path), target)
    found = await look()
  }
  if (found) {
    // Renaming over a device would take it away.
    if (!found.isDirectory() && !found.isFile())
      throw userError('copy-blocked', `destination "${text}" must be a directory or a regular file`)
    return { path, exists: true, directory: found.isDirectory() }
  }
  const [parent] = divided(path)
  const above = await stat(parent).catch(() => undefined)
  if (!above)
    throw userError(
      'no-such-directory',
      `invalid output path: directory "${parent}" does not exist`,
      'make it first, or check the path',
    )
  if (!above.isDirectory()) throw userError('copy-blocked', `"${parent}" is not a directory`)
  return { path, exists: false, directory: false }
}

/** Absolute, with the "/" or "/." that says that a directory's content is meant. */
function absolute(text: string, cwd: string): string {
  const path = resolve(cwd, text).replaceAll('\\', process.platform === 'win32' ? '/' : '\\')
  if (text === '.' || /[/\\]\.$/.test(text)) return path === '/' ? '/.' : `${path}/.`
  return /[/\\]$/.test(text) && path !== '/' ? `${path}/` : path
}

/** What the system refuses, as docker says it: `lstat /nowhere: no such file or directory`. */
export async function refusedHere<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || !('path' in error)) throw error
    const { syscall, path, errno } = error as NodeJS.ErrnoException
    const words = errno === undefined ? error.message : (getSystemErrorMap().get(errno)?.[1] ?? error.message)
    throw userError('copy-failed', `${syscall} ${path}: ${words}`)
  }
}

import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { userError } from '../../text/problem.ts'

/** Where what was fetched is kept. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string | undefined): string {
  const given = env['XDG_CACHE_HOME']
  return join(given && isAbsolute(given) ? given : join(home || homedir(), '.cache'), 'gantry')
}

/**
 * A folder that is named for its content: made where it is not there. It appears whole or not at all, whoever else makes it
 * at the same time. Throws UserError where the disk does not let it.
 */
export async function kept(folder: string, make: (draft: string) => Promise<void>): Promise<string> {
  if (await isFolder(folder)) return folder
  let room: string | undefined
  try {
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
    await sweep(dirname(folder))
    room = await mkdtemp(join(dirname(folder), draftMark))
    const draft = join(room, 'draft')
    await mkdir(draft, { mode: 0o700 })
    await make(draft)
    await rename(draft, folder).catch(async error => {
      if (!(await isFolder(folder))) throw error
    })
    return folder
  } catch (error) {
    const code = error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException).code : undefined
    if (code === undefined) throw error
    throw userError(
      'cache-unwritable',
      `"${dirname(folder)}" cannot be written: ${code}`,
      'make room or set XDG_CACHE_HOME to a directory that can be written',
    )
  } finally {
    if (room !== undefined) await rm(room, { recursive: true, force: true })
  }
}

const draftMark = '.draft-'

/** Milliseconds; no fetching takes longer. */
const oldest = 3_600_000

/** Removes what was left by runs that were killed. */
async function sweep(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter(name => name.startsWith(draftMark)).map(name => join(folder, name))
  for (const draft of drafts) {
    const found = await stat(draft).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > oldest) await rm(draft, { recursive: true, force: true })
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}

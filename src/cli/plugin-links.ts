import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, copyFile, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** What stands in docker's folder of plugins under a name. */
export type Standing = 'nothing' | 'ours' | 'foreign'

/** Where the docker command looks first for plugins of a user. */
export function pluginFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'cli-plugins')
}

/** The docker command knows a plugin by its file's name, and Windows a program. */
export const fileOf = (folder: string, name: string) =>
  join(folder, process.platform === 'win32' ? `${name}.exe` : name)

/** Where a foreign file is kept meanwhile: docker reads only what begins with "docker-". */
export const keptBeside = (path: string) => join(dirname(path), `kept-by-gantry-${basename(path)}`)

/** A link counts by where it points, anything else by what it says of itself when docker's question is put to it. */
export async function standing(path: string, file: string): Promise<Standing> {
  const stat = await lstat(path).catch(nothing)
  if (!stat) return 'nothing'
  if (stat.isSymbolicLink()) {
    const target = resolve(dirname(path), await readlink(path))
    // Also where an older one of ours stood that is gone.
    return target === file || /^gantry(?:[.-].*)?$/.test(basename(target)) ? 'ours' : 'foreign'
  }
  return (await vendor(path)) === 'Gantry' ? 'ours' : 'foreign'
}

/** Puts `file` there. What stood there and is not ours is kept beside it. */
export async function put(path: string, file: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const before = await standing(path, file)
  if (before === 'foreign') await rename(path, keptBeside(path))
  else if (before === 'ours') await rm(path)
  // Windows lets few make links.
  if (process.platform === 'win32') await copyFile(file, path)
  else await symlink(file, path)
}

/** Takes ours away, and puts back what stood there before; anything foreign stays. */
export async function takeAway(path: string, file: string): Promise<void> {
  if ((await standing(path, file)) !== 'ours') return
  await rm(path)
  const kept = keptBeside(path)
  if (await lstat(kept).catch(nothing)) await rename(kept, path)
}

/** Whether docker could start the file: sources it could not. */
export async function startable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function vendor(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['docker-cli-plugin-metadata'], { timeout: 10_000 })
    return (JSON.parse(stdout) as { readonly Vendor?: string }).Vendor
  } catch {
    return undefined // nothing that docker would take for a plugin
  }
}

function nothing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}

import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

type Variables = Readonly<Record<string, string | undefined>>

/** The program that a shell would run under this name, relative paths taken from `directory`; undefined where there is none. */
export async function programOf(name: string, env: Variables, directory: string): Promise<string | undefined> {
  if (isAbsolute(name) || name.includes('/')) return firstProgram([resolve(directory, name)])
  // Windows has it as "Path", where nobody has set it anew.
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(folder => folder !== '')
  return firstProgram(folders.map(folder => join(folder, name)))
}

/** The first of these files that can be run. */
export async function firstProgram(paths: readonly string[]): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  for (const path of paths.flatMap(p => endings.map(ending => p + ending))) if (await runs(path)) return path
  return undefined
}

function runs(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

type Variables = Readonly<Record<string, string | undefined>>

/** Where docker itself looks for plugins, besides the user's own folder (cli-plugins/manager in docker/cli). */
const SYSTEM = ['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'].map(
  lib => `${lib}/docker/cli-plugins`,
)

/** The program behind `docker NAME`; undefined where no plugin of that name is installed. */
export async function dockerPlugin(name: string, env: Variables): Promise<string | undefined> {
  const config = env['DOCKER_CONFIG'] || join(env['HOME'] ?? '', '.docker')
  const folders = [...(await extraFolders(config)), join(config, 'cli-plugins'), ...SYSTEM]
  return firstProgram(folders.map(folder => join(folder, `docker-${name}`)))
}

/** The program that a shell would run under this name, relative paths taken from `directory`. */
export async function programOf(name: string, env: Variables, directory: string): Promise<string | undefined> {
  if (isAbsolute(name) || name.includes('/')) return firstProgram([resolve(directory, name)])
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  return firstProgram(folders.map(folder => join(folder, name)))
}

async function firstProgram(paths: readonly string[]): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['.exe', ''] : ['']
  for (const path of paths.flatMap(p => endings.map(ending => p + ending))) if (await runs(path)) return path
  return undefined
}

function runs(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function extraFolders(config: string): Promise<readonly string[]> {
  const text = await readFile(join(config, 'config.json'), 'utf8').catch(() => '{}')
  try {
    const { cliPluginsExtraDirs = [] } = JSON.parse(text) as { cliPluginsExtraDirs?: readonly string[] }
    return cliPluginsExtraDirs
  } catch (error) {
    // A broken configuration is told where credentials are read; plugins are where they always are.
    if (error instanceof SyntaxError) return []
    throw error
  }
}

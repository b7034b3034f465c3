import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { firstProgram } from '../base/program.ts'

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

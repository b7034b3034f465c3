import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { configFile, type CredentialOptions } from './credentials.ts'

/** What is wrong with docker's configuration as far as registries go: one sentence each. Nothing is asked of the programs. */
export async function registryProblems(options: CredentialOptions): Promise<readonly string[]> {
  let config: Awaited<ReturnType<typeof configFile>>
  try {
    config = await configFile(options)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  const names = [
    ...new Set([...(config.credsStore ? [config.credsStore] : []), ...Object.values(config.credHelpers ?? {})]),
  ]
  const there = await Promise.all(names.map(name => isOnPath(`docker-credential-${name}`, options.env)))
  return names
    .filter((_, i) => !there[i])
    .map(
      name =>
        `docker's configuration names the credential helper "docker-credential-${name}", which is not on the PATH`,
    )
}

async function isOnPath(program: string, env: CredentialOptions['env']): Promise<boolean> {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(folder => folder !== '')
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  const found = await Promise.all(
    folders.flatMap(folder =>
      endings.map(ending =>
        access(join(folder, program + ending), constants.X_OK).then(
          () => true,
          () => false,
        ),
      ),
    ),
  )
  return found.includes(true)
}

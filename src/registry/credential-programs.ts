import { programOf } from '../base/program.ts'
import { type CredentialOptions, configFile } from './credentials.ts'

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
  const there = await Promise.all(names.map(name => programOf(`docker-credential-${name}`, options.env, '.')))
  return names
    .filter((_, i) => there[i] === undefined)
    .map(
      name =>
        `docker's configuration names the credential helper "docker-credential-${name}", which is not on the PATH`,
    )
}

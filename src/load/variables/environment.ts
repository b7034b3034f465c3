import { disk } from '../files.ts'
import { locate } from '../locate.ts'
import type { LoadOptions } from '../options.ts'

export interface ProjectEnvironment {
  /** The process's variables, with those of the env files under them. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute. */
  readonly directory: string
  /** Absolute paths of the files named or found; none where there are none. */
  readonly files: readonly string[]
  /** By flag or COMPOSE_PROJECT_NAME; not what a file or the directory says. */
  readonly project_name?: string
}

/** The environment of a project without reading its files: for defaults that `.env` may set. Throws UserError. */
export async function projectEnvironment(options: LoadOptions): Promise<ProjectEnvironment> {
  const { environment, directory, files } = locate(options, options.filesystem ?? disk, () => undefined)
  const name = options.project_name || environment['COMPOSE_PROJECT_NAME']
  return { env: environment, directory, files, ...(name && { project_name: name }) }
}

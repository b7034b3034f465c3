import { type Contents, fileContents } from '../local/container/file-contents.ts'
import { fileProblems } from '../local/container/file-problems.ts'
import { unsupported } from '../local/container/unsupported.ts'
import type { Project } from '../model/project.ts'
import type { Origin } from '../text/origin.ts'
import { type Problem, UserError } from '../text/problem.ts'
import { fromDockerConfig } from './docker-config.ts'
import type { ActionOptions } from './options.ts'
import { type Outside, outside } from './outside.ts'

/** What a project's containers are made of besides its files. */
export interface Furnished {
  /** Providers and models; knows the project with all that they have told, and with the user's credentials where it asks for them. */
  readonly beside: Outside
  /** Files of secrets and configs. */
  readonly contents: Contents
  /** Proxy variables of the docker configuration. */
  readonly proxy: Readonly<Record<string, string>>
}

/**
 * Gathers what containers get from elsewhere than the project's files, for every verb that makes some. Throws UserError, before
 * anything is touched, for what this engine cannot honour and for programs that are not there; the rest is told.
 */
export async function furnish(
  project: Project,
  options: Pick<ActionOptions, 'engine' | 'emit' | 'signal'> & {
    readonly origin: Origin
    readonly tell: (problems: readonly Problem[]) => void
  },
): Promise<Furnished> {
  const { engine, origin, tell } = options
  const contents = await fileContents(project)
  const unmet = [...unsupported(project, engine.info.features, origin), ...fileProblems(project, origin, contents)]
  const refused = unmet.filter(problem => problem.severity === 'error')
  if (refused.length > 0) throw new UserError(refused)
  tell(unmet)
  const configured = await fromDockerConfig(project, engine)
  tell(configured.problems)
  return { contents, proxy: configured.proxy, beside: await outside(configured.project, options) }
}

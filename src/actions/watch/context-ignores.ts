import { isAbsolute, resolve } from 'node:path'
import { ignoreRules } from '../../local/build/context.ts'
import type { Project } from '../../model/project.ts'
import type { ContextIgnore } from './rules.ts'

/** What each service's build leaves out of its context: nobody wants it in the container by another way. */
export async function contextIgnores(project: Project): Promise<(service: string) => ContextIgnore | undefined> {
  const found = await Promise.all(
    Object.entries(project.services).map(async ([name, { build, develop }]) => {
      if (!develop || build?.context === undefined || !isAbsolute(build.context)) return []
      const { context, dockerfile = 'Dockerfile' } = build
      return [
        [
          name,
          { root: context, rules: await ignoreRules({ context, dockerfile: resolve(context, dockerfile) }) },
        ] as const,
      ]
    }),
  )
  const known = new Map(found.flat())
  return service => known.get(service)
}

/** The files that say so, whether they are there or not. */
export function ignoreFilesOf(project: Project): readonly string[] {
  return Object.values(project.services).flatMap(({ build, develop }) => {
    if (!develop || build?.context === undefined || !isAbsolute(build.context)) return []
    const { context, dockerfile = 'Dockerfile' } = build
    return [resolve(context, '.dockerignore'), `${resolve(context, dockerfile)}.dockerignore`]
  })
}

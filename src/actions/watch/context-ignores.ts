import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { ignore } from '../../local/ignore.ts'
import type { Project } from '../../model/project.ts'
import type { ContextIgnore } from './rules.ts'

/** What each service's build leaves out of its context: nobody wants it in the container by another way. */
export async function contextIgnores(project: Project): Promise<(service: string) => ContextIgnore | undefined> {
  const found = await Promise.all(
    Object.entries(project.services).map(async ([name, { build, develop }]) => {
      if (!develop || build?.context === undefined || !isAbsolute(build.context)) return []
      const dockerfile = join(build.context, build.dockerfile ?? 'Dockerfile')
      const text = (await textOf(`${dockerfile}.dockerignore`)) ?? (await textOf(join(build.context, '.dockerignore')))
      return text === undefined ? [] : [[name, { root: build.context, rules: ignore(text) }] as const]
    }),
  )
  const known = new Map(found.flat())
  return service => known.get(service)
}

const textOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)

import { suggest } from '../../base/suggest.ts'
import { userError } from '../../text/problem.ts'
import { shipped } from './shipped.ts'
import { summaryOf, type Template, textFile } from './template.ts'

export interface Listed {
  readonly name: string
  readonly summary: string
}

/** The templates that come with the command, in order of name. */
export async function shippedProjects(): Promise<readonly Listed[]> {
  const files = await shipped('projects')
  return [...files]
    .filter(([path]) => path.endsWith('/README.md') && path.split('/').length === 2)
    .map(([path, text]) => ({ name: path.split('/')[0]!, summary: summaryOf(text) }))
}

/** One of them. Throws UserError where there is none of that name. */
export async function shippedProject(name: string): Promise<Template> {
  const under = `${name}/`
  const files = [...(await shipped('projects'))].filter(([path]) => path.startsWith(under))
  if (name !== '' && files.length > 0)
    return { name, files: new Map(files.map(([path, text]) => [path.slice(under.length), textFile(text)])) }
  const near = suggest(
    name,
    (await shippedProjects()).map(known => known.name),
  )
  throw userError(
    'no-such-template',
    `there is no template "${name}"`,
    near ? `did you mean "${near}"?` : '"gantry init --list" lists them; a folder is written with a "/": ./folder',
  )
}

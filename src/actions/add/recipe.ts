import { suggest } from '../../base/suggest.ts'
import { userError } from '../../text/problem.ts'
import { shipped } from '../init/shipped.ts'

/** A service that can be put into a Compose file, under a name of the user's. */
export interface Recipe {
  /** What is put in, as a Compose file: sections without indentation, two blanks a level, no mappings in lists. */
  readonly text: string
  /** How others reach it: one line. */
  readonly use: string
}

/** All that there are, in order of name. */
export async function recipes(): Promise<readonly { readonly name: string; readonly summary: string }[]> {
  const files = await shipped('services')
  return [...files].map(([path, text]) => ({ name: path.replace(/\.yaml$/, ''), summary: headOf(text)[0]! }))
}

/** One of them, for a service of that name. Throws UserError where there is none. */
export async function recipe(kind: string, name: string): Promise<Recipe> {
  const text = (await shipped('services')).get(`${kind}.yaml`)
  if (text === undefined) {
    const near = suggest(
      kind,
      (await recipes()).map(known => known.name),
    )
    throw userError(
      'no-such-recipe',
      `there is no "${kind}" to add`,
      near ? `did you mean "${near}"?` : '"gantry add --list" lists what there is',
    )
  }
  const named = text.replaceAll(/(?<![A-Z_])NAME(?![A-Z])/g, () => name)
  const [, use] = headOf(named)
  return { text: named.replace(/^(?:#.*\n)+/, ''), use: use! }
}

/** What the first two lines say. */
const headOf = (text: string) => [...text.matchAll(/^# (.*)\n/gm)].slice(0, 2).map(([, line]) => line!)

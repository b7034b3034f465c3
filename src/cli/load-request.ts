import { suggest } from '../base/suggest.ts'
import type { LoadOptions } from '../load/load.ts'
import type { Project } from '../model/project.ts'
import { largest } from '../text/encoding.ts'
import { type Problem, userError } from '../text/problem.ts'
import type { Globals } from './globals.ts'
import type { Surroundings } from './run.ts'

/** What the loader is asked for by the flags that stand before every command. Throws UserError for two that contradict each other. */
export function loadRequest(
  globals: Globals,
  { env, stdin, cwd, signal }: Pick<Surroundings, 'env'> & Pick<LoadOptions, 'cwd' | 'signal'> & { stdin(): Input },
): LoadOptions {
  const directory = directoryOf(globals)
  return {
    cwd,
    env,
    ...(signal && { signal }),
    ...(globals.file.length > 0 && { files: globals.file }),
    ...(directory !== undefined && { project_directory: directory }),
    ...(globals['project-name'] !== undefined && { project_name: globals['project-name'] }),
    ...(globals.profile.length > 0 && { profiles: globals.profile }),
    ...(globals['insecure-registry'].length > 0 && { insecureRegistries: globals['insecure-registry'] }),
    ...(globals['env-file'].length > 0 && { env_files: globals['env-file'] }),
    stdin: async () => {
      const pieces: Buffer[] = []
      let size = 0
      for await (const piece of stdin()) {
        pieces.push(Buffer.from(piece))
        size += piece.length
        // What is too large already is refused by its size; the rest may have no end.
        if (size > largest) break
      }
      return Buffer.concat(pieces)
    },
  }
}

type Input = AsyncIterable<Uint8Array | string>

function directoryOf({ workdir, 'project-directory': directory }: Globals): string | undefined {
  if (workdir !== undefined && directory !== undefined)
    throw userError(
      'flags-clash',
      'cannot specify DEPRECATED "--workdir" and "--project-directory". Please use only "--project-directory" instead',
    )
  return directory ?? workdir
}

/** What is told of a flag that docker compose has given another name. */
export const oldSpelling: Problem = {
  code: 'deprecated',
  severity: 'warning',
  message: '"--workdir" is the old spelling of "--project-directory"',
  hint: 'write --project-directory',
}

/** A profile that no service has turns nothing on, and is mostly a slip. */
export function unknownProfiles(given: readonly string[], { services, disabled }: Project): readonly Problem[] {
  const known = new Set(
    [...Object.values(services), ...Object.values(disabled)].flatMap(service => service.profiles ?? []),
  )
  return given
    .filter(name => name !== '*' && !known.has(name))
    .map(name => {
      const near = suggest(name, [...known])
      return {
        code: 'unknown-profile',
        severity: 'warning',
        message: `no service has the profile "${name}"`,
        ...(known.size > 0 && {
          hint: near ? `did you mean "${near}"?` : `there are ${[...known].map(profile => `"${profile}"`).join(', ')}`,
        }),
      }
    })
}

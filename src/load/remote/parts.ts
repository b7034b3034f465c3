import { withoutCredentials } from '../../base/url-credentials.ts'
import { type Problem, type Report, UserError } from '../../text/problem.ts'
import type { Span } from '../../text/source.ts'
import type { Located } from '../locate.ts'
import type { LoadOptions } from '../options.ts'
import type { Problems } from '../problems.ts'
import type { Shelf } from '../reading.ts'
import { type Environment, goBoolean, homeOf } from '../variables/variables.ts'
import { isInside } from './inside.ts'
import { type Part, remoteKind } from './remote.ts'

/** Parts of a project that lie elsewhere. Reading is synchronous: what is not here yet is wanted, fetched, and all is read again. */
export interface RemoteParts {
  /** The Compose file of a part; undefined while it is only wanted, and where it cannot be had, which is told. */
  file(
    reference: string,
    from: string | undefined,
    environment: Environment,
    report: Report,
    at?: Span,
  ): string | undefined
  /** The folders in which a file that was fetched may name files; undefined for files of the user's own. */
  foldersOf(path: string): readonly string[] | undefined
  /** A folder that the user gave a part to be relative to. */
  allow(part: string, folder: string): void
  /** What is here by now, by its reference. */
  parts(): ReadonlyMap<string, Part>
  /** Whether a part could not be had, so that what it would have declared is missing. */
  incomplete(): boolean
  /** Reads again and again, after taking back what was told before, until nothing is missing. */
  complete<T>(read: () => T, takeBack: () => void): Promise<T>
}

/** Brings a part here; `fetchPart` is the one that does. */
export type Fetch = (reference: string) => Promise<Part>

const switches = { git: 'COMPOSE_EXPERIMENTAL_GIT_REMOTE', oci: 'COMPOSE_EXPERIMENTAL_OCI_REMOTE' }

/** More parts than any project has: parts that include ever further ones end here. */
const most = 100

export function remoteParts(
  options: Pick<LoadOptions, 'env' | 'signal' | 'fetch' | 'insecureRegistries'>,
): RemoteParts {
  const known = new Map<string, Part | readonly Problem[]>()
  const allowed = new Map<string, Set<string>>()
  let wanted = new Set<string>()
  let failed = false

  async function fetchOne(reference: string): Promise<Part | readonly Problem[]> {
    const { env, signal } = options
    try {
      signal?.throwIfAborted()
      if (options.fetch) return await options.fetch(reference)
      const { fetchPart } = await import('./fetch.ts')
      return await fetchPart(reference, {
        env,
        home: homeOf(env),
        ...(signal && { signal }),
        ...(options.insecureRegistries && { insecureRegistries: options.insecureRegistries }),
      })
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof UserError) return error.problems
      throw error
    }
  }

  function partOf(path: string): Part | undefined {
    for (const part of known.values()) if ('folder' in part && isInside(path, part.folder)) return part
    return undefined
  }

  function refused(reference: string, from: string | undefined, environment: Environment): Problem | undefined {
    const shown = withoutCredentials(reference)
    const switched = switches[remoteKind(reference)!]
    const setting = environment[switched] ?? 'true'
    const problem = (code: string, message: string, hint: string): Problem => ({
      code,
      severity: 'error',
      message,
      hint,
    })
    const allowed = goBoolean(setting)
    if (allowed === undefined)
      return problem(
        'bad-setting',
        `${switched} is "${setting}", which is neither true nor false`,
        'set it to true or false',
      )
    if (!allowed)
      return problem(
        'remote-disabled',
        `"${shown}" is not fetched: ${switched} is "${setting}"`,
        `unset ${switched}, or name a local copy`,
      )
    if (reference.startsWith('file:') && from !== undefined && partOf(from))
      return problem(
        'outside-part',
        `a remote part may not name "${shown}", which lies on this machine`,
        'copy the part here if you trust it, and name the local copy',
      )
    if (!known.has(reference) && known.size >= most)
      return problem(
        'too-many-parts',
        `more than ${most} remote parts`,
        'look for parts that include each other again and again',
      )
    return undefined
  }

  return {
    file(reference, from, environment, report, at) {
      const found = known.get(reference)
      const problems = refused(reference, from, environment) ?? found
      if (problems === undefined) wanted.add(reference)
      else if ('file' in problems) return problems.file
      else {
        failed = true
        for (const one of 'code' in problems ? [problems] : problems) report(at ? { ...one, at } : one)
      }
      return undefined
    },
    foldersOf(path) {
      if (known.size === 0) return undefined
      const part = partOf(path)
      return part && [part.folder, ...(allowed.get(part.folder) ?? [])]
    },
    allow(part, folder) {
      const found = partOf(part)
      if (found) allowed.set(found.folder, (allowed.get(found.folder) ?? new Set()).add(folder))
    },
    parts: () => new Map([...known].flatMap(([name, part]) => ('folder' in part ? [[name, part] as const] : []))),
    incomplete: () => failed,
    async complete(read, takeBack) {
      for (;;) {
        wanted = new Set()
        let result: ReturnType<typeof read> | undefined
        try {
          result = read()
        } catch (error) {
          if (!(error instanceof UserError) || wanted.size === 0) throw error
        }
        if (wanted.size === 0) return result!
        const fetched = await Promise.all([...wanted].map(async name => [name, await fetchOne(name)] as const))
        for (const [name, part] of fetched) known.set(name, part)
        takeBack()
      }
    },
  }
}

/** The files of -f with copies in place of what lies elsewhere. Throws UserError where one is missing. */
export function filesHere(
  { files, environment }: Located,
  { remote, report }: Shelf,
  problems: Problems,
): readonly string[] {
  const here = files.flatMap(path =>
    remoteKind(path) ? (remote.file(path, undefined, environment, report) ?? []) : [path],
  )
  if (here.length < files.length) throw problems.error()
  return here
}

import { userError } from '../../text/problem.ts'

/** What is to be copied: its path ends in "/." where its content is meant and not itself. */
export interface Copied {
  readonly path: string
  readonly directory: boolean
  /** What it is called in the archive, where that is not the last part of its path. */
  readonly name?: string
}

/** Where to; `exists` is about the path itself, whose parent is there. */
export interface Destination {
  readonly path: string
  readonly exists: boolean
  readonly directory: boolean
}

/** Into which directory an archive is to be unpacked, and what its topmost name becomes there, where that changes. */
export interface Landing {
  readonly directory: string
  readonly rename?: { readonly from: string; readonly to: string }
}

/** Where a copy comes to lie: as `cp -a` has it, and docker (`PrepareArchiveCopy` of moby's archive package). Throws UserError. */
export function landing(source: Copied, destination: Destination): Landing {
  const { path, exists, directory } = destination
  if (exists && directory) return { directory: path }
  if (exists && source.directory)
    throw userError('copy-blocked', 'cannot copy directory', `"${path}" is a file, and a directory cannot become one`)
  if (!exists && !source.directory && /[/\\]\.?$/.test(path))
    throw userError(
      'no-such-directory',
      'no such directory',
      `"${path}" is not there; leave the "/" out to make a file`,
    )
  const [parent, to] = divided(path)
  return { directory: parent, rename: { from: source.name ?? divided(source.path)[1], to } }
}

/** The directory that a path is in, and its name there: "." where a directory's content is meant, "" for the root. */
export function divided(path: string): readonly [directory: string, name: string] {
  const clean = normal(path)
  if (/(^|\/)\.$/.test(path)) return [clean, '.']
  const at = clean.lastIndexOf('/')
  return [at < 0 ? '.' : clean.slice(0, at) || '/', clean.slice(at + 1)]
}

/** Renames what an archive begins with: "d/file" to "new/file", "./file" to "new/file". */
export function renamed(path: string, { from, to }: NonNullable<Landing['rename']>): string {
  const bare = path.replace(/^\/+/, '')
  if (from === '') return `${to}/${bare}`
  if (bare === from || bare.startsWith(`${from}/`)) return to + bare.slice(from.length)
  // What stands beside it was not asked for.
  throw userError('copy-blocked', `the archive holds "${path}", which is not in "${from}"`)
}

/** Without ".", ".." and what they take back, and without a "/" at its end. */
export function normal(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '..' || !path.startsWith('/')) parts.push(part)
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/') || '.'
}

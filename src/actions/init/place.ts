import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beneath, NotBeneath } from '../../base/beneath.ts'
import { userError } from '../../text/problem.ts'

/** A file to be written. */
export interface Writing {
  /** Relative, with "/". */
  readonly path: string
  readonly bytes: Uint8Array
  readonly executable?: boolean
  /** A file that is there is replaced. */
  readonly replace?: boolean
  /**
   * Whoever runs in a container may read it, since it is mounted there for a user of the container's own; on this machine nobody else
   * comes to it, where its directory is made for it.
   */
  readonly secret?: boolean
}

/** What stands at a path of a folder: nothing, a file with its content, or what no file can take the place of. */
export type Standing =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'blocked'; readonly by: string; readonly what: string }

/** Looks without following links: what a link leads to is not in the folder. Throws UserError where nobody may look. */
export const standing = (root: string, path: string): Standing => attempt(path, () => looked(root, path))

function looked(root: string, path: string): Standing {
  const parts = path.split('/')
  for (let i = 1; i <= parts.length; i++) {
    const by = parts.slice(0, i).join('/')
    const found = lstatSync(join(root, by), { throwIfNoEntry: false })
    if (!found) return { kind: 'nothing' }
    const what = found.isSymbolicLink()
      ? 'a link'
      : found.isDirectory()
        ? 'a directory'
        : found.isFile()
          ? 'a file'
          : 'no file'
    if (i < parts.length && !found.isDirectory()) return { kind: 'blocked', by, what }
    if (i === parts.length && !found.isFile()) return { kind: 'blocked', by, what }
  }
  return { kind: 'file', bytes: readFileSync(join(root, path)) }
}

/**
 * Writes all of the files into a folder, or none: they are written aside first, and what was put in place is taken back where a
 * later one fails. Nothing in here waits, so no signal comes between. No path leads out of the folder, whoever moves things in it
 * meanwhile. Throws UserError where the disk does not let it.
 */
export function placeFiles(root: string, writings: readonly Writing[]): void {
  const undo: (() => void)[] = []
  const made = attempt(root, () => mkdirSync(root, { recursive: true }))
  const aside = attempt(root, () => mkdtempSync(join(root, '.gantry-init-')))
  const under = beneath(root)
  try {
    writings.forEach(({ path, bytes, executable, secret }, i) =>
      attempt(path, () => {
        const own = join(aside, `${i}`)
        writeFileSync(own, bytes, { mode: executable ? 0o777 : 0o666 })
        if (secret) chmodSync(own, 0o644)
      }),
    )
    writings.forEach((writing, i) => attempt(writing.path, () => putInPlace(writing, i)))
  } catch (error) {
    for (const back of undo.toReversed()) back()
    throw error
  } finally {
    under.close()
    rmSync(aside, { recursive: true, force: true })
    if (made !== undefined) removeEmpty(root, made)
  }

  function putInPlace({ path, replace = false, secret = false }: Writing, i: number): void {
    const fresh = foldersOf(path).filter(folder => !existsSync(join(root, folder)))
    const target = under.at(path)
    for (const folder of fresh) {
      if (secret) chmodSync(join(root, folder), 0o700)
      undo.push(() => rmdirSync(join(root, folder)))
    }
    const own = join(aside, `${i}`)
    const there = replace ? lstatSync(target, { throwIfNoEntry: false }) : undefined
    if (there) {
      chmodSync(own, there.mode)
      // For a user whose file root changes. Others may not give files away, and need not: it is theirs.
      if (process.getuid?.() === 0) chownSync(own, there.uid, there.gid)
      const kept = join(aside, `${i}.kept`)
      copyFileSync(target, kept, constants.COPYFILE_EXCL)
      renameSync(own, target)
      undo.push(() => renameSync(kept, join(root, path)))
    } else {
      appear(own, target)
      undo.push(() => unlinkSync(join(root, path)))
    }
  }
}

/** Never takes the place of what has come there meanwhile, as renaming would. */
function appear(own: string, target: string): void {
  try {
    linkSync(own, target)
  } catch (error) {
    // Not every file system has links.
    if (codeOf(error) === 'EEXIST') throw error
    copyFileSync(own, target, constants.COPYFILE_EXCL)
  }
}

const foldersOf = (path: string) => {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

/** Removes folders that were made, from the inmost on, where nothing is in them. */
function removeEmpty(from: string, upTo: string): void {
  for (let folder = from; folder.startsWith(upTo); folder = dirname(folder))
    try {
      rmdirSync(folder)
    } catch {
      return
    }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof NotBeneath)
      throw userError(
        'outside-template',
        `${error.message}: nothing was written`,
        'a template writes into its directory only',
      )
    const code = codeOf(error)
    if (code === undefined) throw error
    throw userError(
      'unwritable-file',
      `"${path}" cannot be written: ${code}`,
      'nothing was written; make room, or check who may write there',
    )
  }
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException).code : undefined

import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** A folder that is written into by paths from somebody who is not to be trusted: none of them leads out of it. */
export interface Beneath {
  /** Where a path is, by a name that is good until the next call. Folders on the way are made where they are missing. */
  at(path: string): string
  /** As `at`, of a folder, which is made as well. */
  folder(path: string): string
  close(): void
}

/** Thrown for paths that lead out, and for what is no folder on the way. */
export class NotBeneath extends Error {
  override readonly name = 'NotBeneath'
}

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0 } = constants

/**
 * Where there is /proc every folder on the way is held open, and what is in it is named through that, as with `openat`: a link that
 * somebody puts in a folder's place meanwhile (a container that has it mounted) leads nowhere. Elsewhere each is looked at first.
 */
export function beneath(root: string): Beneath {
  const held = existsSync('/proc/self/fd')
  const opened = held ? [openSync(root, O_RDONLY | O_DIRECTORY)] : []
  const names: string[] = []
  const here = () => (held ? `/proc/self/fd/${opened.at(-1)!}` : join(root, ...names))

  const enter = (name: string, path: string) => {
    const below = join(here(), name)
    const open = () => {
      if (held) opened.push(openSync(below, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
      else if (!lstatSync(below).isDirectory()) throw blocked(path, [...names, name])
    }
    try {
      open()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'ENOTDIR' || code === 'ELOOP') throw blocked(path, [...names, name])
      if (code !== 'ENOENT') throw error
      mkdirSync(below, 0o755)
      open()
    }
    names.push(name)
  }
  const go = (to: readonly string[], path: string): string => {
    // What is not held is looked at every time.
    while (names.length > (held ? to.length : 0) || names.some((name, i) => name !== to[i])) {
      names.pop()
      if (held) closeSync(opened.pop()!)
    }
    for (const name of to.slice(names.length)) enter(name, path)
    return here()
  }

  return {
    at(path) {
      const parts = partsOf(path)
      const name = parts.pop()
      if (name === undefined) throw new NotBeneath(`"${path}" is the directory itself`)
      return join(go(parts, path), name)
    },
    folder: path => go(partsOf(path), path),
    close() {
      for (const one of opened.splice(0)) closeSync(one)
    },
  }
}

const blocked = (path: string, at: readonly string[]) => {
  const there = at.join('/')
  return new NotBeneath(
    path.replace(/\/+$/, '').endsWith(there)
      ? `cannot overwrite non-directory "${there}" with directory "${there}"`
      : `"${path}" leads through "${there}", which is no directory`,
  )
}

/** Throws NotBeneath for what leads out; an absolute path is one from the root on. */
function partsOf(path: string): string[] {
  const parts = path.split('/').filter(part => part !== '' && part !== '.')
  if (parts.includes('..') || (process.platform === 'win32' && /[\\:]/.test(path)))
    throw new NotBeneath(`"${path}" leads out of the directory`)
  return parts
}

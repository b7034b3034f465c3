import { readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { codeOf } from '../base/error-code.ts'
import { userError } from '../text/problem.ts'

/** All that loading asks of a file system. Paths are absolute. */
export interface Files {
  /** What stands at a path, links followed; undefined for nothing. */
  stat(path: string): { readonly kind: 'file' | 'directory' | 'other'; readonly size: number } | undefined
  /** Throws UserError where there is nothing to read. */
  read(path: string): Uint8Array
  /** A path with its links followed; itself where there is nothing. */
  real(path: string): string
}

/** A path with the links in it followed as far as it exists. */
export function followed(path: string, files: Files): string {
  if (files.stat(path)) return files.real(path)
  const above = dirname(path)
  return above === path ? path : join(followed(above, files), basename(path))
}

/** The disk. Synchronous: a project is a few small files, and each asynchronous call costs more than reading one. */
export const disk: Files = {
  stat(path) {
    try {
      const found = statSync(path, { throwIfNoEntry: false })
      return found && { kind: found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other', size: found.size }
    } catch (error) {
      if (codeOf(error) === 'ENOTDIR') return undefined
      throw unreadable(path, error)
    }
  },
  read(path) {
    try {
      return readFileSync(path)
    } catch (error) {
      throw unreadable(path, error)
    }
  },
  real(path) {
    try {
      return realpathSync(path)
    } catch {
      return path
    }
  },
}

/** Files that exist only here: path → text or bytes. Their directories exist too. */
export function memory(files: Readonly<Record<string, string | Uint8Array>>): Files {
  const bytes = new Map(
    Object.entries(files).map(([path, text]) => [path, typeof text === 'string' ? Buffer.from(text) : text]),
  )
  return {
    stat(path) {
      const found = bytes.get(path)
      if (found) return { kind: 'file', size: found.length }
      if (path === '/dev/null') return { kind: 'other', size: 0 }
      return [...bytes.keys()].some(other => other.startsWith(path.endsWith('/') ? path : `${path}/`))
        ? { kind: 'directory', size: 0 }
        : undefined
    },
    read(path) {
      const found = bytes.get(path)
      if (path === '/dev/null') return new Uint8Array()
      if (!found) throw userError('no-such-file', `open ${path}: no such file or directory`)
      return found
    },
    real: path => path,
  }
}

function unreadable(path: string, error: unknown) {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return userError('no-such-file', `open ${path}: no such file or directory`, 'check the path')
    case 'EACCES':
    case 'EPERM':
      return userError('unreadable-file', `open ${path}: permission denied`, 'check who may read it')
    case 'EISDIR':
      return userError('is-directory', `read ${path}: is a directory`, 'name a file in it')
    case 'ELOOP':
      return userError('unreadable-file', `open ${path}: too many links lead to it`, 'check where its links lead')
    case 'ENAMETOOLONG':
      return userError('unreadable-file', `open ${path.slice(0, 80)}…: the name is too long`)
    case 'ERR_INVALID_ARG_VALUE':
      return userError('unreadable-file', `open ${path.replaceAll('\0', '')}: the name holds a zero byte`)
    default:
      return error instanceof Error && codeOf(error)
        ? userError('unreadable-file', `open ${path}: ${error.message}`)
        : error
  }
}

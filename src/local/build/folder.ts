import { createHash } from 'node:crypto'
import { open, readdir, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, posix } from 'node:path'
import type { BuildFolder, WantedEntries } from '../../engine/build.ts'
import { userError } from '../../text/problem.ts'
import { ignoring, including } from './ignore.ts'
import { walk } from './walk.ts'

/** A folder of this machine, from which BuildKit takes what it wants. */
export function buildFolder(root: string): BuildFolder {
  return {
    key: createHash('sha256').update(`${hostname()}:${root}`).digest('hex'),
    entries: wanted => readable(selected(root, wanted)),
    read: (path, memory) => readable(pieces(join(root, path), memory)),
  }
}

/** A file, read into one and the same piece of memory: a large context would else pile up what is to be collected. */
export async function* pieces(file: string, memory: Uint8Array): AsyncGenerator<Uint8Array> {
  const handle = await open(file)
  try {
    for (;;) {
      const { bytesRead } = await handle.read(memory, 0, memory.length)
      if (bytesRead === 0) return
      yield memory.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

/** A folder with one file that is in no file: an inline Dockerfile. */
export function folderOf(name: string, text: string): BuildFolder {
  const content = Buffer.from(text)
  const key = createHash('sha256').update(content).digest('hex')
  // The same time for the same text, so that it is not sent again.
  const mtime = Number.parseInt(key.slice(0, 10), 16)
  return {
    key,
    async *entries() {
      yield { path: name, kind: 'file', mode: 0o644, mtime, size: content.length }
    },
    async *read() {
      yield content
    },
  }
}

async function* selected(root: string, { include = [], exclude = [], follow }: WantedEntries) {
  const followed = follow && (await followLinks(root, follow))
  const included = [...include, ...(followed ?? [])]
  // Links that lead to the folder itself: then all of it is wanted.
  const all = included.length === 0 || (followed?.includes('.') ?? false)
  yield* walk(root, { rules: [...(all ? [] : [including(included)]), ignoring(exclude)], parents: true })
}

/** Paths with what they lead to: where one goes through a link, the link and the path behind it. Source: tonistiigi/fsutil, followlinks.go */
async function followLinks(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>()
  const add = async (path: string): Promise<void> => {
    const parts = posix
      .join('.', path)
      .replace(/^(\.\.\/?)+/, '')
      .split('/')
      .filter(part => part !== '' && part !== '.')
    if (parts.length === 0) return void found.add('.')
    for (let i = 1; i <= parts.length; i++) {
      const current = parts.slice(0, i).join('/')
      const targets = await linksAt(root, current)
      const last = i === parts.length
      if (targets.length === 0 && !last) continue
      if (found.has(current)) return
      found.add(current)
      for (const target of targets) await add(posix.join(target, ...parts.slice(i)))
      if (targets.length > 0) return
    }
  }
  for (const path of paths) await add(path)
  return [...found]
}

/** Where the links lead that a path, or a pattern for names in one directory, names. */
async function linksAt(root: string, path: string): Promise<readonly string[]> {
  const directory = posix.dirname(path)
  const name = posix.basename(path)
  let names: readonly string[] = [name]
  if (/[*?[]/.test(name)) {
    const pattern = including([name])
    names = (await readdir(join(root, directory)).catch(absent)).filter(one => !pattern.excludes(one))
  }
  const links = await Promise.all(names.map(one => readlink(join(root, directory, one)).catch(absent)))
  return links
    .filter(link => typeof link === 'string')
    .map(link => posix.normalize(link.startsWith('/') ? link : posix.join('/', directory, link)))
}

function absent(error: unknown): readonly string[] {
  if (
    error instanceof Error &&
    'code' in error &&
    ['ENOENT', 'ENOTDIR', 'EINVAL', 'UNKNOWN'].includes(String(error.code))
  )
    return []
  throw error
}

/** With what the file system refuses told as the user's to mend. */
async function* readable<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    throw userError('unreadable-context', `the build context cannot be read: ${error.message}`)
  }
}

import { createHash } from 'node:crypto'
import { lstat, readFile, readlink } from 'node:fs/promises'
import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import type { LiveEngine } from '../../engine/live.ts'
import type { Project } from '../../model/project.ts'
import { membersOf } from '../members.ts'
import { contextIgnores } from './context-ignores.ts'
import { type Rule, watchRules } from './rules.ts'
import { filesOf } from './syncer.ts'

/** How a container's copy of watched files compares with the host's. */
export interface Verified {
  readonly service: string
  readonly container: string
  readonly same: number
  readonly files: number
  /** Paths in the container: with another content, or not there. */
  readonly differing: readonly string[]
  readonly missing: readonly string[]
}

/** Compares what `sync` rules send with what the containers have. Nothing is changed. Throws UserError where nothing is watched. */
export async function verify(
  project: Project,
  { engine, services = [] }: { readonly engine: LiveEngine; readonly services?: readonly string[] },
): Promise<readonly Verified[]> {
  const { rules } = watchRules(project, services, await contextIgnores(project))
  const syncing = rules.filter(rule => rule.action.startsWith('sync'))
  const members = await membersOf(engine, project.name)
  const results: Verified[] = []
  for (const rule of syncing)
    for (const { id, name } of members.filter(m => m.service === rule.service && !m.oneoff))
      results.push(await compared(engine, rule, id, name))
  return results
}

async function compared(engine: LiveEngine, rule: Rule, id: string, container: string): Promise<Verified> {
  const here = new Map<string, string>()
  for (const path of await filesOf(rule)) {
    const likeness = await likenessOf(path)
    if (likeness !== undefined) here.set(rule.inContainer(path), likeness)
  }
  const target = rule.inContainer(rule.path)
  const there = (await engine.statPath(id, target))
    ? await contents(await engine.getArchive(id, target), posix.dirname(target))
    : new Map<string, string>()
  const paths = [...here.keys()]
  const missing = paths.filter(path => !there.has(path))
  const differing = paths.filter(path => there.has(path) && there.get(path) !== here.get(path))
  return {
    service: rule.service,
    container,
    files: paths.length,
    same: paths.length - missing.length - differing.length,
    differing,
    missing,
  }
}

async function likenessOf(path: string): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined)
  if (stats?.isSymbolicLink()) return `link ${await readlink(path)}`
  if (!stats?.isFile()) return undefined
  return createHash('sha1')
    .update(await readFile(path))
    .digest('hex')
}

/** What is in an archive of a container, by absolute path. */
async function contents(archive: AsyncIterable<Uint8Array>, parent: string): Promise<Map<string, string>> {
  const entries = extract()
  Readable.from(archive, { objectMode: false }).pipe(entries)
  const found = new Map<string, string>()
  for await (const entry of entries) {
    const { name, type, linkname } = entry.header
    const path = posix.join(parent, name)
    const hash = createHash('sha1')
    for await (const piece of entry as AsyncIterable<Uint8Array>) hash.update(piece)
    if (type === 'symlink') found.set(path, `link ${linkname ?? ''}`)
    else if (type === 'file') found.set(path, hash.digest('hex'))
  }
  return found
}

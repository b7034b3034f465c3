import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { withoutCredentials } from '../../base/url-credentials.ts'
import { fetchGit } from '../../load/remote/git.ts'
import { isInside } from '../../load/remote/inside.ts'
import { cacheFolder } from '../../load/remote/kept.ts'
import { isRepository } from '../../local/build/builder.ts'
import type { FetchedContext } from '../../local/build/context.ts'
import type { Project } from '../../model/project.ts'
import { userError } from '../../text/problem.ts'

/** Brings a build context here that lies elsewhere, for a builder that is sent everything. Throws UserError. */
export function contextFetcher(
  env: Project['environment'],
): (address: string, cancel: Cancel) => Promise<FetchedContext> {
  return (address, cancel) => (isRepository(address) ? repository(address, env, cancel) : file(address, cancel))
}

interface Cancel {
  readonly signal: AbortSignal
}

async function repository(address: string, env: Project['environment'], cancel: Cancel): Promise<FetchedContext> {
  const home = env['HOME'] || homedir()
  const tree = await fetchGit(address, cacheFolder(env, home), { env, home, ...cancel })
  const folder = await realpath(join(tree.folder, tree.path)).catch(() => undefined)
  // A link in a repository may lead to anywhere on this machine.
  if (folder !== undefined && isInside(folder, await realpath(tree.folder))) return { kind: 'folder', folder }
  throw userError('no-context', `"${withoutCredentials(address)}" has no directory "${tree.path}"`)
}

/** An archive, or else a Dockerfile: docker takes it so. */
async function file(address: string, { signal }: Cancel): Promise<FetchedContext> {
  const name = withoutCredentials(address)
  const answer = await fetch(address, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error
    const { cause } = error as Error
    throw userError(
      'no-context',
      `"${name}" cannot be fetched: ${cause instanceof Error ? cause.message : String(error)}`,
    )
  })
  if (!answer.ok || !answer.body) throw userError('no-context', `"${name}" cannot be fetched: HTTP ${answer.status}`)
  const reader = answer.body.getReader()
  const held: Uint8Array[] = []
  for (let size = 0; size < TAR_MARK + 5; size += held.at(-1)!.length) {
    const { done, value } = await reader.read()
    if (done) break
    held.push(value)
  }
  const begin = Buffer.concat(held)
  async function* rest() {
    yield begin
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  }
  if (isArchive(begin)) return { kind: 'archive', tar: rest() }
  const text: Uint8Array[] = []
  for await (const piece of rest()) text.push(piece)
  return { kind: 'dockerfile', text: Buffer.concat(text).toString('utf8') }
}

/** Where a tar archive says what it is. */
const TAR_MARK = 257
/** gzip, bzip2, xz, zstd */
const PACKED = ['1f8b', '425a68', 'fd377a585a00', '28b52ffd'].map(hex => Buffer.from(hex, 'hex'))

function isArchive(begin: Buffer): boolean {
  return begin.toString('latin1', TAR_MARK, TAR_MARK + 5) === 'ustar' || PACKED.some(mark => begin.indexOf(mark) === 0)
}

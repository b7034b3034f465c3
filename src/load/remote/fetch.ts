import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withoutCredentials } from '../../base/url-credentials.ts'
import { findArtifact } from '../../registry/artifact.ts'
import { isDigest } from '../../registry/reference.ts'
import { userError } from '../../text/problem.ts'
import { disk } from '../files.ts'
import { baseNames } from '../locate.ts'
import { fetchGit } from './git.ts'
import { isInside } from './inside.ts'
import { cacheFolder, kept } from './kept.ts'
import { type Part, remoteKind } from './remote.ts'

export interface FetchOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly signal?: AbortSignal
  /** Registries, as HOST or HOST:PORT, that may speak http or show a certificate that nobody vouches for. */
  readonly insecureRegistries?: readonly string[]
}

/** Brings a part here that lies elsewhere, or finds it among those kept. Throws UserError. */
export async function fetchPart(reference: string, options: FetchOptions): Promise<Part> {
  const cache = cacheFolder(options.env, options.home)
  return remoteKind(reference) === 'oci'
    ? fetchArtifact(reference, cache, options)
    : repository(reference, cache, options)
}

async function repository(reference: string, cache: string, options: FetchOptions): Promise<Part> {
  const { folder, path, commit } = await fetchGit(reference, cache, options)
  const named = join(folder, path)
  const names = disk.stat(named)?.kind === 'directory' ? baseNames.map(name => join(named, name)) : [named]
  const file = names.find(path => disk.stat(path)?.kind === 'file')
  if (file !== undefined && !isInside(disk.real(file), disk.real(folder)))
    throw userError('outside-part', `"${path}" is a link that leads out of the repository`, 'name a file in it')
  if (file !== undefined) return { folder, file }
  throw userError(
    'no-such-file',
    `"${withoutCredentials(reference)}" has no ${path ? `"${path}" with a Compose file` : 'Compose file'} at commit ${commit.slice(0, 12)}`,
    `name a file, or a directory with ${baseNames.join(', ')}: URL#REF:PATH`,
  )
}

async function fetchArtifact(reference: string, cache: string, options: FetchOptions): Promise<Part> {
  const text = reference.slice('oci://'.length)
  const folderOf = (digest: string) => join(cache, 'oci', digest.replace(':', '-'))
  const part = (folder: string): Part => ({ folder, file: join(folder, 'compose.yaml') })
  const digest = text.split('@')[1]
  // What has a digest cannot change, and is there without a registry once it was fetched.
  if (digest !== undefined && isDigest(digest) && disk.stat(folderOf(digest))) return part(folderOf(digest))
  const insecure = options.insecureRegistries?.includes(text.split('/', 1)[0]!) === true
  const artifact = await findArtifact(text, { ...options, ...(insecure && { insecure }) })
  return part(
    await kept(folderOf(artifact.digest), async draft => {
      for (const [name, bytes] of await artifact.files()) await writeFile(join(draft, name), bytes, { mode: 0o600 })
    }),
  )
}

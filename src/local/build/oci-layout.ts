import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isAbsent } from '../../base/error-code.ts'
import { writeWhole } from '../../base/whole-file.ts'
import type { BlobDraft, BlobRange, BlobStore, LayoutImage } from '../../engine/build.ts'
import { userError } from '../../text/problem.ts'

/** An OCI layout in a folder: contents by their digests, and an index that names some. Source: image-layout.md of opencontainers/image-spec */
export function ociLayout(root: string): BlobStore {
  return {
    size: digest => told(root, sizeOf(blobOf(root, digest))),
    read: (digest, range, memory) => pieces(root, blobOf(root, digest), range, memory),
    add: () => told(root, draft(root)),
    tag: (descriptor, tag) => putTag(root, descriptor, tag),
  }
}

/** The digest that the index has under a tag; undefined where there is no index, or no such tag. Throws UserError. */
export function layoutDigest(root: string, tag: string): string | undefined {
  return indexOf(root)?.manifests.find(one => one.annotations?.[TAG] === tag)?.digest
}

/** What `oci-layout://PATH[:TAG][@DIGEST]` names: without both "latest", or the only one that there is. Throws UserError. */
export function layoutImage(reference: string): LayoutImage {
  const [place = '', named] = reference.slice('oci-layout://'.length).split('@')
  const [, root = place, tag = 'latest'] = /^(.+):([^:/\\]+)$/.exec(place) ?? []
  const { manifests } = indexOf(root) ?? {}
  if (!manifests) throw userError('no-context', `the build context "${root}" is no OCI layout: it has no index.json`)
  const only = manifests.length === 1 ? manifests[0]!.digest : undefined
  const digest = named ?? layoutDigest(root, tag) ?? only
  if (digest !== undefined) return { layout: ociLayout(root), digest }
  const tags = manifests.flatMap(one => one.annotations?.[TAG] ?? [])
  throw userError(
    'no-context',
    `the OCI layout "${root}" has no image "${tag}"`,
    tags.length > 0 ? `it has ${tags.map(one => `"${one}"`).join(', ')}` : 'name one by its digest',
  )
}

const TAG = 'org.opencontainers.image.ref.name'
const BLOB = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

/** Undefined for what is no digest: whoever asks shall not get out of the folder. */
function blobOf(root: string, digest: string): string | undefined {
  return BLOB.test(digest) ? join(root, 'blobs', ...digest.split(':')) : undefined
}

async function sizeOf(file: string | undefined): Promise<number | undefined> {
  if (file === undefined) return undefined
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

async function* pieces(root: string, file: string | undefined, { offset, length }: BlobRange, memory: Uint8Array) {
  if (file === undefined) return
  const handle = await told(root, open(file))
  try {
    const end = length === undefined ? Number.POSITIVE_INFINITY : offset + length
    for (let at = offset; at < end; ) {
      const { bytesRead } = await told(root, handle.read(memory, 0, Math.min(memory.length, end - at), at))
      if (bytesRead === 0) return
      yield memory.subarray(0, bytesRead)
      at += bytesRead
    }
  } finally {
    await handle.close()
  }
}

async function draft(root: string): Promise<BlobDraft> {
  // Where containerd, and so buildx, has what is not whole yet.
  const folder = join(root, 'ingest', randomUUID())
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'data')
  const handle = await open(file, 'wx')
  const hash = createHash('sha256')
  return {
    write: bytes =>
      told(
        root,
        (async () => {
          hash.update(bytes)
          for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten
        })(),
      ),
    async keep(expected) {
      const digest = `sha256:${hash.digest('hex')}`
      if (expected !== undefined && expected !== digest) return undefined
      await told(root, kept())
      return digest

      async function kept() {
        // What bears a digest has to be whole, whatever becomes of this machine.
        await handle.sync()
        await mkdir(join(root, 'blobs', 'sha256'), { recursive: true })
        await rename(file, blobOf(root, digest)!)
      }
    },
    async close() {
      await handle.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Index {
  readonly manifests: readonly Manifest[]
}

interface Manifest {
  readonly digest: string
  readonly annotations?: Readonly<Record<string, string>>
}

/** At one go: builds that end at the same time share a folder. */
function putTag(root: string, descriptor: object, tag: string): void {
  const { manifests = [], ...index } = indexOf(root) ?? {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
  }
  const others = manifests.filter(one => one.annotations?.[TAG] !== tag)
  const { annotations = {} } = descriptor as Partial<Manifest>
  const named = { ...descriptor, annotations: { ...annotations, [TAG]: tag } }
  try {
    mkdirSync(root, { recursive: true })
    writeFileSync(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    writeWhole(join(root, 'index.json'), JSON.stringify({ ...index, manifests: [...others, named] }))
  } catch (error) {
    throw unusable(root, error)
  }
}

function indexOf(root: string): Index | undefined {
  let text: string
  try {
    text = readFileSync(join(root, 'index.json'), 'utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw unusable(root, error)
  }
  try {
    const index = JSON.parse(text) as Partial<Index>
    if (Array.isArray(index.manifests)) return index as Index
  } catch {
    // Told below.
  }
  throw userError('bad-layout', `"${join(root, 'index.json')}" is not the index of an OCI layout`)
}

/** With what the file system refuses told as the user's to mend. */
async function told<T>(root: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw unusable(root, error)
  }
}

function unusable(root: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error
  return userError('bad-layout', `the folder "${root}" cannot be used: ${error.message}`)
}

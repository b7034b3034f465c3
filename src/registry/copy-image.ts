import { userError } from '../text/problem.ts'
import { digestOf, type RegistryClient, registryClient } from './client.ts'
import type { RegistryOptions } from './http.ts'
import { media } from './media.ts'
import { isDigest, parseReference, type Reference } from './reference.ts'
import { begun, has, send } from './upload.ts'

/** A manifest as others name it. */
export interface Described {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** Where an image is copied to. */
export interface Target {
  readonly reference: Reference
  readonly client: RegistryClient
}

const limit = 4 * 1024 * 1024

/** Copies an image with all its platforms into another repository, without a tag, nothing of it through memory whole. Throws UserError. */
export async function copyImage(image: string, to: Target, options: RegistryOptions): Promise<Described> {
  const reference = parseReference(image)
  const from = { reference, client: registryClient(reference, options) }
  return copyManifest(reference.version, from, to)
}

async function copyManifest(version: string, from: Target, to: Target): Promise<Described> {
  const { body, headers } = await from.client.get(`manifests/${version}`, limit, Object.values(media))
  const digest = digestOf(body)
  const manifest = parsed(body, from.reference)
  if (isDigest(version) && version !== digest) throw bad(from.reference, `what the registry sends is not ${version}`)
  for (const { digest: entry } of manifest.manifests ?? []) await copyManifest(checked(entry, from), from, to)
  for (const { digest: blob, size } of [...(manifest.config ? [manifest.config] : []), ...(manifest.layers ?? [])])
    await copyBlob(checked(blob, from), size, from, to)
  const type = manifest.mediaType ?? headers['content-type'] ?? media.manifest
  const path = `manifests/${digest}`
  const answer = await to.client.ask(path, { method: 'PUT', body, limit, type })
  if (answer.status < 200 || answer.status > 299) throw to.client.failed(path, answer, 'write')
  return { mediaType: type, digest, size: body.length }
}

async function copyBlob(digest: string, size: number, from: Target, to: Target): Promise<void> {
  if (await has(to.client, digest)) return
  const near = from.reference.host === to.reference.host
  const query = near ? `?mount=${digest}&from=${encodeURIComponent(from.reference.repository)}` : ''
  const place = await begun(to.client, `blobs/uploads/${query}`)
  if (place.status === 201) return
  const consume = (bytes: AsyncIterable<Uint8Array>) => send(to.client, digest, { bytes, size }, place)
  const answer = await from.client.ask(`blobs/${digest}`, { method: 'GET', limit, consume })
  if (answer.status !== 200) throw from.client.failed(`blobs/${digest}`, answer, 'read')
}

interface Entry {
  readonly digest?: unknown
  readonly size: number
}

interface Manifest {
  readonly mediaType?: string
  readonly config?: Entry
  readonly layers?: readonly Entry[]
  readonly manifests?: readonly Entry[]
}

function parsed(body: Buffer, reference: Reference): Manifest {
  try {
    const manifest: unknown = JSON.parse(body.toString())
    if (typeof manifest === 'object' && manifest !== null) return manifest
  } catch {
    // Told below.
  }
  throw bad(reference, 'its manifest is not JSON')
}

function checked(digest: unknown, { reference }: Target): string {
  if (typeof digest === 'string' && isDigest(digest)) return digest
  throw bad(reference, 'a part of it has no digest')
}

const bad = ({ host, repository }: Reference, why: string) =>
  userError('bad-image', `"${host}/${repository}" cannot be copied: ${why}`, 'push it again')

import { digestOf, registryClient } from './client.ts'
import { project } from './compose-media.ts'
import { copyImage, type Described } from './copy-image.ts'
import type { RegistryOptions } from './http.ts'

import { media } from './media.ts'
import { parseReference } from './reference.ts'
import { upload } from './upload.ts'

/** A file of a project on its way into a registry. */
export interface Layer {
  readonly name: string
  readonly kind: 'compose' | 'extended' | 'env'
  readonly text: string
}

export interface PublishOptions extends RegistryOptions {
  /** "1.1" knows artifact types; without it, what the registry takes. */
  readonly ociVersion?: '1.0' | '1.1'
  /** As it goes into the artifact: who wrote it, and when (RFC 3339). */
  readonly version: string
  readonly created: string
  /** Images that are copied into the same repository; an index, which the artifact is the subject of, names them. */
  readonly images?: readonly string[]
  /** Hears of each image before and after it is copied. */
  readonly copying?: (image: string, state: 'started' | 'done') => void
}

const limit = 1024 * 1024

/** Characters of all layers; registries take manifests of 4 MiB. */
const mostInline = 512 * 1024

/**
 * Puts a Compose project under a name in a registry, in docker compose's form, and gives its digest. The name is the last thing
 * that is written: what is cut off before leaves it as it was. Throws UserError.
 */
export async function publishArtifact(
  text: string,
  layers: readonly Layer[],
  options: PublishOptions,
): Promise<string> {
  const reference = parseReference(text)
  const client = registryClient(reference, options)
  const blobs = [Buffer.from('{}'), ...layers.map(layer => Buffer.from(layer.text))]
  for (const bytes of blobs) await upload(client, bytes)

  const copies: Described[] = []
  for (const image of options.images ?? []) {
    options.copying?.(image, 'started')
    copies.push(await copyImage(image, { reference, client }, options))
    options.copying?.(image, 'done')
  }

  const put = async (form: '1.0' | '1.1') => {
    const manifest = Buffer.from(JSON.stringify(manifestOf(form, layers, options)))
    const path = `manifests/${reference.version}`
    const answer = await client.ask(path, { method: 'PUT', body: manifest, limit, type: media.manifest })
    return { answer, path, described: { mediaType: media.manifest, digest: digestOf(manifest), size: manifest.length } }
  }
  let tried = await put(options.ociVersion ?? '1.1')
  // A registry that knows no artifact types says that the manifest is wrong, each in its way.
  const refused = tried.answer.status >= 400 && tried.answer.status < 500 && ![401, 403].includes(tried.answer.status)
  if (refused && options.ociVersion === undefined) tried = await put('1.0')
  if (tried.answer.status < 200 || tried.answer.status > 299) throw client.failed(tried.path, tried.answer, 'write')
  if (copies.length > 0) {
    const annotations = { 'com.docker.compose.version': options.version }
    const index = { schemaVersion: 2, mediaType: media.index, manifests: copies, subject: tried.described, annotations }
    const body = Buffer.from(JSON.stringify(index))
    const path = `manifests/${digestOf(body)}`
    const answer = await client.ask(path, { method: 'PUT', body, limit, type: media.index })
    if (answer.status < 200 || answer.status > 299) throw client.failed(path, answer, 'write')
  }
  return tried.described.digest
}

function manifestOf(form: '1.0' | '1.1', layers: readonly Layer[], { version, created }: PublishOptions): object {
  const empty = Buffer.from('{}')
  // With the manifest comes what is small, so that a reader has it at once, as docker compose's own artifacts do.
  const small = layers.reduce((sum, { text }) => sum + text.length, 0) < mostInline
  const type = form === '1.1' ? 'application/vnd.oci.empty.v1+json' : project.config
  return {
    schemaVersion: 2,
    mediaType: media.manifest,
    ...(form === '1.1' && { artifactType: project.artifact }),
    config: { mediaType: type, digest: digestOf(empty), size: empty.length, data: empty.toString('base64') },
    layers: layers.map(({ name, kind, text }) => {
      const bytes = Buffer.from(text)
      return {
        mediaType: kind === 'env' ? project.envFile : project.file,
        digest: digestOf(bytes),
        size: bytes.length,
        ...(small && { data: bytes.toString('base64') }),
        annotations: {
          ...(kind === 'extended' && { 'com.docker.compose.extends': 'true' }),
          [kind === 'env' ? 'com.docker.compose.envfile' : 'com.docker.compose.file']: name,
          'com.docker.compose.version': version,
        },
      }
    }),
    annotations: { 'org.opencontainers.image.created': created },
  }
}

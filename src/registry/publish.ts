import { userError } from '../text/problem.ts'
import { digestOf, registryClient, type RegistryClient } from './client.ts'
import { project } from './compose-media.ts'
import { isSafe, type RegistryOptions } from './http.ts'
import { media } from './media.ts'
import { parseReference } from './reference.ts'

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

  const put = async (form: '1.0' | '1.1') => {
    const manifest = Buffer.from(JSON.stringify(manifestOf(form, layers, options)))
    const path = `manifests/${reference.version}`
    const answer = await client.ask(path, { method: 'PUT', body: manifest, limit, type: media.manifest })
    return { answer, path, digest: digestOf(manifest) }
  }
  let tried = await put(options.ociVersion ?? '1.1')
  // A registry that knows no artifact types says that the manifest is wrong, each in its way.
  const refused = tried.answer.status >= 400 && tried.answer.status < 500 && ![401, 403].includes(tried.answer.status)
  if (refused && options.ociVersion === undefined) tried = await put('1.0')
  if (tried.answer.status < 200 || tried.answer.status > 299) throw client.failed(tried.path, tried.answer, 'write')
  return tried.digest
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

/** What the repository has already is not sent again. */
async function upload(client: RegistryClient, bytes: Buffer): Promise<void> {
  const digest = digestOf(bytes)
  const there = await client.ask(`blobs/${digest}`, { method: 'HEAD', limit })
  if (there.status === 200) return
  const begun = await client.ask('blobs/uploads/', { method: 'POST', body: '', limit })
  const { location } = begun.headers
  if (begun.status !== 202 || location === undefined) throw client.failed('blobs/uploads', begun, 'write')
  const place = new URL(location, begun.url)
  // Behind a proxy that ends TLS some registries name themselves without it.
  if (place.host === begun.url.host) place.protocol = begun.url.protocol
  else if (!isSafe(place))
    throw userError(
      'registry-failed',
      `registry "${begun.url.host}" wants content to be sent to "${place.host}", which is not https`,
      'tell whoever runs it',
    )
  place.searchParams.set('digest', digest)
  const type = 'application/octet-stream'
  const done = await client.ask(place, { method: 'PUT', body: bytes, limit, type })
  if (done.status < 200 || done.status > 299) throw client.failed(`blobs/${digest}`, done, 'write')
}

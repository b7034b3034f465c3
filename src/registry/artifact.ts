import { userError } from '../text/problem.ts'
import { digestOf, registryClient } from './client.ts'
import { project } from './compose-media.ts'
import type { RegistryOptions } from './http.ts'
import { media } from './media.ts'
import { isDigest, parseReference } from './reference.ts'

/** A Compose project as a registry has it. */
export interface Artifact {
  readonly digest: string
  /** Fetches what it holds: names without directories → content. Throws UserError. */
  files(): Promise<ReadonlyMap<string, Uint8Array>>
}

/** Bytes, and layers. A project is a few small files. */
const most = { manifest: 4 * 1024 * 1024, file: 16 * 1024 * 1024, whole: 64 * 1024 * 1024, layers: 1000 }

interface Descriptor {
  readonly mediaType?: unknown
  readonly digest?: unknown
  readonly size?: unknown
  readonly artifactType?: unknown
  readonly annotations?: Readonly<Record<string, unknown>>
}

interface Manifest {
  readonly mediaType?: unknown
  readonly artifactType?: unknown
  readonly config?: Descriptor
  readonly layers?: readonly Descriptor[]
  readonly manifests?: readonly Descriptor[]
}

/** The artifact of a reference (without "oci://"). Throws UserError where it is none, or cannot be had. */
export async function findArtifact(text: string, options: RegistryOptions): Promise<Artifact> {
  const reference = parseReference(text)
  const client = registryClient(reference, options)

  async function manifestOf(version: string): Promise<{ readonly manifest: Manifest; readonly digest: string }> {
    const { body } = await client.get(`manifests/${version}`, most.manifest, Object.values(media))
    const digest = digestOf(body)
    if (isDigest(version) && version !== digest) throw changed(version)
    return { manifest: parsed(body), digest }
  }

  function parsed(body: Buffer): Manifest {
    try {
      const manifest: unknown = JSON.parse(body.toString())
      if (typeof manifest === 'object' && manifest !== null) return manifest
    } catch {
      // Told below.
    }
    throw bad('its manifest is not JSON')
  }

  const bad = (why: string) => userError('bad-artifact', `"oci://${text}" cannot be read: ${why}`, 'publish it again')
  const changed = (digest: string) => bad(`what the registry sends is not ${digest}`)

  let found = await manifestOf(reference.version)
  if (Array.isArray(found.manifest.manifests)) {
    const entry = found.manifest.manifests.find(({ artifactType }) => artifactType === project.artifact)
    if (!entry || typeof entry.digest !== 'string' || !isDigest(entry.digest)) throw noProject(text, found.manifest)
    found = await manifestOf(entry.digest)
  }
  const { manifest, digest } = found
  if (!isProject(manifest)) throw noProject(text, manifest)
  const layers = Array.isArray(manifest.layers) ? manifest.layers : []
  if (layers.length > most.layers) throw bad(`it has more than ${most.layers} layers`)

  async function content(layer: Descriptor): Promise<Buffer> {
    const { digest } = layer
    if (typeof digest !== 'string' || !isDigest(digest)) throw bad('a layer has no digest')
    const { body } = await client.get(`blobs/${digest}`, most.file)
    if (digestOf(body) !== digest) throw changed(digest)
    return body
  }

  return {
    digest,
    async files() {
      const files = new Map<string, Buffer>()
      let whole = 0
      for (const layer of layers) {
        const name = nameOf(layer, bad)
        if (name === undefined) continue
        const bytes = await content(layer)
        whole += bytes.length
        if (whole > most.whole) throw bad(`it holds more than ${most.whole / 1024 / 1024} MiB`)
        const before = files.get(name)
        if (!before) files.set(name, bytes)
        else if (name === 'compose.yaml') files.set(name, Buffer.concat([before, Buffer.from('\n---\n'), bytes]))
        else if (!before.equals(bytes)) throw bad(`it has two files "${name}"`)
      }
      if (!files.has('compose.yaml')) throw bad('it has no Compose file')
      return files
    },
  }
}

/** Layers are documents of one file, save those that services extend and env files; other layers are nobody's here. */
function nameOf({ mediaType, annotations = {} }: Descriptor, bad: (why: string) => Error): string | undefined {
  if (mediaType !== project.file && mediaType !== project.envFile) return undefined
  if (mediaType === project.file && annotations['com.docker.compose.extends'] === undefined) return 'compose.yaml'
  const name = annotations[mediaType === project.file ? 'com.docker.compose.file' : 'com.docker.compose.envfile']
  if (typeof name !== 'string' || name === '') throw bad('a file in it has no name')
  // eslint-disable-next-line no-control-regex -- no file is named so in good faith
  if (/[/\\:\0-\x1f\x7f]/.test(name) || name === '.' || name === '..' || name.length > 200)
    throw userError(
      'outside-part',
      `a file of the artifact is named "${name.slice(0, 200)}", which leads out of its folder`,
      'do not trust this artifact',
    )
  return name
}

function isProject({ artifactType, config }: Manifest): boolean {
  return artifactType ? artifactType === project.artifact : config?.mediaType === project.config
}

function noProject(text: string, { artifactType, config, manifests }: Manifest): Error {
  const kind = artifactType ?? (manifests ? 'an index' : config?.mediaType)
  const image = typeof kind === 'string' && (/image/.test(kind) || kind === 'an index')
  return userError(
    'no-compose-artifact',
    `"oci://${text}" is no Compose project, but ${image ? 'an image' : `"${String(kind ?? 'something unknown')}"`}`,
    image ? 'use it as the image of a service' : 'check the reference',
  )
}

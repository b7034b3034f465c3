import { createHash } from 'node:crypto'

export interface Blob {
  readonly bytes: Buffer
  readonly digest: string
}

/** What a registry would have to hold: manifests by tag or digest, blobs by digest. */
export interface Content {
  readonly manifest: Blob
  readonly type: string
  readonly blobs: readonly Blob[]
  /** Manifests that the first one is an index of. */
  readonly others?: readonly Content[]
}

export const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  project: 'application/vnd.docker.compose.project',
  file: 'application/vnd.docker.compose.file+yaml',
  envFile: 'application/vnd.docker.compose.envfile',
  empty: 'application/vnd.oci.empty.v1+json',
}

export interface Layer {
  readonly text: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly type?: string
}

export const blob = (content: string | Buffer): Blob => {
  const bytes = Buffer.from(content)
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }
}

/** A Compose project as docker compose publishes it. */
export function artifact(layers: readonly (Layer | string)[], changes: object = {}): Content {
  const config = blob('{}')
  const made = layers.map(layer => (typeof layer === 'string' ? { text: layer } : layer))
  const blobs = made.map(({ text }) => blob(text))
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      artifactType: types.project,
      config: { mediaType: types.empty, digest: config.digest, size: 2 },
      layers: made.map(({ annotations, type }, i) => ({
        mediaType: type ?? types.file,
        digest: blobs[i]!.digest,
        size: blobs[i]!.bytes.length,
        annotations: annotations ?? { 'com.docker.compose.file': 'compose.yaml' },
      })),
      ...changes,
    }),
  )
  return { manifest, type: types.manifest, blobs: [config, ...blobs] }
}

/** An index with a project beside other things. */
export function index(project: Content): Content {
  const entry = { mediaType: types.manifest, digest: project.manifest.digest, size: project.manifest.bytes.length }
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.index,
      manifests: [
        { ...entry, digest: blob('other').digest },
        { ...entry, artifactType: types.project },
      ],
    }),
  )
  return { manifest, type: types.index, blobs: project.blobs, others: [project] }
}

export const extended = (name: string, text: string): Layer => ({
  text,
  annotations: { 'com.docker.compose.file': name, 'com.docker.compose.extends': 'true' },
})

export const envFile = (name: string, text: string): Layer => ({
  text,
  type: types.envFile,
  annotations: { 'com.docker.compose.envfile': name },
})

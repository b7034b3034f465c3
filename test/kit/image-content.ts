import { gzipSync } from 'node:zlib'
import { type Blob, blob, type Content } from './compose-artifact.ts'
import type { Bystander } from './engine-api.ts'
import { saved } from './registry.ts'

const media = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  list: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
}

/** An image that the engine has, with a label "version", as a registry would have it; for another machine, where one is named. */
export async function imageContent(
  engine: Bystander,
  from: string,
  version: string,
  architecture?: string,
): Promise<Content> {
  const { config, layers } = await saved(engine, from)
  const packed = layers.map(layer => blob(gzipSync(layer, { level: 1 })))
  const settings = { ...(config['config'] as object), Labels: { version } }
  const described = blob(JSON.stringify({ ...config, config: settings, ...(architecture && { architecture }) }))
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: media.manifest,
      config: entry(media.config, described),
      layers: packed.map(layer => entry(media.layer, layer)),
    }),
  )
  return { manifest, type: media.manifest, blobs: [described, ...packed] }
}

/** One name for images of several machines. They must be in the registry already. */
export function imageList(images: Readonly<Record<string, Content>>): Content {
  const manifests = Object.entries(images).map(([architecture, { manifest }]) => ({
    ...entry(media.manifest, manifest),
    platform: { os: 'linux', architecture },
  }))
  return {
    manifest: blob(JSON.stringify({ schemaVersion: 2, mediaType: media.list, manifests })),
    type: media.list,
    blobs: [],
  }
}

const entry = (mediaType: string, { bytes, digest }: Blob) => ({ mediaType, size: bytes.length, digest })

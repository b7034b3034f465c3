import type { ImageSummary as ApiImageSummary, ImageInspect, ImageManifestSummary } from '@docker/node-sdk'
import type { ImageDetail, ImageSummary } from '../engine.ts'
import { time } from './answers.ts'

/** `platform` is "os/arch[/variant]"; without it the one that the engine tells first, which is its own where it has that. */
export function imageDetail(image: ImageInspect, platform = `${image.Os}/${image.Architecture}`): ImageDetail {
  const config = image.Config ?? {}
  const id = image.Id ?? ''
  // Podman tells the check beside the configuration as well ("HealthCheck", 4.3.1).
  const check = config.Healthcheck ?? (image as { readonly HealthCheck?: unknown }).HealthCheck
  const tagged = time(image.Metadata?.LastTagTime ?? undefined)
  return {
    id,
    digest: runnable(image.Manifests ?? [], platform) ?? id,
    tags: image.RepoTags ?? [],
    repoDigests: image.RepoDigests ?? [],
    created: time(image.Created),
    ...(tagged > 0 && { tagged }),
    size: image.Size ?? 0,
    os: image.Os ?? '',
    arch: image.Architecture ?? '',
    labels: config.Labels ?? {},
    volumes: Object.keys(config.Volumes ?? {}),
    exposed: Object.keys(config.ExposedPorts ?? {}),
    hasHealthcheck: check !== undefined && check !== null,
    env: config.Env ?? [],
    command: config.Cmd ?? null,
    entrypoint: config.Entrypoint ?? null,
    user: config.User ?? '',
  }
}

export function imageSummary(image: ApiImageSummary): ImageSummary {
  return {
    id: image.Id,
    tags: (image.RepoTags ?? []).filter(tag => tag !== '<none>:<none>'),
    labels: image.Labels ?? {},
    size: image.Size,
    created: image.Created * 1000,
  }
}

/**
 * Where the engine stores whole manifests, an image's id is its index, which changes with every attestation; what runs is the
 * manifest of the platform.
 */
function runnable(manifests: readonly ImageManifestSummary[], platform: string): string | undefined {
  const [os, arch, variant] = platform.split('/')
  return manifests.find(m => {
    const p = m.ImageData?.Platform
    return (
      m.Kind === 'image' &&
      m.Available &&
      p?.os === os &&
      p?.architecture === arch &&
      (variant === undefined || p?.variant === variant)
    )
  })?.ID
}

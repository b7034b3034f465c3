import type { ImageDetail } from '../../engine/engine.ts'

const UNITS: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }

/**
 * Whether a `pull_policy` asks for a pull, given what the engine has of the image. An image that is there is pulled
 * again under `always`, and under `daily`, `weekly` and `every_DURATION` once it is older than that.
 */
export function mustPull(policy: string | undefined, image: ImageDetail | undefined, now: number): boolean {
  switch (policy) {
    case 'always':
      return true
    case 'never':
    case 'build':
      return false
    default: {
      if (!image) return true
      const window = refreshWindow(policy)
      return window !== undefined && now > (image.tagged ?? image.created) + window
    }
  }
}

/** Milliseconds after which an image is pulled again; undefined where it never is. */
export function refreshWindow(policy: string | undefined): number | undefined {
  if (policy === 'daily') return UNITS.d
  if (policy === 'weekly') return UNITS.w
  if (!policy?.startsWith('every_')) return undefined
  const parts = [...policy.slice('every_'.length).matchAll(/(\d+(?:\.\d+)?)([wdhms])/g)]
  return parts.length === 0 ? undefined : parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0)
}

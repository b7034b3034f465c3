import { registryClient } from './client.ts'
import type { RegistryOptions } from './http.ts'
import { media } from './media.ts'
import { parseReference } from './reference.ts'

const limit = 4 * 1024 * 1024

interface Platform {
  readonly os?: string
  readonly architecture?: string
  readonly variant?: string
}

/** For which platforms its registry has an image ("linux/arm64/v8"); empty where it does not say. Throws UserError. */
export async function publishedPlatforms(image: string, options: RegistryOptions): Promise<readonly string[]> {
  const reference = parseReference(image)
  const client = registryClient(reference, options)
  const read = async (path: string): Promise<Described> => {
    const { body } = await client.get(path, limit, Object.values(media))
    try {
      return (JSON.parse(body.toString()) as Described | null) ?? {}
    } catch {
      return {}
    }
  }
  const manifest = await read(`manifests/${reference.version}`)
  const { manifests, config } = manifest
  // An image of one platform says in its configuration which.
  const platforms = manifests?.map(one => one.platform ?? {}) ?? (config ? [await read(`blobs/${config.digest}`)] : [])
  return platforms
    .filter(({ os, architecture }) => os && architecture && os !== 'unknown')
    .map(({ os, architecture, variant }) => [os, architecture, variant].filter(Boolean).join('/'))
}

interface Described extends Platform {
  readonly manifests?: readonly { readonly platform?: Platform }[]
  readonly config?: { readonly digest: string }
}

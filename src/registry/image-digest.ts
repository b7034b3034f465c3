import { registryClient } from './client.ts'
import type { RegistryOptions } from './http.ts'
import { media } from './media.ts'
import { digestIn, parseReference } from './reference.ts'

/**
 * The digest that an image's name stands for at its registry now: of the index, where it is for several platforms, so that it
 * holds on every machine. A name with a digest is taken at its word. Throws UserError.
 */
export async function imageDigest(image: string, options: RegistryOptions): Promise<string> {
  const reference = parseReference(image)
  return digestIn(image) ?? registryClient(reference, options).digest(reference.version, Object.values(media))
}

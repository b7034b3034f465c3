import { createHash } from 'node:crypto'

/**
 * The other values that the label `config-hash` may have for the same service: of docker compose 2, which writes of a
 * bind mount in its short form that missing host directories are made, where 5.5 leaves it out.
 */
export function olderHashes(hashed: string): readonly string[] {
  const text = hashed.replaceAll(
    /"bind":\{("selinux":"[zZ]")?\}/g,
    (_, selinux: string | undefined) => `"bind":{${selinux ? `${selinux},` : ''}"create_host_path":true}`,
  )
  return text === hashed ? [] : [createHash('sha256').update(text).digest('hex')]
}

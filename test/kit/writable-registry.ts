import { createHash } from 'node:crypto'
import { type ArtifactRegistry, artifactRegistry, type Manner } from './artifact-registry.ts'

export interface WritableRegistry extends Pick<ArtifactRegistry, 'host' | 'requests'> {
  /** What stands under a tag. */
  manifest(tag: string): unknown
}

/** A registry in this process that takes what it is given; gone after the test. */
export async function writableRegistry(manner: Manner = () => undefined): Promise<WritableRegistry> {
  const kept = new Map<string, string>()
  const made = await artifactRegistry((request, host, body) => {
    const special = manner(request, host, body)
    if (special) return special
    const url = new URL(request.url ?? '', `http://${host}`)
    const [, kind, version = ''] = /\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? []
    if (request.method === 'POST') return { status: 202, headers: { location: '/v2/shop/blobs/upload?state=1' } }
    if (request.method === 'PUT' && kind === 'blobs') {
      kept.set(url.searchParams.get('digest') ?? '', body)
      return { status: 201 }
    }
    if (request.method === 'PUT') {
      kept.set(version, body)
      kept.set(`sha256:${createHash('sha256').update(body).digest('hex')}`, body)
      return { status: 201 }
    }
    const found = kept.get(version)
    return found === undefined ? undefined : { status: 200, body: found }
  })
  return { ...made, manifest: tag => JSON.parse(kept.get(tag) ?? 'null') as unknown }
}

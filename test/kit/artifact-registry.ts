import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Content } from './compose-artifact.ts'

export interface ArtifactRegistry {
  /** "127.0.0.1:34567" */
  readonly host: string
  /** What was asked of it: "GET /v2/shop/manifests/1", with "(basic)" or "(bearer)" where who asks was said. */
  readonly requests: string[]
  publish(tag: string, content: Content): void
}

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

/** How a registry differs from one that answers everybody; undefined for the usual answer. */
export type Manner = (request: IncomingMessage, host: string, body: string) => Answer | undefined

/** A registry in this process that speaks http, gone after the test. */
export async function artifactRegistry(manner: Manner = () => undefined): Promise<ArtifactRegistry> {
  const manifests = new Map<string, Content>()
  const blobs = new Map<string, Buffer>()
  const requests: string[] = []
  const usual = (url: string): Answer => {
    const [, kind, version = ''] = /\/(manifests|blobs)\/([^/]+)$/.exec(url) ?? []
    if (url === '/v2/') return { status: 200, body: '{}' }
    const content = manifests.get(version)
    if (kind === 'manifests' && content)
      return { status: 200, headers: { 'content-type': content.type }, body: content.manifest.bytes }
    const bytes = blobs.get(version)
    if (kind === 'blobs' && bytes) return { status: 200, body: bytes }
    return { status: 404, body: '{"errors":[{"code":"UNKNOWN"}]}' }
  }
  const server = createServer(async (request, response) => {
    const [scheme] = (request.headers.authorization ?? '').split(' ')
    requests.push(`${request.method} ${request.url}${scheme ? ` (${scheme.toLowerCase()})` : ''}`)
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()
    const { status, headers, body: said } = manner(request, host, body) ?? usual(request.url ?? '')
    response.writeHead(status, headers).end(said)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    host,
    requests,
    publish(tag, content) {
      manifests.set(tag, content)
      for (const one of [content, ...(content.others ?? [])]) manifests.set(one.manifest.digest, one)
      for (const { digest, bytes } of content.blobs) blobs.set(digest, bytes)
    },
  }
}

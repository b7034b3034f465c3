import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A registry on this machine that gives nothing, and says why by the first part of the path. */
export async function refusingRegistry(): Promise<{ readonly host: string; close(): void }> {
  const server = createServer(({ url = '', method }, answer) => {
    const said = refusals.find(([path]) => url.startsWith(`/v2/${path}`))
    if (url === '/v2/') answer.writeHead(200).end('{}')
    else if (said) refuse(answer, said[1], said[2])
    else if (url.startsWith('/v2/other/')) answer.writeHead(200, list.headers).end(method === 'HEAD' ? '' : list.body)
    else refuse(answer, 404, 'MANIFEST_UNKNOWN')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const refusals: readonly (readonly [path: string, status: number, code: string])[] = [
  ['private/', 401, 'UNAUTHORIZED'],
  ['denied/', 403, 'DENIED'],
  ['busy/', 429, 'TOOMANYREQUESTS'],
]

/** In the form that registries share (OCI distribution, "Error Codes"). */
function refuse(answer: ServerResponse, status: number, code: string): void {
  const body = JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] })
  answer.writeHead(status, { 'Content-Type': 'application/json', 'WWW-Authenticate': 'Basic realm="x"' }).end(body)
}

/** An image that is there for a kind of machine on which no engine of ours runs. */
const list = (() => {
  const mediaType = 'application/vnd.docker.distribution.manifest'
  const digest = `sha256:${'a'.repeat(64)}`
  const one = { mediaType: `${mediaType}.v2+json`, size: 500, digest, platform: { architecture: 's390x', os: 'linux' } }
  const body = JSON.stringify({ schemaVersion: 2, mediaType: `${mediaType}.list.v2+json`, manifests: [one] })
  const headers = { 'Content-Type': `${mediaType}.list.v2+json`, 'Content-Length': Buffer.byteLength(body) }
  return { body, headers }
})()

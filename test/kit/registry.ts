import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import type { Bystander } from './engine-api.ts'

/** A registry on this machine with one image in it, for pulling. */
export interface Registry {
  /** As a compose file names the image: "127.0.0.1:34567/app:1". */
  readonly image: string
  /** What was asked of it: "GET /v2/app/manifests/1". */
  readonly requests: readonly string[]
  /** Cuts the line at so many of the next requests for a manifest. */
  cut(requests: number): void
  /** Puts another image under the name: the same files with another label. */
  publish(version: string): void
  /** Ends it and takes its images out of the engine, where no container may use them any more. */
  close(): Promise<void>
}

interface Blob {
  readonly bytes: Buffer
  readonly digest: string
}

/** Serves what the engine has under a name. An engine takes a registry at 127.0.0.1 without TLS. */
export async function registry(engine: Bystander, from: string): Promise<Registry> {
  const { config, layers } = await saved(engine, from)
  const blobs = new Map<string, Blob>()
  const put = (bytes: Buffer): Blob => {
    const blob = { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }
    blobs.set(blob.digest, blob)
    return blob
  }
  const packed = layers.map(layer => put(gzipSync(layer, { level: 1 })))
  const configs: string[] = [] // an image's id is the digest of its configuration
  let manifest: Blob

  function publish(version: string): void {
    const labelled = { ...config, config: { ...(config['config'] as object), Labels: { version } } }
    const described = put(Buffer.from(JSON.stringify(labelled)))
    configs.push(described.digest)
    manifest = put(
      Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
          config: entry('application/vnd.docker.container.image.v1+json', described),
          layers: packed.map(layer => entry('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)),
        }),
      ),
    )
  }
  publish('1')

  const requests: string[] = []
  let cuts = 0
  const server = createServer((request, answer) => {
    requests.push(`${request.method} ${request.url}`)
    if (cuts > 0 && request.url!.includes('/manifests/')) {
      cuts--
      return request.socket.destroy()
    }
    const [, , , kind, reference] = request.url!.split('/')
    const blob = kind === 'manifests' ? manifest : blobs.get(reference ?? '')
    if (request.url === '/v2/') return answer.end('{}')
    if (!blob) return answer.writeHead(404).end()
    const type =
      kind === 'manifests' ? 'application/vnd.docker.distribution.manifest.v2+json' : 'application/octet-stream'
    answer.writeHead(200, {
      'content-type': type,
      'content-length': blob.bytes.length,
      'docker-content-digest': blob.digest,
    })
    return answer.end(request.method === 'HEAD' ? undefined : blob.bytes)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const image = `127.0.0.1:${(server.address() as AddressInfo).port}/app:1`
  return {
    image,
    requests,
    cut: count => void (cuts = count),
    publish,
    async close() {
      server.closeAllConnections()
      server.close()
      for (const name of [image, ...configs])
        if (await engine.hasImage(name)) await engine.call('DELETE', `/images/${name}?force=1`)
    },
  }
}

const entry = (mediaType: string, { bytes, digest }: Blob) => ({ mediaType, size: bytes.length, digest })

/** An image as `docker save` writes it, whose manifest.json names the files of every form that archive has had. */
export async function saved(
  engine: Bystander,
  name: string,
): Promise<{ readonly config: Record<string, unknown>; readonly layers: readonly Buffer[] }> {
  const files = new Map<string, Buffer>()
  const unpack = extract()
  const reading = Readable.from(await engine.bytes('GET', `/images/${name}/get`)).pipe(unpack)
  for await (const file of reading) files.set(file.header.name, Buffer.concat(await Array.fromAsync(file)))
  const [{ Config, Layers }] = JSON.parse(files.get('manifest.json')!.toString()) as [
    { Config: string; Layers: string[] },
  ]
  return {
    config: JSON.parse(files.get(Config)!.toString()) as Record<string, unknown>,
    layers: Layers.map(l => files.get(l)!),
  }
}

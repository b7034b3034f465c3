import { connect as http2Connect } from 'node:http2'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'
import { unframed } from '../../../../src/engine/docker/buildkit/grpc.ts'
import { aFolder } from '../../../kit/folder.ts'

/** Two ends of a connection. */
export async function aConnection(): Promise<[Duplex, Duplex]> {
  const path = join(aFolder(), 'socket')
  const accepted = Promise.withResolvers<Socket>()
  const server = createServer(accepted.resolve).listen(path)
  const one = connect(path)
  const other = await accepted.promise
  onTestFinished(() => {
    one.destroy()
    other.destroy()
    server.close()
  })
  return [one, other]
}

export interface Call {
  send(message: Uint8Array): void
  /** Nothing more is sent. */
  end(): void
  readonly messages: AsyncIterable<Buffer>
  /** The status's code and text, once the call has ended. */
  readonly ended: Promise<readonly [code: string, message: string]>
}

/** The side of BuildKit, written anew: it calls what is served at the other end of a connection. */
export function buildkitSide(socket: Duplex): (path: string, headers?: Record<string, string | string[]>) => Call {
  const session = http2Connect('http://localhost', { createConnection: () => socket })
  session.on('error', () => {})
  onTestFinished(() => session.destroy())
  return (path, headers = {}) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', ...headers })
    const ended = new Promise<readonly [string, string]>(resolve =>
      stream.on('trailers', trailers =>
        resolve([String(trailers['grpc-status']), decodeURIComponent(String(trailers['grpc-message'] ?? ''))]),
      ),
    )
    return {
      send(message) {
        const head = Buffer.alloc(5)
        head.writeUInt32BE(message.length, 1)
        stream.write(Buffer.concat([head, message]))
      },
      end: () => void stream.end(),
      messages: unframed(stream),
      ended,
    }
  }
}

import type { ClientHttp2Stream, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'

// As node:http in dial.ts: only a build pays for it.
const http2 = () => process.getBuiltinModule('node:http2')

/** What gRPC calls the reasons that we tell apart. Source: https://grpc.io/docs/guides/status-codes/ */
export const CODE = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  notFound: 5,
  alreadyExists: 6,
  failedPrecondition: 9,
  outOfRange: 11,
  unimplemented: 12,
} as const

/** A call that ended with another status than 0. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
  readonly code: number
  /** A google.rpc.Status with details, where the other side gave one. */
  readonly status: Buffer | undefined
  constructor(code: number, message: string, status?: Buffer) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** We ask: gRPC over a connection that the engine has handed over. */
export interface Client {
  /** Sends one message and gives those that come back; a signal that aborts takes the call back. Throws CallFailed. */
  call(path: string, message: Uint8Array, options?: CallOptions): AsyncGenerator<Buffer>
  close(): void
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly metadata?: Readonly<Record<string, string>>
}

export function client(socket: Duplex): Client {
  const session = http2().connect('http://localhost', {
    createConnection: () => socket,
    // An error of BuildKit brings the Dockerfile, and stacks, in its trailers.
    settings: { maxHeaderListSize: LARGEST_TRAILERS },
  })
  // What breaks the session ends its calls as well, and they tell.
  session.on('error', () => {})
  return {
    async *call(path, message, { signal, metadata } = {}) {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...metadata,
      })
      const ended = statusOf(stream)
      const cancel = () => stream.close(http2().constants.NGHTTP2_CANCEL)
      signal?.addEventListener('abort', cancel, { once: true })
      try {
        if (signal?.aborted) cancel()
        stream.end(framed(message))
        try {
          yield* unframed(stream)
        } catch (error) {
          // A stream that was reset may have said why before.
          await ended
          throw error
        }
        await ended
      } finally {
        signal?.removeEventListener('abort', cancel)
        cancel()
      }
    },
    close: () => session.destroy(),
  }
}

const LARGEST_TRAILERS = 16 * 2 ** 20

/** How a call ended: its trailers, or its headers where it ended at once. */
function statusOf(stream: ClientHttp2Stream): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let told: IncomingHttpHeaders | undefined
  stream.on('response', headers => {
    if (headers['grpc-status'] !== undefined) told = headers
  })
  stream.on('trailers', headers => void (told = headers))
  stream.on('error', reject)
  stream.on('close', () => {
    if (told === undefined) reject(Object.assign(new Error('the call was cut off'), { code: 'ECONNRESET' }))
    else if (told['grpc-status'] === '0') resolve()
    else {
      const details = told['grpc-status-details-bin']
      const status = typeof details === 'string' ? Buffer.from(details, 'base64') : undefined
      const message = decodeURIComponent(String(told['grpc-message'] ?? 'unknown error'))
      reject(new CallFailed(Number(told['grpc-status']), message, status))
    }
  })
  promise.catch(() => {})
  return promise
}

/** One call that the engine makes of us. */
export interface Asked {
  readonly path: string
  /** Every value of a header, in order. */
  header(name: string): readonly string[]
  readonly messages: AsyncIterable<Buffer>
  /** Resolves once there is room for more. Rejects when nobody listens any more. */
  send(message: Uint8Array): Promise<void>
  /** As `send`, of a message whose end is not copied; resolves once that may be written over. */
  sendWith(head: Uint8Array, rest: Uint8Array): Promise<void>
}

/** The engine asks: each call is answered by `answer`, and ends when that resolves, or fails with its CallFailed. */
export function serve(socket: Duplex, answer: (asked: Asked) => Promise<void>): { close(): void } {
  const session = http2().performServerHandshake(socket)
  session.on('error', () => {})
  session.on('stream', (stream, headers, _flags, rawHeaders) => {
    let status: { readonly code: number; readonly message: string } = { code: CODE.ok, message: '' }
    stream.on('error', () => {})
    stream.on('wantTrailers', () =>
      stream.sendTrailers({
        'grpc-status': String(status.code),
        ...(status.message !== '' && { 'grpc-message': encodeURIComponent(status.message) }),
      }),
    )
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    const asked: Asked = {
      path: String(headers[':path']),
      // Node joins what comes several times with ", ", which may stand in a value as well.
      header: name => rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1] === name),
      messages: received(stream),
      send: message => written(stream, framed(message)),
      sendWith: (head, rest) => flushed(stream, framed(head, rest.length), rest),
    }
    answer(asked)
      .catch((error: unknown) => {
        const code = error instanceof CallFailed ? error.code : CODE.unknown
        status = { code, message: error instanceof Error ? error.message : String(error) }
      })
      .finally(() => {
        if (!stream.destroyed) stream.end()
      })
  })
  return { close: () => session.destroy() }
}

async function* received(stream: ServerHttp2Stream): AsyncGenerator<Buffer> {
  try {
    // Whoever has read enough may still want to answer.
    yield* unframed(stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
  } catch {
    throw nobody()
  }
}

function written(stream: ServerHttp2Stream, bytes: Uint8Array): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.reject(nobody())
  if (stream.write(bytes)) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => () => {
      stream.off('drain', drained).off('close', closed)
      settle()
    }
    const drained = done(resolve)
    const closed = done(() => reject(nobody()))
    stream.on('drain', drained).on('close', closed)
  })
}

function flushed(stream: ServerHttp2Stream, head: Uint8Array, rest: Uint8Array): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.reject(nobody())
  return new Promise((resolve, reject) => {
    const closed = () => reject(nobody())
    stream.once('close', closed)
    stream.write(head)
    stream.write(rest, error => {
      stream.off('close', closed)
      if (error) reject(nobody())
      else resolve()
    })
  })
}

/** The engine has taken its call back. */
const nobody = () => new CallFailed(CODE.cancelled, 'nobody listens')

const HEADER = 5

/** Not compressed, and its length before it; `more` bytes of it are still to come. */
function framed(message: Uint8Array, more = 0): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + message.length)
  frame[0] = 0
  frame.writeUInt32BE(message.length + more, 1)
  frame.set(message, HEADER)
  return frame
}

/** The messages of a stream, whatever the pieces in which they come. */
export async function* unframed(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = []
  let size = 0
  let wanted = HEADER
  for await (const piece of stream) {
    held.push(piece)
    size += piece.length
    if (size < wanted) continue
    let whole = held.length === 1 ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) : Buffer.concat(held)
    while (whole.length >= HEADER) {
      const end = HEADER + whole.readUInt32BE(1)
      if (whole.length < end) break
      yield whole.subarray(HEADER, end)
      whole = whole.subarray(end)
    }
    held = whole.length > 0 ? [whole] : []
    size = whole.length
    wanted = size < HEADER ? HEADER : HEADER + whole.readUInt32BE(1)
  }
}

import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { callbackify } from 'node:util'
import { passing } from '../../base/swept.ts'
import type { Place } from '../place.ts'
import { allOf, refusal, refused, textOf, valueOf } from './body.ts'
import { dechunker } from './chunked.ts'
import { wire } from './dial.ts'
import { Refused } from './errors.ts'
import { gathered } from './gathered.ts'
import { type Inlet, inlet } from './inlet.ts'
import { together } from './together.ts'

/** One call to the engine. */
export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** Without API version and query: "/containers/json". */
  readonly path: string
  /** Keys that are undefined are left out; objects are sent as JSON, lists once for each item. */
  readonly query?: Readonly<Record<string, unknown>>
  /** Sent as JSON. Never in the URL, where proxies log it. */
  readonly body?: unknown
  /** Sent as it is, as a tar archive. */
  readonly tar?: Uint8Array | AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly signal?: AbortSignal
  /** Milliseconds without an answer after which the call fails. None by default: pulls and waits take as long as they take. */
  readonly timeout?: number
}

export interface Modem {
  /** "1.41", once it is agreed on; calls name none before. */
  apiVersion: string | undefined
  /** The answer's body: parsed where it is JSON, undefined where it is empty. */
  ask(call: Call): Promise<unknown>
  /** What `ask` gives for a GET, of questions that many are asked of at once. */
  askTogether(path: string): Promise<unknown>
  /** The answer's headers alone. */
  headers(call: Call): Promise<IncomingHttpHeaders>
  /** The answer while it comes, on a connection of its own. */
  stream(call: Call): Promise<IncomingMessage>
  /** As `stream`, of what comes in very many small chunks: without Node's work on each of them. The pieces are the caller's to lose. */
  flow(call: Call): Promise<{ readonly bytes: AsyncIterable<Uint8Array>; readonly contentType: string | undefined }>
  /** As `flow`, on a connection that the engine has handed over: what is written to the socket it reads. */
  converse(call: Call): Promise<{
    readonly bytes: AsyncIterable<Uint8Array>
    readonly socket: Duplex
    readonly contentType: string | undefined
  }>
  /** The connection itself, once the engine has handed it over. Ending the writing side leaves the reading side open. */
  hijack(call: Call): Promise<{ readonly socket: Duplex; readonly contentType: string | undefined }>
  close(): void

  // What dockerode's classes call a modem.
  readonly Promise: PromiseConstructor
  dial(request: DockerodeRequest, done: (error: unknown, answer?: unknown) => void): void
}

interface Upgraded {
  readonly socket: Duplex
  /** What came together with the answer's head. */
  readonly head: Buffer
  readonly contentType: string | undefined
}

/** What dockerode's classes hand to `dial`. */
interface DockerodeRequest {
  readonly path: string
  readonly method: Call['method']
  readonly options?: Readonly<Record<string, unknown>> & {
    readonly _query?: Record<string, unknown>
    readonly _body?: unknown
  }
  readonly file?: Uint8Array | AsyncIterable<Uint8Array>
  readonly abortSignal?: AbortSignal
  readonly isStream?: boolean
  readonly hijack?: boolean
  readonly statusCodes: Readonly<Record<number, unknown>>
}

/** Talks HTTP to one engine. A refusal is thrown as `Refused`, everything else as node:http throws it. */
export function modem(place: Place, headers: Readonly<Record<string, string>>): Modem {
  const line = wire(place)
  const always = {
    // The engine wants one, whatever the transport.
    Host:
      place.kind === 'tcp' ? `${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}` : 'docker',
    'User-Agent': 'gantry',
    ...headers,
  }
  const versioned = (path: string) => (self.apiVersion === undefined ? path : `/v${self.apiVersion}${path}`)

  const send = (call: Call, agent: typeof line.pool | false, hijack: boolean, through?: Inlet): ClientRequest => {
    const json = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body))
    const options = {
      method: call.method,
      path: versioned(call.path) + queryString(call.query),
      headers: {
        ...always,
        ...call.headers,
        ...(json && { 'Content-Type': 'application/json', 'Content-Length': json.length }),
        ...(call.tar && { 'Content-Type': 'application/x-tar' }),
        ...(call.tar instanceof Uint8Array && { 'Content-Length': call.tar.length }),
        ...(call.method === 'POST' && !json && !call.tar && { 'Content-Length': 0 }),
        ...(hijack && { Connection: 'Upgrade', Upgrade: call.headers?.['Upgrade'] ?? 'tcp' }),
      },
      agent,
      ...(call.signal && { signal: call.signal }),
    }
    const request = line.request(options, through)
    if (call.timeout !== undefined)
      request.setTimeout(call.timeout, () =>
        request.destroy(Object.assign(new Error(`no answer within ${call.timeout! / 1000} s`), { code: 'ETIMEDOUT' })),
      )
    if (call.tar === undefined) request.end(json)
    else if (call.tar instanceof Uint8Array) request.end(call.tar)
    else void pour(call.tar, request)
    return request
  }

  const answer = (request: ClientRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request.on('error', reject)
      request.on('response', response => {
        const { statusCode = 0 } = response
        if (statusCode < 400) resolve(response)
        else refusal(response).then(reject, reject)
      })
    })

  const ask = async (call: Call): Promise<unknown> => {
    const request = send(call, line.pool, false)
    try {
      return valueOf(await textOf(await answer(request)))
    } catch (error) {
      // The engine closed a kept connection (it was restarted, say) as it was taken up again: nobody saw the question.
      const stale =
        request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')
      if (stale && call.method === 'GET') return ask(call)
      throw error
    }
  }

  const many = together({
    connect: line.connect,
    question: path => {
      const fields = Object.entries(always).map(([name, value]) => `${name}: ${value}\r\n`)
      return `GET ${line.base}${versioned(path)} HTTP/1.1\r\n${fields.join('')}\r\n`
    },
    ask: path => ask({ method: 'GET', path }),
  })

  const upgraded = (call: Call, through?: Inlet): Promise<Upgraded> => {
    const request = send(call, false, true, through)
    return new Promise((resolve, reject) => {
      request.on('upgrade', (response, socket, head) => {
        takeOver(socket, call.signal)
        resolve({ socket, head, contentType: response.headers['content-type'] })
      })
      // Podman and old proxies may answer 200 instead of 101 and go on raw; node:http cannot give the socket then.
      answer(request).then(
        response => reject(new Refused(response.statusCode ?? 0, 'the engine did not hand over the connection')),
        reject,
      )
    })
  }

  const self: Modem = {
    apiVersion: undefined,
    ask,
    askTogether: many.ask,
    headers: async call => {
      const response = await answer(send(call, line.pool, false))
      await textOf(response) // the connection is free for the next call once it was read
      return response.headers
    },
    stream: call => answer(send(call, false, false)),
    flow: call => {
      const through = inlet()
      const request = send(call, false, false, through)
      // The question is written. To Node the answer to a CONNECT ends with its head, and the connection is handed over.
      request.method = 'CONNECT'
      return new Promise((resolve, reject) => {
        request.on('error', reject)
        request.on('connect', (response, socket: Duplex, head) => {
          takeOver(socket, call.signal)
          const chunks = response.headers['transfer-encoding'] === 'chunked' ? dechunker() : undefined
          const bytes = gathered(socket, { head, chunks, through })
          if ((response.statusCode ?? 0) < 400) resolve({ bytes, contentType: response.headers['content-type'] })
          else allOf(bytes).then(text => reject(refused(response.statusCode, text)), reject)
        })
      })
    },
    converse: async call => {
      const through = inlet()
      const { socket, head, contentType } = await upgraded(call, through)
      return { bytes: gathered(socket, { head, through }), socket, contentType }
    },
    hijack: async call => {
      const { socket, head, contentType } = await upgraded(call)
      if (head.length > 0) socket.unshift(head)
      return { socket, contentType }
    },
    close: () => {
      many.close()
      line.close()
    },
    Promise,
    dial: (request, done) => {
      const call = fromDockerode(request)
      const ended = request.hijack
        ? self.hijack(call).then(h => h.socket)
        : request.isStream
          ? self.stream(call)
          : ask(call)
      callbackify(() => ended)(done)
    },
  }
  return self
}

/** dockerode names the query and the body with one word; GET and DELETE send it as the query, what ends in "?" too. */
function fromDockerode({ path, method, options = {}, file, abortSignal }: DockerodeRequest): Call {
  const { _query, _body, abortSignal: _1, authconfig: _2, hijack: _3, ...rest } = options
  const asQuery = path.endsWith('?')
  const query = _query ?? (asQuery ? rest : undefined)
  const body = _body ?? (method === 'POST' && !asQuery && Object.keys(rest).length > 0 ? rest : undefined)
  return {
    method,
    path: asQuery ? path.slice(0, -1) : path,
    ...(query && { query }),
    ...(body !== undefined && { body }),
    ...(file && { tar: file }),
    ...(abortSignal && { signal: abortSignal }),
  }
}

function queryString(query: Call['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) => {
    if (value === undefined) return []
    const values = Array.isArray(value)
      ? value
      : [value !== null && typeof value === 'object' ? JSON.stringify(value) : value]
    return values.map(one => `${encodeURIComponent(key)}=${encodeURIComponent(String(one))}`)
  })
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

function takeOver(socket: Duplex, signal: AbortSignal | undefined): void {
  // A half-closed connection still brings the rest of the output.
  const stop = () => socket.destroy(signal?.reason as Error)
  signal?.addEventListener('abort', stop)
  socket.once('close', () => signal?.removeEventListener('abort', stop))
  socket.on('error', () => {})
}

async function pour(source: AsyncIterable<Uint8Array>, request: ClientRequest): Promise<void> {
  try {
    for await (const bytes of source) {
      if (request.destroyed) return
      passing(bytes.length)
      await written(request, bytes)
    }
    request.end()
  } catch (error) {
    request.destroy(error as Error)
  }
}

/** Resolves once a piece has left, so that it may be written over, or never can. */
function written(request: ClientRequest, bytes: Uint8Array): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      request.off('close', go)
      resolve()
    }
    request.on('close', go)
    request.write(bytes, go)
  })
}

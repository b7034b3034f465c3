import { readdirSync, readFileSync } from 'node:fs'
import { type IncomingHttpHeaders, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent, request as tlsRequest } from 'node:https'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { getCACertificates } from 'node:tls'
import { codeOf } from '../base/error-code.ts'
import { UserError, userError } from '../text/problem.ts'
import { isLoopback } from './reference.ts'

export interface RegistryOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where `.docker/config.json` lies. */
  readonly home: string
  readonly signal?: AbortSignal
  /** The registry may be spoken to without TLS, though others could listen. */
  readonly insecure?: boolean
}

export interface Answer {
  /** Who gave it. */
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Ask {
  /** GET without it. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Streamed
  /** Takes what a 200 answers with as it comes; the answer's body is empty then. */
  readonly consume?: (bytes: AsyncIterable<Uint8Array>) => Promise<void>
  /** Bytes of the answer, where nobody consumes it. */
  readonly limit: number
  readonly options: RegistryOptions
}

/** Bytes on their way, and how many there are. */
export interface Streamed {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly size: number
}

export const isStreamed = (body: Ask['body']): body is Streamed =>
  typeof body === 'object' && !(body instanceof Uint8Array)

/** Milliseconds: of silence on a line, and of one request in all, save where layers of images are moved. */
const patience = { silence: 30_000, whole: 180_000 }

const mostRedirects = 5

/** https, save on this machine, where a registry may speak http. */
export async function originOf(host: string, options: RegistryOptions): Promise<string> {
  if (!isLoopback(host) && !options.insecure) return `https://${host}`
  const tls = new URL(`https://${host}/v2/`)
  try {
    await once(tls, { limit: 1024 * 1024, options, headers: {} })
    return `https://${host}`
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EPROTO' || code === 'ECONNRESET' || code?.startsWith('ERR_SSL_')) return `http://${host}`
    throw unreachable(tls, error, options)
  }
}

/** Whether nobody but the registry hears what is said there. */
export function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host))
}

/** Registries keep blobs elsewhere. What proves who asks goes to no other host. */
export async function followed(first: URL, ask: Ask): Promise<Answer> {
  let url = first
  for (let count = 0; ; count++) {
    const { authorization: _, ...others } = ask.headers
    const answer = await once(url, url.host === first.host ? ask : { ...ask, headers: others }).catch(error => {
      throw unreachable(url, error, ask.options)
    })
    const { location } = answer.headers
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined
    if (!next || !isSafe(next) || count === mostRedirects || ask.body !== undefined)
      throw userError(
        'registry-failed',
        `"${url.host}" sends on to where it cannot be followed`,
        'tell whoever runs it',
      )
    url = next
  }
}

async function once(url: URL, { method, headers, body, consume, limit, options }: Ask): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const late = isStreamed(body) || consume ? new AbortController().signal : AbortSignal.timeout(patience.whole)
  const secure = url.protocol === 'https:'
  const proxy = isLoopback(url.host) ? {} : { proxyEnv: options.env }
  const agent = secure ? new Agent({ ...proxy, ca: authorities(url.host, options) }) : new PlainAgent(proxy)
  const request = (secure ? tlsRequest : plainRequest)(
    url,
    {
      agent,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        'user-agent': 'gantry',
        ...(body !== undefined && { 'content-length': isStreamed(body) ? body.size : Buffer.byteLength(body) }),
        ...headers,
      },
      signal: options.signal ? AbortSignal.any([options.signal, late]) : late,
      timeout: patience.silence,
    },
    response => {
      if (consume && response.statusCode === 200) {
        const done = { url, status: 200, headers: response.headers, body: Buffer.alloc(0) }
        consume(response).then(() => resolve(done), reject)
        return
      }
      const pieces: Buffer[] = []
      let size = 0
      response.on('data', (piece: Buffer) => {
        size += piece.length
        if (size > limit) request.destroy(tooLarge(url, limit))
        else pieces.push(piece)
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({ url, status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      )
    },
  )
  request.on('timeout', () => request.destroy(new Error(`nothing heard for ${patience.silence / 1000} seconds`)))
  request.on('error', reject)
  if (isStreamed(body)) pipeline(body.bytes, request).catch(reject)
  else request.end(body)
  try {
    return await promise
  } catch (error) {
    throw late.aborted ? new Error(`no whole answer in ${patience.whole / 1000} seconds`) : error
  } finally {
    agent.destroy()
  }
}

let trusted: string[] | undefined

/** Those that come with Node, those of the machine, where companies put theirs, and those that Docker is told of for one registry. */
function authorities(host: string, options: RegistryOptions): string[] {
  trusted ??= [...getCACertificates('default'), ...getCACertificates('system')]
  return [...trusted, ...ofRegistry(host, options)]
}

/** docs.docker.com/engine/security/certificates: a folder per registry, under /etc or, for rootless engines, at home. */
function ofRegistry(host: string, { home }: RegistryOptions): string[] {
  return ['/etc/docker/certs.d', join(home, '.config/docker/certs.d')].flatMap(folder => {
    try {
      const place = join(folder, host)
      return readdirSync(place)
        .filter(name => name.endsWith('.crt'))
        .map(name => readFileSync(join(place, name), 'utf8'))
    } catch {
      // Mostly there is none; a registry that needs one then says so.
      return []
    }
  })
}

function tooLarge(url: URL, limit: number): Error {
  return userError(
    'remote-too-large',
    `"${url.host}" sends more than ${limit / 1024 / 1024} MiB for one file`,
    'check that the right artifact was named',
  )
}

function unreachable(url: URL, error: unknown, { signal }: RegistryOptions): unknown {
  if (signal?.aborted) return signal.reason
  if (!(error instanceof Error) || error instanceof UserError) return error
  const code = codeOf(error)
  const certificate = code !== undefined && /CERT|SIGNATURE|ISSUER/.test(code)
  return userError(
    'registry-unreachable',
    `registry "${url.host}" cannot be reached: ${code ?? error.message}`,
    certificate
      ? `put its authority into /etc/docker/certs.d/${url.host}/ca.crt, or name it in NODE_EXTRA_CA_CERTS`
      : 'check the name, the network and the proxy',
  )
}

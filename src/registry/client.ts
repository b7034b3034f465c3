import { type IncomingHttpHeaders, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent, request as tlsRequest } from 'node:https'
import { getCACertificates } from 'node:tls'
import { UserError, userError } from '../text/problem.ts'
import { type Challenge, challengeOf, type Wanted } from './challenge.ts'
import { type Credentials, credentials, registryOf } from './credentials.ts'
import { isLoopback, type Reference } from './reference.ts'

export interface RegistryOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where `.docker/config.json` lies. */
  readonly home: string
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What can be read of one repository. */
export interface RegistryClient {
  /** `manifests/1` or `blobs/sha256:…`, of at most so many bytes. Throws UserError for every answer but the thing itself. */
  get(path: string, limit: number, accept?: readonly string[]): Promise<Answer>
}

/** Milliseconds: of silence on a line, and of one request in all. */
const patience = { silence: 30_000, whole: 180_000 }

const mostRedirects = 5

/** Nothing is asked before the first `get`. */
export function registryClient(reference: Reference, options: RegistryOptions): RegistryClient {
  const { host, repository } = reference
  const shown = `${host}/${repository}`
  let origin: Promise<string> | undefined
  let authorization: string | undefined

  async function get(path: string, limit: number, accept: readonly string[] = []): Promise<Answer> {
    const base = await (origin ??= originOf(host, options))
    const url = new URL(`${base}/v2/${repository}/${path}`)
    const ask = () =>
      followed(url, {
        limit,
        options,
        headers: { accept: accept.join(', ') || '*/*', ...(authorization && { authorization }) },
      })
    let answer = await ask()
    const challenge = answer.status === 401 && challengeOf(answer.headers['www-authenticate'])
    if (challenge) {
      authorization = await authorize(challenge)
      if (authorization) answer = await ask()
    }
    if (answer.status === 200) return answer
    if (answer.status === 401 || answer.status === 403) throw denied()
    if (answer.status === 404)
      throw userError(
        'not-in-registry',
        `"${shown}" has no ${path.replace(/^manifests\//, '').replace(/^blobs\//, 'blob ')}`,
        'check the name and the tag; some registries say so too where a login is needed',
      )
    throw userError(
      'registry-failed',
      `registry "${host}" answers ${answer.status}${reasonOf(answer)}`,
      'try again later',
    )
  }

  async function authorize(challenge: Challenge): Promise<string | undefined> {
    const known = await storedFor(reference, options)
    if (challenge.kind === 'basic') return known?.password === undefined ? undefined : basic(known)
    const realm = realmOf(challenge.wanted)
    const answer = known?.identitytoken
      ? await followed(realm, {
          limit: 1024 * 1024,
          options,
          ...refresh(challenge.wanted, repository, known.identitytoken),
        })
      : await followed(realm, {
          limit: 1024 * 1024,
          options,
          headers: known?.password === undefined ? {} : { authorization: basic(known) },
        })
    if (answer.status === 401 || answer.status === 403) throw denied()
    const token = answer.status === 200 ? tokenOf(answer) : undefined
    if (token) return `Bearer ${token}`
    throw userError('registry-failed', `"${realm.host}" gives no token for registry "${host}": ${answer.status}`)
  }

  function realmOf(wanted: Wanted): URL {
    const realm = URL.canParse(wanted.realm) ? new URL(wanted.realm) : undefined
    // A password goes with it.
    if (!realm || !isSafe(realm))
      throw userError(
        'registry-failed',
        `registry "${host}" wants its tokens to be fetched from "${wanted.realm.slice(0, 200)}", which is not https`,
        'tell whoever runs it',
      )
    if (wanted.service !== undefined) realm.searchParams.set('service', wanted.service)
    realm.searchParams.set('scope', wanted.scope ?? `repository:${repository}:pull`)
    return realm
  }

  function denied(): Error {
    const login = host === 'registry-1.docker.io' ? 'docker login' : `docker login ${host}`
    return userError('registry-denied', `registry "${host}" does not let you read "${shown}"`, `log in: ${login}`)
  }

  return { get }
}

async function storedFor({ host, repository }: Reference, options: RegistryOptions): Promise<Credentials | undefined> {
  const registry = registryOf(host === 'registry-1.docker.io' ? repository.split('/')[0]! : `${host}/${repository}`)
  try {
    return await credentials(registry, options)
  } catch (error) {
    throw userError('bad-credentials', (error as Error).message, 'mend ~/.docker/config.json')
  }
}

function basic({ username = '', password = '' }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function refresh({ service = '', scope }: Wanted, repository: string, token: string) {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    service,
    scope: scope ?? `repository:${repository}:pull`,
    client_id: 'gantry',
    refresh_token: token,
  }).toString()
  return { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
}

function tokenOf({ body }: Answer): string | undefined {
  try {
    const answer = JSON.parse(body.toString()) as { token?: unknown; access_token?: unknown } | null
    const token = answer?.token ?? answer?.access_token
    return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined
  } catch {
    return undefined
  }
}

/** What a registry says about why, where it says it in its own form. */
function reasonOf({ body }: Answer): string {
  try {
    const said = (JSON.parse(body.toString()) as { errors?: { message?: unknown }[] } | null)?.errors?.[0]?.message
    return typeof said === 'string' && said ? `: ${said.slice(0, 200)}` : ''
  } catch {
    return ''
  }
}

/** https, save on this machine, where a registry may speak http. */
async function originOf(host: string, options: RegistryOptions): Promise<string> {
  if (!isLoopback(host)) return `https://${host}`
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

function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host))
}

interface Ask {
  readonly headers: Readonly<Record<string, string>>
  /** Sent by POST; without one it is a GET. */
  readonly body?: string
  /** Bytes. */
  readonly limit: number
  readonly options: RegistryOptions
}

/** Registries keep blobs elsewhere. What proves who asks goes to no other host. */
async function followed(first: URL, ask: Ask): Promise<Answer> {
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

async function once(url: URL, { headers, body, limit, options }: Ask): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const late = AbortSignal.timeout(patience.whole)
  const secure = url.protocol === 'https:'
  const proxy = isLoopback(url.host) ? {} : { proxyEnv: options.env }
  const agent = secure ? new Agent({ ...proxy, ca: authorities() }) : new PlainAgent(proxy)
  const request = (secure ? tlsRequest : plainRequest)(
    url,
    {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'user-agent': 'gantry', ...headers },
      signal: options.signal ? AbortSignal.any([options.signal, late]) : late,
      timeout: patience.silence,
    },
    response => {
      const pieces: Buffer[] = []
      let size = 0
      response.on('data', (piece: Buffer) => {
        size += piece.length
        if (size > limit) request.destroy(tooLarge(url, limit))
        else pieces.push(piece)
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      )
    },
  )
  request.on('timeout', () => request.destroy(new Error(`nothing heard for ${patience.silence / 1000} seconds`)))
  request.on('error', reject)
  request.end(body)
  try {
    return await promise
  } catch (error) {
    throw late.aborted ? new Error(`no whole answer in ${patience.whole / 1000} seconds`) : error
  } finally {
    agent.destroy()
  }
}

let trusted: string[] | undefined

/** Those that come with Node and those of the machine, where companies put theirs. */
function authorities(): string[] {
  return (trusted ??= [...getCACertificates('default'), ...getCACertificates('system')])
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
    certificate ? 'name its authority in NODE_EXTRA_CA_CERTS' : 'check the name, the network and the proxy',
  )
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}

import { createHash } from 'node:crypto'
import { userError } from '../text/problem.ts'
import { type Challenge, challengeOf } from './challenge.ts'
import { type Credentials, credentials, registryOf } from './credentials.ts'
import { type Answer, type Ask, followed, isStreamed, originOf, type RegistryOptions } from './http.ts'
import { isDigest, type Reference } from './reference.ts'
import { basic, token } from './token.ts'

/** What can be read of and written into one repository. All but `ask` throw UserError for every answer but the thing itself. */
export interface RegistryClient {
  /** `manifests/1` or `blobs/sha256:…`, of at most so many bytes. */
  get(path: string, limit: number, accept?: readonly string[]): Promise<Answer>
  /** The digest of a manifest, without fetching it where the registry tells it so. */
  digest(version: string, accept: readonly string[]): Promise<string>
  /** Any answer of the repository, or of a place that it named. */
  ask(place: string | URL, ask: Omit<Ask, 'options' | 'headers'> & { readonly type?: string }): Promise<Answer>
  /** The error for an answer that is not what was asked for. */
  failed(path: string, answer: Answer, wish: 'read' | 'write'): Error
}

/** Bytes of a manifest. */
const mostManifest = 4 * 1024 * 1024

/** Nothing is asked before the first call. */
export function registryClient(reference: Reference, options: RegistryOptions): RegistryClient {
  const { host, repository } = reference
  const shown = `${host === 'registry-1.docker.io' ? 'docker.io' : host}/${repository}`
  let origin: Promise<string> | undefined
  let authorization: string | undefined

  async function authorized(
    place: string | URL,
    { headers, ...ask }: Omit<Ask, 'options'>,
    wish: 'read' | 'write',
  ): Promise<Answer> {
    const base = await (origin ??= originOf(host, options))
    const url = new URL(place, `${base}/v2/${repository}/`)
    const proof = () => url.host === host && authorization !== undefined && { authorization }
    const once = () => followed(url, { ...ask, options, headers: { ...headers, ...proof() } })
    const answer = await once()
    const challenge = answer.status === 401 && url.host === host && challengeOf(answer.headers['www-authenticate'])
    // What was on its way is gone, and cannot be sent again.
    if (!challenge || isStreamed(ask.body)) return answer
    authorization = await authorize(challenge, wish)
    return authorization ? once() : answer
  }

  async function get(path: string, limit: number, accept: readonly string[] = []): Promise<Answer> {
    const headers = { accept: accept.join(', ') || '*/*' }
    const answer = await authorized(path, { limit, headers }, 'read')
    if (answer.status === 200) return answer
    throw failed(path, answer, 'read')
  }

  function failed(path: string, answer: Answer, wish: 'read' | 'write'): Error {
    if (answer.status === 401 || answer.status === 403) return denied(wish)
    if (answer.status === 404)
      return userError(
        'not-in-registry',
        path.startsWith('manifests/')
          ? `"${shown}" has no "${path.slice('manifests/'.length)}"`
          : `"${shown}" has no blob ${path.slice('blobs/'.length)}`,
        'check the name and the tag; some registries say so too where a login is needed',
      )
    return userError(
      'registry-failed',
      `registry "${host}" answers ${answer.status}${reasonOf(answer)}`,
      'try again later',
    )
  }

  async function authorize(challenge: Challenge, wish: 'read' | 'write'): Promise<string | undefined> {
    const known = await storedFor(reference, options)
    if (challenge.kind === 'basic') return known?.password === undefined ? undefined : basic(known)
    const scope = `repository:${repository}:${wish === 'read' ? 'pull' : 'pull,push'}`
    const given = await token({ scope, ...challenge.wanted }, host, known, options)
    if (given === undefined) throw denied(wish)
    return `Bearer ${given}`
  }

  function denied(wish: 'read' | 'write'): Error {
    const login = host === 'registry-1.docker.io' ? 'docker login' : `docker login ${host}`
    return userError('registry-denied', `registry "${host}" does not let you ${wish} "${shown}"`, `log in: ${login}`)
  }

  return {
    get,
    failed,
    ask: (place, { type, ...ask }) =>
      authorized(place, { ...ask, headers: type === undefined ? {} : { 'content-type': type } }, 'write'),
    async digest(version, accept) {
      const path = `manifests/${version}`
      const ask = { method: 'HEAD', limit: mostManifest, headers: { accept: accept.join(', ') } } as const
      const answer = await authorized(path, ask, 'read')
      const told = answer.headers['docker-content-digest']
      if (answer.status === 200 && typeof told === 'string' && isDigest(told)) return told
      // Some registries know no HEAD, and some tell no digest.
      const { body } = await get(path, mostManifest, accept)
      return digestOf(body)
    },
  }
}

/** "sha256:…" of bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function storedFor({ host, repository }: Reference, options: RegistryOptions): Promise<Credentials | undefined> {
  const registry = registryOf(host === 'registry-1.docker.io' ? repository.split('/')[0]! : `${host}/${repository}`)
  try {
    return await credentials(registry, options)
  } catch (error) {
    throw userError('bad-credentials', (error as Error).message, 'mend ~/.docker/config.json')
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

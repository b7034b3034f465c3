import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { configFolder } from '../registry/credentials.ts'
import { type Candidate, candidates } from './candidates.ts'
import { currentContext, readContext, readTls } from './context.ts'
import { EngineError } from './errors.ts'
import { customHeaders } from './headers.ts'
import type { LiveEngine } from './live.ts'
import { type Place, parsePlace, type Tls } from './place.ts'
import { type Tried, unreachable } from './unreachable.ts'

export interface ConnectOptions {
  /** `--host` */
  readonly host?: string
  /** `--context` */
  readonly context?: string
  /** `--tlscacert` and the like: files that are read instead of the folder's; with one of them given, TLS is spoken. */
  readonly certificates?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home?: string
  readonly platform?: NodeJS.Platform
}

// Sockets of this machine answer at once or never; a far one has a connection to make, ssh a login.
const PATIENCE = { socket: 10_000, tcp: 20_000, ssh: 45_000 } as const

/**
 * The engine that the user named, or the first that answers where engines usually are, with its API version agreed on: one call.
 * Throws EngineError: `unreachable`, with each place tried and why not; `unsupported` for an engine too old or too new; `invalid` for a
 * name that makes no sense.
 */
export async function connect(options: ConnectOptions): Promise<LiveEngine> {
  const { env, host, context, home = homedir(), platform = process.platform } = options
  const folder = configFolder({ env, home })
  const uid = process.getuid?.()
  const current =
    host || context || env['DOCKER_HOST'] || env['DOCKER_CONTEXT'] ? undefined : await currentContext(folder)
  const tried: Tried[] = []
  const { open } = await import('./docker/open.ts')
  const headers = customHeaders(folder, env)
  for (const candidate of candidates({
    env,
    home,
    platform,
    ...(host && { host }),
    ...(context && { context }),
    ...(current && { current }),
    ...(uid !== undefined && { uid }),
  })) {
    const { address, place } = await placeOf(candidate, folder, options)
    const engine = await open(place, {
      where: `${address} (${candidate.by})`,
      env,
      home,
      headers,
      timeout: PATIENCE[place.kind],
    })
    if (!('because' in engine)) return engine
    tried.push({ by: candidate.by, host: address, because: engine.because })
  }
  throw await unreachable(tried)
}

async function placeOf(
  candidate: Candidate,
  folder: string,
  options: ConnectOptions,
): Promise<{ readonly address: string; readonly place: Place }> {
  if ('context' in candidate) {
    const { host, tls } = await readContext(folder, candidate.context)
    return { address: host, place: parsePlace(host, tls) }
  }
  const { host } = candidate
  return {
    address: host,
    place: parsePlace(host, host.startsWith('unix:') ? undefined : await chosenTls(folder, options)),
  }
}

/** DOCKER_TLS_VERIFY verifies the engine, DOCKER_TLS does not; any value but "" is yes, as docker reads them. */
async function chosenTls(folder: string, { env, certificates = {} }: ConnectOptions): Promise<Tls | undefined> {
  const files = Object.entries(certificates)
  if (!env['DOCKER_TLS_VERIFY'] && !env['DOCKER_TLS'] && files.length === 0) return undefined
  const tls = await readTls(env['DOCKER_CERT_PATH'] || folder)
  if (env['DOCKER_CERT_PATH'] && Object.keys(tls).length === 0 && files.length === 0)
    throw new EngineError(
      'invalid',
      `there is no ca.pem, cert.pem or key.pem in ${join(env['DOCKER_CERT_PATH'])} (DOCKER_CERT_PATH)`,
    )
  const named = await Promise.all(files.map(async ([name, path]) => [name, await pem(path)] as const))
  return { ...tls, ...Object.fromEntries(named), verify: Boolean(env['DOCKER_TLS_VERIFY']) }
}

async function pem(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(cause => {
    throw new EngineError('invalid', `the certificate file ${path} cannot be read`, { cause })
  })
}

import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Who to be at a registry. Never shown, logged or put into an error. */
export interface Credentials {
  readonly username?: string
  readonly password?: string
  readonly identitytoken?: string
  readonly serveraddress: string
}

export interface CredentialOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

interface ConfigFile {
  readonly auths?: Readonly<Record<string, Stored>>
  readonly credsStore?: string
  readonly credHelpers?: Readonly<Record<string, string>>
  readonly proxies?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

interface Stored {
  readonly auth?: string
  readonly username?: string
  readonly password?: string
  readonly identitytoken?: string
}

/** Docker Hub's key in config.json, whatever its registry is called. */
const HUB = 'https://index.docker.io/v1/'

/** The key under which an image's registry is known to docker: its host, or Docker Hub's. */
export function registryOf(reference: string): string {
  const slash = reference.indexOf('/')
  const first = slash < 0 ? '' : reference.slice(0, slash)
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost'
  return !isHost || first === 'docker.io' || first === 'index.docker.io' ? HUB : first
}

/**
 * What `docker login` stored for a registry: in DOCKER_AUTH_CONFIG, behind a credential helper, or in config.json. Undefined where
 * nothing is, which is no error: most images are public. Throws where a helper that is named cannot be run.
 */
export async function credentials(registry: string, options: CredentialOptions): Promise<Credentials | undefined> {
  const given = options.env['DOCKER_AUTH_CONFIG']
  const fromEnvironment = given ? stored(parse(given, 'DOCKER_AUTH_CONFIG'), registry) : undefined
  if (fromEnvironment) return fromEnvironment
  const config = await configFile(options)
  const helper = config.credHelpers?.[registry] ?? config.credsStore
  return (helper ? await helped(helper, registry, options.env) : undefined) ?? stored(config, registry)
}

/** All that is known, by registry: a build may pull from any of them. */
export async function allCredentials(options: CredentialOptions): Promise<Readonly<Record<string, Credentials>>> {
  const config = await configFile(options)
  const stores = [...Object.keys(config.auths ?? {}), ...Object.keys(config.credHelpers ?? {})]
  const known = await Promise.all(
    [...new Set(stores)].map(async registry => [registry, await credentials(registry, options)] as const),
  )
  return Object.fromEntries(known.filter((entry): entry is [string, Credentials] => entry[1] !== undefined))
}

/** `$DOCKER_CONFIG`, or ~/.docker. */
export function configFolder({ env, home }: CredentialOptions): string {
  return env['DOCKER_CONFIG'] || join(home, '.docker')
}

/** Docker's configuration; empty where there is none. Throws where it is not JSON. */
export async function configFile(options: CredentialOptions): Promise<ConfigFile> {
  const path = join(configFolder(options), 'config.json')
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.trim() === '' ? {} : parse(text, path)
}

function parse(text: string, where: string): ConfigFile {
  try {
    return (JSON.parse(text) ?? {}) as ConfigFile
  } catch {
    // What the parser says would quote the file.
    throw new Error(`${where} is not JSON`)
  }
}

function stored({ auths = {} }: ConfigFile, registry: string): Credentials | undefined {
  const entry = auths[registry] ?? Object.entries(auths).find(([key]) => host(key) === host(registry))?.[1]
  if (!entry) return undefined
  // "user:password"; a password may have colons, and old files end in NUL.
  const [, user, password] =
    /^([^:]*):(.*)$/s.exec(
      Buffer.from(entry.auth ?? '', 'base64')
        .toString()
        .replace(/\0+$/, ''),
    ) ?? []
  const username = entry.username ?? user
  const secret = entry.password ?? password
  if (!entry.identitytoken && !username) return undefined
  return {
    ...(username && { username }),
    ...(entry.identitytoken ? { identitytoken: entry.identitytoken } : { password: secret ?? '' }),
    serveraddress: registry,
  }
}

function host(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

const becauseOf = (error: Error) => {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT'
    ? 'there is no such program'
    : code === 'EACCES'
      ? 'it is not executable'
      : (code ?? error.message)
}

/** Asks `docker-credential-NAME get`, as docker does. */
async function helped(name: string, registry: string, env: CredentialOptions['env']): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; out: string }>()
  const child = spawn(program, ['get'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: env,
    windowsHide: true,
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.on('error', error => reject(new Error(`the credential helper "${program}" cannot be run: ${becauseOf(error)}`)))
  child.on('close', code => resolve({ code, out }))
  child.stdin.on('error', () => {})
  child.stdin.end(registry)
  const answer = await promise
  // What helpers say where nothing is stored (docker-credential-helpers, credentials/error.go). Their other words may hold secrets.
  if (answer.code !== 0 && /credentials not found|no credentials server URL|no credentials username/i.test(answer.out))
    return undefined
  if (answer.code !== 0)
    throw new Error(`the credential helper "${program}" failed for registry "${registry}" (exit code ${answer.code})`)
  const { Username, Secret } = parse(answer.out, `the answer of "${program}"`) as { Username?: string; Secret?: string }
  if (!Secret) return undefined
  return Username === '<token>'
    ? { identitytoken: Secret, serveraddress: registry }
    : { ...(Username && { username: Username }), password: Secret, serveraddress: registry }
}

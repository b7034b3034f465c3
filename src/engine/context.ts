import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from './errors.ts'
import type { Tls } from './place.ts'

/** What a docker context says of its engine. */
export interface Context {
  readonly name: string
  readonly host: string
  readonly tls?: Tls
}

/** The context that `docker context use` chose; undefined where none was, or "default". */
export async function currentContext(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}')
  const { currentContext: name } = parse(text, join(folder, 'config.json')) as { readonly currentContext?: string }
  return name && name !== 'default' ? name : undefined
}

/** Reads a context out of docker's folder (~/.docker). Throws EngineError `invalid` where it has none of that name. */
export async function readContext(folder: string, name: string): Promise<Context> {
  const id = createHash('sha256').update(name).digest('hex')
  const path = join(folder, 'contexts', 'meta', id, 'meta.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new EngineError('invalid', `there is no docker context "${name}" (looked at ${path})`, {
      hint: 'see "docker context ls"',
    })
  const meta = parse(text, path) as {
    readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } }
  }
  const endpoint = meta.Endpoints?.docker
  if (!endpoint?.Host) throw new EngineError('invalid', `docker context "${name}" names no engine (${path})`)
  const tls = await readTls(join(folder, 'contexts', 'tls', id, 'docker'))
  const secure = Object.keys(tls).length > 0 || endpoint.SkipTLSVerify === true
  return {
    name,
    host: endpoint.Host,
    ...(secure && { tls: { ...tls, verify: endpoint.SkipTLSVerify !== true } }),
  }
}

/** Those of ca.pem, cert.pem and key.pem that a folder has. */
export async function readTls(folder: string): Promise<Omit<Tls, 'verify'>> {
  const read = (file: string) => readFile(join(folder, file), 'utf8').catch(() => undefined)
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
}

function parse(text: string, path: string): object {
  try {
    return (JSON.parse(text) ?? {}) as object
  } catch (cause) {
    // Which engine is meant stands there: any other may hold somebody else's data.
    const hint = 'put it right, or name the engine with DOCKER_HOST'
    throw new EngineError('invalid', `${path} is not JSON`, { cause, hint })
  }
}

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Blob, Content } from './compose-artifact.ts'

const run = promisify(execFile)

/** A real registry on this machine. */
export interface DebianRegistry {
  /** "127.0.0.1:34567" */
  readonly host: string
  /** As `docker login` stores it, where it wants a login. */
  readonly auth: string
  push(repository: string, tag: string, content: Content): Promise<void>
  close(): Promise<void>
}

/** Where Debian's docker-registry is; undefined where it is not and cannot be fetched. */
export async function registryProgram(): Promise<string | undefined> {
  const folder = join(tmpdir(), 'gantry-docker-registry')
  const kept = join(folder, 'usr/bin/docker-registry')
  const there = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    )
  for (const path of ['/usr/bin/docker-registry', kept]) if (await there(path)) return path
  try {
    await mkdir(folder, { recursive: true })
    const draft = await mkdtemp(join(folder, 'draft-'))
    await run('apt-get', ['-qq', 'download', 'docker-registry'], { cwd: draft, timeout: 60_000 })
    await run('sh', ['-c', 'dpkg -x docker-registry_*.deb ..'], { cwd: draft, timeout: 60_000 })
    await rm(draft, { recursive: true })
    return kept
  } catch {
    return undefined
  }
}

/** By whom the certificate of a registry with TLS is signed. */
export const authority = resolve('fixtures/registry/ca.crt')

export interface Kind {
  /** Whether it wants a login: "me", "s3cret". It does without this. */
  readonly login?: boolean
  readonly tls?: boolean
}

export async function debianRegistry(
  program: string,
  { login = true, tls = false }: Kind = {},
): Promise<DebianRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-registry-'))
  await writeFile(join(folder, 'htpasswd'), 'me:$2y$05$dUm3D2sNxOAII5Xqa4e1QeKqHMo.XpxAh94ty8FRKNhSch2ZWIFUW\n')
  const settings = {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: {
      addr: '127.0.0.1:0',
      secret: 'x',
      ...(tls && {
        tls: { certificate: resolve('fixtures/registry/server.crt'), key: resolve('fixtures/registry/server.key') },
      }),
    },
    ...(login && { auth: { htpasswd: { realm: 'r', path: join(folder, 'htpasswd') } } }),
  }
  await writeFile(join(folder, 'config.yml'), JSON.stringify(settings))
  const child = spawn(program, ['serve', join(folder, 'config.yml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  const host = await hostOf(child)
  const auth = Buffer.from('me:s3cret').toString('base64')

  async function send(
    method: string,
    url: string,
    { bytes }: Blob,
    type = 'application/octet-stream',
  ): Promise<Response> {
    const answer = await fetch(url, {
      method,
      headers: { ...(login && { authorization: `Basic ${auth}` }), 'content-type': type },
      ...(method === 'PUT' && { body: new Uint8Array(bytes) }),
    })
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`)
    return answer
  }

  return {
    host,
    auth,
    async push(repository, tag, { blobs, manifest, type }) {
      const base = `http://${host}/v2/${repository}`
      for (const blob of blobs) {
        const place = new URL((await send('POST', `${base}/blobs/uploads/`, blob)).headers.get('location')!)
        place.searchParams.set('digest', blob.digest)
        await send('PUT', place.href, blob)
      }
      await send('PUT', `${base}/manifests/${tag}`, manifest, type)
    },
    async close() {
      child.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** It chooses a port that is free, and says which. */
function hostOf({ stderr }: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const [, host] = /listening on (127\.0\.0\.1:\d+)/.exec(said) ?? []
    if (host) resolve(host)
  })
  stderr!.on('close', () => reject(new Error(`docker-registry ended: ${said}`)))
  return promise
}

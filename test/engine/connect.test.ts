import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../src/engine/connect.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-connect-'))
})
afterAll(() => rm(folder, { recursive: true }))

const VERSION = {
  Version: '28.5.2',
  ApiVersion: '1.51',
  MinAPIVersion: '1.24',
  Os: 'linux',
  Arch: 'amd64',
  Components: [] as { readonly Name: string; readonly Version: string }[],
}

/** What the ping says of an engine with this version; `quiet` is one whose headers somebody in between keeps. */
function pinged({ Version, ApiVersion, Components, quiet }: Partial<typeof VERSION> & { readonly quiet?: true }) {
  if (!Version || !ApiVersion || quiet) return {}
  const program = Components?.some(({ Name }) => Name === 'Podman Engine') ? 'Libpod' : 'Docker'
  return { Server: `${program}/${Version} (linux)`, 'Api-Version': ApiVersion }
}

/** An engine that answers on a socket, and notes what it was asked. */
async function answering(
  version: Partial<typeof VERSION> & { readonly quiet?: true },
  other?: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const asked: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    headers.push(request.headers)
    if (request.url === '/_ping') response.writeHead(200, pinged(version)).end()
    else if (request.url?.endsWith('/version')) response.end(JSON.stringify(version))
    else if (other) other(request, response)
    else response.end('[]')
  })
  const path = join(folder, `${Math.random().toString(36).slice(2)}.sock`)
  await new Promise<void>(resolve => server.listen(path, resolve))
  return {
    host: `unix://${path}`,
    asked,
    headers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const to = (host: string, env: Record<string, string> = {}) => connect({ host, env, home: folder })

describe('the API version', () => {
  test('is the engine’s where that is older, and every call after the first names it', async () => {
    await using there = await answering({ ...VERSION, ApiVersion: '1.43' })
    const engine = await to(there.host)
    await engine.listContainers({ all: true })
    expect(engine.info.apiVersion).toBe('1.43')
    expect(there.asked).toEqual(['HEAD /_ping', 'GET /v1.43/containers/json?all=true&filters=%7B%7D'])
    engine.close()
  })

  test('is ours where the engine’s is newer', async () => {
    await using there = await answering({ ...VERSION, ApiVersion: '1.99' })
    const engine = await to(there.host)
    expect(engine.info.apiVersion).toBe('1.51')
    engine.close()
  })

  test('is refused at once where the engine does not speak the one that is set', async () => {
    await using there = await answering(VERSION)
    await expect(to(there.host, { DOCKER_API_VERSION: '1.99' })).rejects.toMatchObject({
      reason: 'unsupported',
      code: 'api-version',
      message: expect.stringMatching(/^client version 1\.99 is too new\. Maximum supported API version is 1\.\d+$/),
    })
  })

  test('is DOCKER_API_VERSION where that is set', async () => {
    await using there = await answering(VERSION)
    const engine = await to(there.host, { DOCKER_API_VERSION: '1.42' })
    expect(engine.info).toMatchObject({ apiVersion: '1.42' })
    expect(engine.info.features.has('endpoints-at-create')).toBe(false)
    engine.close()
  })

  test('of an engine that is too old, or wants a newer one, is refused', async () => {
    await using old = await answering({ ...VERSION, ApiVersion: '1.39' })
    await expect(to(old.host)).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('1.39'),
    })
    await using young = await answering({ ...VERSION, ApiVersion: '1.70', MinAPIVersion: '1.60' })
    await expect(to(young.host)).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('1.60'),
    })
  })
})

describe('what an engine is', () => {
  test('is told by a ping alone, for which it starts no program', async () => {
    await using there = await answering(VERSION)
    const engine = await to(there.host)
    expect(engine.info).toMatchObject({ flavour: 'docker', version: '28.5.2', apiVersion: '1.51', os: 'linux' })
    expect(there.asked).toEqual(['HEAD /_ping'])
    engine.close()
  })

  test('is asked for where somebody in between keeps the headers of a ping', async () => {
    await using there = await answering({ ...VERSION, quiet: true })
    const engine = await to(there.host)
    expect(engine.info).toMatchObject({ flavour: 'docker', version: '28.5.2', apiVersion: '1.51', os: 'linux' })
    expect(there.asked).toEqual(['HEAD /_ping', 'GET /version'])
    engine.close()
  })

  test('is asked for where the engine may be too new', async () => {
    await using there = await answering({ ...VERSION, ApiVersion: '1.52' })
    const engine = await to(there.host)
    expect(there.asked).toEqual(['HEAD /_ping', 'GET /version'])
    engine.close()
  })

  test('has its processor asked for when that is needed, once', async () => {
    await using there = await answering(VERSION)
    const engine = await to(there.host)
    expect(await Promise.all([engine.arch(), engine.arch()])).toEqual(['amd64', 'amd64'])
    expect(there.asked).toEqual(['HEAD /_ping', 'GET /v1.51/version'])
    engine.close()
  })
})

test('Podman is known by its components', async () => {
  const Components = [{ Name: 'Podman Engine', Version: '4.3.1' }]
  await using there = await answering({ ...VERSION, Version: '4.3.1', ApiVersion: '1.41', Components })
  const engine = await to(there.host)
  expect(engine.info).toMatchObject({
    flavour: 'podman',
    version: '4.3.1',
    apiVersion: '1.41',
    os: 'linux',
  })
  expect(await engine.arch()).toBe('amd64')
  engine.close()
})

describe('a place that has no engine says why', () => {
  test('nothing is there', async () => {
    const error = await to('unix:///gantry/no.sock').catch(e => e)
    expect(error).toMatchObject({ reason: 'unreachable' })
    expect(error.message).toBe(
      'Cannot connect to the Docker daemon at unix:///gantry/no.sock. Is the docker daemon running? unix:///gantry/no.sock (--host): no such file (ENOENT)',
    )
  })

  test('something else answers', async () => {
    await using there = await answering({})
    await expect(to(there.host)).rejects.toThrow('what answers there is no container engine')
  })

  test('nothing listens', async () => {
    await expect(to('tcp://127.0.0.1:9')).rejects.toThrow('nothing listens there (ECONNREFUSED)')
  })

  test('every place that was tried is listed', async () => {
    const env = { XDG_RUNTIME_DIR: folder }
    const error = await connect({ env, home: folder, platform: 'darwin' }).catch(e => e)
    // A machine whose default socket answers has nothing to list.
    if (error.info) return error.close()
    expect(error.message).toContain(`unix://${folder}/.colima/default/docker.sock (Colima): no such file (ENOENT)`)
    expect(error.message.split('\n').length).toBeGreaterThan(4)
  })
})

describe('a docker context', () => {
  async function context(name: string, docker: object, tls: Record<string, string> = {}) {
    const id = createHash('sha256').update(name).digest('hex')
    const config = await mkdtemp(join(folder, 'config-'))
    await mkdir(join(config, 'contexts/meta', id), { recursive: true })
    await mkdir(join(config, 'contexts/tls', id, 'docker'), { recursive: true })
    await writeFile(
      join(config, 'contexts/meta', id, 'meta.json'),
      JSON.stringify({ Name: name, Endpoints: { docker } }),
    )
    for (const [file, text] of Object.entries(tls))
      await writeFile(join(config, 'contexts/tls', id, 'docker', file), text)
    return config
  }

  test('is where its file says, by flag, by variable and as the one in use', async () => {
    await using there = await answering(VERSION)
    const DOCKER_CONFIG = await context('far', { Host: there.host })
    for (const options of [
      { context: 'far', env: { DOCKER_CONFIG } },
      { env: { DOCKER_CONFIG, DOCKER_CONTEXT: 'far' } },
    ]) {
      const engine = await connect(options)
      expect(engine.info.where).toBe(`${there.host} (${options.context ? '--context' : 'DOCKER_CONTEXT'})`)
      engine.close()
    }
    await writeFile(join(DOCKER_CONFIG, 'config.json'), '{"currentContext":"far"}')
    const engine = await connect({ env: { DOCKER_CONFIG } })
    expect(engine.info.where).toBe(`${there.host} (the current docker context)`)
    engine.close()
  })

  test('that does not exist is told by name, and no other engine is taken', async () => {
    await expect(connect({ context: 'nowhere', env: {}, home: folder })).rejects.toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('there is no docker context "nowhere"'),
    })
  })

  test('brings its certificates', async () => {
    const DOCKER_CONFIG = await context('safe', { Host: 'tcp://127.0.0.1:9' }, { 'ca.pem': 'no certificate' })
    await expect(connect({ context: 'safe', env: { DOCKER_CONFIG } })).rejects.toMatchObject({ reason: 'unreachable' })
  })
})

test('a folder of certificates that has none is told', async () => {
  const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(folder, 'nothing') }
  await expect(to('tcp://127.0.0.1:9', env)).rejects.toMatchObject({
    reason: 'invalid',
    message: expect.stringContaining('ca.pem'),
  })
})

describe('what goes over the wire', () => {
  test('a body is never in the URL', async () => {
    const bodies: string[] = []
    await using there = await answering(VERSION, async (request, response) => {
      bodies.push((await Array.fromAsync(request)).join(''))
      response.statusCode = 201
      response.end('{"Id":"0a"}')
    })
    const engine = await to(there.host)
    await engine.createContainer('p-web-1', { image: 'i', labels: {}, env: ['PASSWORD=hunter2'] })
    expect(there.asked[1]).toBe('POST /v1.51/containers/create?name=p-web-1')
    expect(JSON.parse(bodies[0]!)).toMatchObject({ Env: ['PASSWORD=hunter2'] })
    engine.close()
  })

  test('what this engine would drop silently is refused before anything is asked', async () => {
    await using there = await answering({ ...VERSION, ApiVersion: '1.41' })
    const engine = await to(there.host)
    const mounts = [{ type: 'image', source: 'x', target: '/x' }]
    await expect(engine.createContainer('p-web-1', { image: 'i', labels: {}, mounts })).rejects.toMatchObject({
      reason: 'unsupported',
      message: 'a mount of type "image" needs Docker Engine 28.0 (API 1.48); this is docker 28.5.2 (API 1.41)',
    })
    expect(there.asked).toHaveLength(1)
    engine.close()
  })

  test('a second network that fails takes the container with it, on an engine that takes one at creation', async () => {
    await using there = await answering({ ...VERSION, ApiVersion: '1.41' }, (request, response) => {
      if (request.url!.includes('/connect')) {
        response.statusCode = 404
        response.end('{"message":"network b not found"}')
      } else response.end('{"Id":"0a"}')
    })
    const engine = await to(there.host)
    const networks = [{ network: 'a' }, { network: 'b' }]
    await expect(engine.createContainer('p-web-1', { image: 'i', labels: {}, networks })).rejects.toMatchObject({
      reason: 'not-found',
      message: 'network b not found',
    })
    expect(there.asked.slice(1)).toEqual([
      'POST /v1.41/containers/create?name=p-web-1',
      'POST /v1.41/networks/b/connect',
      'DELETE /v1.41/containers/0a?force=true&v=true',
    ])
    engine.close()
  })

  test('a kept connection that the engine has closed meanwhile costs a question nothing', async () => {
    await using there = await answering(VERSION, (_request, response) => response.end('[]').socket?.destroySoon())
    const engine = await to(there.host)
    for (let i = 0; i < 5; i++) expect(await engine.listContainers({})).toEqual([])
    engine.close()
  })

  test('a stream that the engine drops is unreachable, one that it ends is over', async () => {
    const told = Promise.withResolvers<void>()
    await using there = await answering(VERSION, (request, response) => {
      response.write('{"Action":"start","Actor":{"ID":"0a"}}\n')
      if (request.url!.includes('dropped')) void told.promise.then(() => response.destroy())
      else response.end()
    })
    const engine = await to(there.host)
    const seen: string[] = []
    const read = async (project: string) => {
      for await (const { action } of await engine.events({ project })) if (seen.push(action) === 2) told.resolve()
    }
    await read('ended')
    await expect(read('dropped')).rejects.toMatchObject({ reason: 'unreachable' })
    expect(seen).toEqual(['start', 'start'])
    engine.close()
  })

  test('an answer that is refused late, in the middle of a pull, is an error all the same', async () => {
    await using there = await answering(VERSION, (_request, response) => {
      response.write(
        '{"status":"Pulling from x","id":"1"}\n{"status":"Downloading","progressDetail":{"current":1,"total":2},"id":"0123456789ab"}\n',
      )
      response.end('{"errorDetail":{"message":"no space left on device"},"error":"no space left on device"}\n')
    })
    const engine = await to(there.host)
    const layers: unknown[] = []
    await expect(engine.pullImage('x', { onProgress: p => layers.push(p) })).rejects.toMatchObject({
      reason: 'failed',
      message: 'no space left on device',
    })
    expect(layers).toEqual([
      { layer: '', status: 'Pulling from x' },
      { layer: '0123456789ab', status: 'Downloading', current: 1, total: 2 },
    ])
    expect(there.asked[1]).toBe('POST /v1.51/images/create?fromImage=x&tag=latest')
    engine.close()
  })
})

describe('headers of the user’s own', () => {
  test('DOCKER_CUSTOM_HEADERS go with every request, and are a line of CSV', async () => {
    await using there = await answering(VERSION)
    const engine = await to(there.host, { DOCKER_CUSTOM_HEADERS: 'X-Who=me, "X-Why=a, b=c",X-None=' })
    await engine.listContainers({ project: 'shop' })
    expect(there.headers.length).toBeGreaterThan(1)
    for (const headers of there.headers)
      expect(headers).toMatchObject({ 'x-who': 'me', 'x-why': 'a, b=c', 'x-none': '' })
  })

  test('without it, those of docker’s configuration do', async () => {
    await using there = await answering(VERSION)
    const config = join(folder, 'headers')
    await mkdir(config)
    await writeFile(join(config, 'config.json'), '{"HttpHeaders": {"X-Who": "config"}}')
    await to(there.host, { DOCKER_CONFIG: config })
    await to(there.host, { DOCKER_CONFIG: config, DOCKER_CUSTOM_HEADERS: 'X-Other=1' })
    expect(there.headers.map(h => [h['x-who'], h['x-other']])).toEqual([
      ['config', undefined],
      [undefined, '1'],
    ])
  })

  test.each(['secret', '=secret', 'X Who=secret', 'X-Who=sec\nret'])(
    '%j is refused by name, without what may be secret',
    async text => {
      const error = await to('unix:///nowhere.sock', { DOCKER_CUSTOM_HEADERS: text }).catch((e: Error) => e)
      expect(error).toMatchObject({ reason: 'invalid', message: expect.stringContaining('DOCKER_CUSTOM_HEADERS') })
      expect((error as Error).message).not.toMatch(/sec/)
    },
  )
})

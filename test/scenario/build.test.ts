import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { truncate, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { debianRegistry, registryProgram } from '../kit/debian-registry.ts'
import { bystander } from '../kit/engine-api.ts'
import { scenario } from '../kit/scenario.ts'

const { ApiVersion, Components } = (await bystander(inject('engine')).call('GET', '/version')) as {
  readonly ApiVersion: string
  readonly Components?: readonly { readonly Name: string }[]
}
const podman = Components?.some(({ Name }) => Name === 'Podman Engine') && 'Podman builds without BuildKit'
/** Docker Engine 23.0. */
const modern = Number(ApiVersion.split('.')[1]) >= 42
const buildkit = podman ? { missing: podman } : {}

scenario(
  'a secret reaches the build, and nothing else: not the image, its history, the output, nor the plan',
  'build-secret',
  async s => {
    const [token, password] = ['t0ken-of-the-scenario', 'passw0rd-of-the-scenario']
    await writeFile(join(s.folder, 'password.txt'), password)
    const env = { TOKEN: token }
    const plan = await s.gantry('plan', { exit: 2, env })
    const built = await s.gantry('--progress json build --no-cache', { env })
    for (const secret of [token, password])
      expect(built.stderr, 'the build was given it').toContain(createHash('sha256').update(secret).digest('hex'))
    const image = `${s.project}-app`
    const history = JSON.stringify(await s.engine.call('GET', `/images/${image}/history`))
    const saved = await s.engine.bytes('GET', `/images/${image}/get`)
    const inspected = JSON.stringify(await s.engine.call('GET', `/images/${image}/json`))
    for (const secret of [token, password])
      for (const text of [plan.stdout, plan.stderr, built.stdout, built.stderr, history, inspected, saved])
        expect(text.includes(secret)).toBe(false)
  },
  buildkit,
)

scenario(
  'a secret that is not to be had stops the build before it begins, at its line',
  'build-secret',
  async s => {
    const { stderr } = await s.gantry('build', { exit: 1 })
    expect(stderr).toContain('compose.yaml:8:11: the secret "token" needs the variable "TOKEN", which is not set')
    expect(stderr).toMatch(/compose\.yaml:9:11: the file ".*password\.txt" of the secret "from-file" does not exist/)
    expect(stderr).not.toContain('Building')
  },
  buildkit,
)

scenario(
  'a step that asks for it speaks with the user’s SSH agent',
  'build-ssh',
  async s => {
    const socket = join(s.folder, 'agent.sock')
    const text = (value: string) => Buffer.concat([Buffer.from([0, 0, 0, value.length]), Buffer.from(value)])
    const body = Buffer.concat([Buffer.from([12, 0, 0, 0, 1]), text('a key'), text('scene@gantry')])
    const agent = createServer(peer =>
      peer.on('data', () => peer.write(Buffer.concat([Buffer.from([0, 0, 0, body.length]), body]))),
    )
    await new Promise<void>(listening => agent.listen(socket, listening))
    s.afterwards(async () => void agent.close())
    const { stderr } = await s.gantry('--progress plain build --no-cache', { env: { SSH_AUTH_SOCK: socket } })
    expect(stderr).toContain('the agent has scene@gantry')
    const refused = await s.gantry('build', { exit: 1 })
    expect(refused.stderr).toContain('"build.ssh" asks for your SSH agent, and SSH_AUTH_SOCK names none')
  },
  buildkit,
)

scenario(
  'of several stages the target is built, with its arguments, labels and all its names',
  'build-target',
  async s => {
    await s.gantry('build --build-arg WORD=given')
    await s.gantry('up -d --no-build')
    expect(await s.inside('app', 'cat', '/word')).toBe('given\nwanted')
    const [image, more] = (await Promise.all(
      [`${s.project}-app`, `${s.project}-more:1`].map(name => s.engine.call('GET', `/images/${name}/json`)),
    )) as { readonly Id: string; readonly Config: { readonly Labels: Readonly<Record<string, string>> } }[]
    expect(more!.Id).toBe(image!.Id)
    expect(image!.Config.Labels).toMatchObject({
      'example.kind': 'wanted',
      'com.docker.compose.project': s.project,
      'com.docker.compose.service': 'app',
    })
  },
)

scenario(
  'a Dockerfile in the file of the project is built as any other, whatever the builder',
  'build-inline',
  async s => {
    for (const DOCKER_BUILDKIT of ['1', '0']) {
      await s.gantry('up -d --build', { env: { DOCKER_BUILDKIT } })
      expect(await s.inside('app', 'ls', '-A', '/app')).not.toContain('dropped')
      expect(await s.inside('app', 'cat', '/app/kept')).toBe('kept')
      await s.gantry('down --rmi local -t 0')
    }
  },
)

scenario(
  'images are built on folders, images and other services by name, the other services first',
  'build-contexts',
  async s => {
    if (!modern) {
      const { stderr } = await s.gantry('build', { exit: 1 })
      expect(stderr).toContain('compose.yaml:5:7: "build.additional_contexts" needs Docker Engine 23.0')
      expect(stderr).not.toContain('Building')
      return
    }
    const { stderr } = await s.gantry('--progress plain build app --no-cache')
    expect(stderr.indexOf('base Built')).toBeGreaterThan(0)
    expect(stderr.indexOf('app Building')).toBeGreaterThan(stderr.indexOf('base Built'))
    for (const word of ['beside', 'base', 'the environment of the base'])
      expect(stderr).toMatch(RegExp(`\\d ${word}$`, 'm'))
  },
  buildkit,
)

scenario(
  'services that ask for the same are built once, and what the engine has is not sent again',
  'build-shared',
  async s => {
    await writeFile(join(s.folder, 'app/large'), 'x'.repeat(3_000_000))
    const first = await s.gantry('--progress plain build')
    expect(first.stderr.match(/RUN date/g)).toHaveLength(1)
    expect(first.stderr).toMatch(/transferring context: 3MB done|transferring 3MB done/)
    const ids = async () =>
      (
        (await Promise.all(
          ['web', 'worker'].map(name => s.engine.call('GET', `/images/${s.project}-${name}/json`)),
        )) as { readonly Id: string }[]
      ).map(({ Id }) => Id)
    const before = await ids()
    expect(before[0]).toBe(before[1])
    const second = await s.gantry('--progress plain build')
    expect(second.stderr).not.toMatch(/transferring.* \d+(\.\d+)?[kM]B/)
    expect(await ids()).toEqual(before)
  },
  buildkit,
)

scenario(
  'a step that fails is shown last, with what it printed and its line, and the others are built',
  'build-fails',
  async s => {
    const { stderr } = await s.gantry('--progress plain build', { exit: 1 })
    const end = stderr.slice(stderr.indexOf('✘'))
    for (const line of ['now it breaks', 'for this reason']) expect(end).toContain(`  | ${line}\n`)
    expect(end).not.toContain('| this step is fine')
    expect(end).toMatch(/broken\.Dockerfile:5:1: .*exit code:? 3|returned a non-zero code: 3/s)
    expect(end).toMatch(/left undone: .*broken.*after|left undone: .*after.*broken/)
    expect(await s.engine.hasImage(`${s.project}-fine`)).toBe(true)
    expect(await s.engine.hasImage(`${s.project}-broken`)).toBe(false)
    expect(await s.engine.hasImage(`${s.project}-after`)).toBe(false)
  },
)

scenario(
  'what .dockerignore names is not sent, and a Dockerfile’s own file of that kind counts more',
  'build-ignore',
  async s => {
    for (const DOCKER_BUILDKIT of ['1', '0']) {
      await s.gantry('up -d --build', { env: { DOCKER_BUILDKIT } })
      const files = async (service: string) =>
        (await s.inside(service, 'sh', '-c', 'cd /app; find . -type f | sort')).split('\n')
      const plain = await files('plain')
      expect(plain).toEqual(expect.arrayContaining(['./only-this', './sub/kept']))
      expect(plain).not.toEqual(expect.arrayContaining(['./a.tmp']))
      expect(plain).not.toEqual(expect.arrayContaining(['./sub/dropped']))
      expect(await files('own')).toEqual(['./only-this'])
      await s.gantry('down --rmi local -t 0')
    }
  },
)

scenario(
  'Ctrl-C ends the build in the engine as well, and leaves no image',
  'build-cancel',
  async s => {
    const running = s.start('--progress plain build slow')
    await running.says(/count is \d/)
    running.signal('SIGINT')
    const { code, stderr } = await running.ended
    expect(code).toBe(130)
    expect(stderr).toContain('Interrupted')
    expect(await s.engine.hasImage(`${s.project}-slow`)).toBe(false)
    await s.gantry('build counted')
  },
  buildkit,
)

scenario(
  'a large context takes no more memory than a small one',
  'build-large',
  async s => {
    const large = join(s.folder, 'app/large')
    await writeFile(large, '')
    await truncate(large, 400_000_000)
    const tells = 'process.on("exit",()=>console.error("most",Math.round(process.resourceUsage().maxRSS/1000)))'
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tells)}` }
    const most = async (service: string, DOCKER_BUILDKIT: string) => {
      const { stderr } = await s.gantry(`build ${service}`, { env: { ...env, DOCKER_BUILDKIT } })
      return Number(/^most (\d+)$/m.exec(stderr)?.[1])
    }
    expect(await most('app', '1')).toBeLessThan(150)
    await truncate(large, 200_000_000)
    expect(await most('sent', '0'), 'by the classic builder').toBeLessThan(150)
  },
  buildkit,
)

scenario(
  'Dockerfiles are checked without building, each finding at its line, inline ones in the compose file',
  'build-check',
  async s => {
    const { stderr } = await s.gantry('build --check', { exit: 1 })
    expect(await s.engine.hasImage(`${s.project}-app`)).toBe(false)
    if (Number(ApiVersion.split('.')[1]) < 46) {
      expect(stderr).toContain('checking a Dockerfile without building needs Docker Engine 27.0')
      return
    }
    expect(stderr).toMatch(/app\/Dockerfile:1:1: FromAsCasing: /)
    expect(stderr).toMatch(/compose\.yaml:9:9: LegacyKeyValueFormat: /)
    await s.edit('app/Dockerfile', ' as ', ' AS ')
    expect((await s.gantry('build --check app')).stdout).toBe('Check complete, no warnings found.\n')
  },
  buildkit,
)

scenario('an archive elsewhere is fetched here for a builder that is sent everything', 'build-elsewhere', async s => {
  const archive = execFileSync('tar', ['-cz', '-C', join(s.folder, 'app'), '.'])
  const server = createHttpServer((request, answer) =>
    request.url === '/app.tgz' ? answer.end(archive) : answer.writeHead(404).end(),
  )
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  s.afterwards(async () => void server.close())
  const { port } = server.address() as AddressInfo
  const env = { DOCKER_BUILDKIT: '0', AT: `http://127.0.0.1:${port}` }
  await s.gantry('build app', { env })
  expect(await s.engine.hasImage(`${s.project}-app`)).toBe(true)
  const { stderr } = await s.gantry('build gone', { env, exit: 1 })
  expect(stderr).toContain(`"${env.AT}/gone.tgz" cannot be fetched: HTTP 404`)
})

const registry = await registryProgram()

scenario(
  'a build takes steps from the caches that there are, of a registry that wants a login as well, and says which there is not',
  'build-cache',
  async s => {
    const { host, auth, close } = await debianRegistry(registry!)
    s.afterwards(close)
    const env = { REGISTRY: host, DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: { auth } } }) }
    const first = await s.gantry('--progress plain build', { env })
    expect(first.stderr).toContain('the cache in "cache" is left out: there is none yet')
    await s.gantry('push', { env })
    const { stderr } = await s.gantry('--progress plain build', { env })
    expect(stderr).toMatch(
      RegExp(`^#(\\d+) importing cache manifest from ${host}/cached/app:1\n(?:.*\n)*#\\1 DONE`, 'm'),
    )
    if (modern) {
      await s.edit('compose.yaml', 'type=inline', 'type=s3,bucket=mine')
      const refused = await s.gantry('build', { env, exit: 1 })
      expect(refused.stderr).toContain('compose.yaml:16:11: "build.cache_to" of type "s3" is not in an engine')
    }
  },
  registry === undefined ? { missing: 'there is no docker-registry here, and apt-get gives none' } : buildkit,
)

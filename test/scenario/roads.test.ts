import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject } from 'vitest'
import { bystander, endpoint } from '../kit/engine-api.ts'
import { type RunOptions, type Scene, scenario } from '../kit/scenario.ts'

/**
 * The same few promises over each way to an engine. The ways are built by setup/ssh.sh and setup/podman.sh, which install what they need.
 */
const missing =
  process.getuid?.() === 0 && existsSync('/etc/debian_version')
    ? {}
    : { missing: 'ssh and Podman are only set up on Debian and Ubuntu, as root' }
const run = promisify(execFile)
const script = async (name: string, ...args: string[]) => (await run(join('setup', name), args)).stdout.trim()

async function promises(s: Scene, env: Record<string, string>): Promise<void> {
  const gantry = (line: string, options: RunOptions = {}) => s.gantry(line, { ...options, env })
  await gantry('up --detach --wait')
  const rows = (await gantry('ps --format json')).stdout.trim().split('\n')
  expect(rows.map(row => JSON.parse(row) as { Service: string; State: string })).toMatchObject([
    { Service: 'db', State: 'running' },
    { Service: 'web', State: 'running' },
  ])
  expect((await gantry('up --detach')).stderr).not.toMatch(/Creat|Recreat|Start/)
  expect((await gantry('logs --no-log-prefix web')).stdout).toBe('hello from web\n')
  expect((await gantry('exec -T db sh -c cat>/data/x', { stdin: 'kept' })).code).toBe(0)
  expect((await gantry('exec -T db cat /data/x')).stdout).toBe('kept')
  await gantry('exec -T web false', { exit: 1 })
  await gantry('exec -T web ping -c 1 db')
  // Many are inspected together, over few connections.
  for (const said of [/web-9 Created/, /^(?!.*Creat)/s])
    expect((await gantry('create --scale web=9')).stderr).toMatch(said)
  await gantry('down --volumes --timeout 1')
  expect((await gantry('ps --all --quiet')).stdout).toBe('')
}

describe('over ssh', () => {
  let folder = ''
  beforeAll(async () => {
    if (!missing.missing) folder = await script('ssh.sh', 'up', endpoint(inject('engine')).socketPath!)
  })
  afterAll(() => void (folder && execFileSync(join('setup', 'ssh.sh'), ['down'])))

  scenario(
    'up, ps, logs, exec and down, with what stands in ~/.ssh/config',
    'roads',
    s => promises(s, { DOCKER_HOST: 'ssh://root@127.0.0.1:22822', PATH: `${folder}/bin:${process.env['PATH']}` }),
    missing,
  )
})

describe('over TLS', () => {
  let folder: string
  let far: Server
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-tls-'))
    await run('openssl', ['version']).catch(() => script('install.sh', 'openssl'))
    await certificates(folder)
    const read = (name: string) => readFileSync(join(folder, name))
    const keys = { ca: read('ca.pem'), cert: read('server.pem'), key: read('server-key.pem') }
    // In front of the engine that there is: what goes through is only bytes.
    far = createServer({ ...keys, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true }, near => {
      const engine = connect({ path: endpoint(inject('engine')).socketPath!, allowHalfOpen: true })
      near.pipe(engine).pipe(near)
      near.on('error', () => engine.destroy())
      engine.on('error', () => near.destroy())
    })
    far.on('tlsClientError', () => {}) // who shows no certificate is turned away
    await new Promise<void>(done => far.listen(0, '127.0.0.1', done))
  })
  afterAll(async () => {
    far.close()
    await rm(folder, { recursive: true })
  })
  const host = () => `tcp://127.0.0.1:${(far.address() as AddressInfo).port}`

  scenario('up, ps, logs, exec and down, with certificates on both sides', 'roads', s =>
    promises(s, { DOCKER_HOST: host(), DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }),
  )

  scenario('without a certificate, or with a stranger’s, nothing is said to the engine', 'roads', async s => {
    const names = ['ca', 'cert', 'key'].map(
      name => `--tls${name === 'ca' ? 'cacert' : name} ${join(folder, `${name}.pem`)}`,
    )
    const at = { env: { DOCKER_HOST: host() } }
    expect((await s.gantry(`--tlsverify ${names.join(' ')} ps`, at)).stdout).toContain('NAME')
    expect((await s.gantry(`--tlsverify ${names.slice(1).join(' ')} ps`, { ...at, exit: 1 })).stderr).toContain(
      'certificate',
    )
    await s.gantry(`--tlsverify ${names[0]} ps`, { ...at, exit: 1 })
  })
})

describe('with Podman', () => {
  let socket = ''
  const image = 'localhost/gantry-roads/busybox'
  beforeAll(async () => {
    if (missing.missing) return
    socket = await script('podman.sh', 'up')
    await copyImage(inject('images').busybox, image, endpoint(inject('engine')).socketPath!, socket)
  })
  afterAll(() => void (socket && execFileSync(join('setup', 'podman.sh'), ['down'])))
  const env = () => ({ DOCKER_HOST: `unix://${socket}`, BUSYBOX: image })

  scenario('up, ps, logs, exec and down', 'roads', s => promises(s, env()), missing)

  scenario(
    'a build with hosts and limits, in no network of the machine’s, whose arguments keep what the Dockerfile gives them',
    'roads',
    async s => {
      const build = {
        dockerfile_inline: [
          `FROM ${image}`,
          'ARG WORD=kept',
          'RUN grep "1.2.3.4.*there" /etc/hosts && test "$(ulimit -n)" = 100 && ! grep podman /proc/net/dev',
          'RUN echo $$WORD > /word',
          '',
        ].join('\n'),
        args: ['WORD'],
        extra_hosts: ['there:1.2.3.4'],
        ulimits: { nofile: 100 },
      }
      await writeFile(join(s.folder, 'build.json'), JSON.stringify({ services: { web: { build } } }))
      const gantry = (line: string) =>
        s.gantry(`-f compose.yaml -f build.json ${line}`, { env: { ...env(), BUSYBOX: `localhost/${s.project}:1` } })
      await gantry('build')
      expect((await gantry('run --rm --no-deps web cat /word')).stdout).toBe('kept\n')
      await gantry('down --rmi all --timeout 0')
    },
    missing,
  )

  scenario(
    'what Podman has not is refused by name before anything is made',
    'roads',
    async s => {
      await writeFile(
        join(s.folder, 'more.yaml'),
        'services: {web: {volumes: [{type: volume, source: data, target: /d, volume: {subpath: a}}]}}',
      )
      const { stderr } = await s.gantry('-f compose.yaml -f more.yaml up --detach', { env: env(), exit: 1 })
      expect(stderr).toContain('subpath')
      expect(stderr).toContain('more.yaml:1')
      expect(await bystander(`unix://${socket}`).containers(s.project)).toEqual([])
    },
    missing,
  )
})

/** Of an authority of its own: for 127.0.0.1 (`server*.pem`), and for us, named as docker names them. */
async function certificates(folder: string): Promise<void> {
  const openssl = (line: string) => run('openssl', line.split(' '), { cwd: folder })
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
  await openssl(`req -x509 ${key} -days 2 -subj /CN=gantry-ca -keyout ca-key.pem -out ca.pem`)
  for (const [name, keyName, extension] of [
    ['server', 'server-key', 'subjectAltName=IP:127.0.0.1'],
    ['cert', 'key', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    await openssl(`req ${key} -subj /CN=${name} -keyout ${keyName}.pem -out ${name}.csr`)
    await writeFile(join(folder, `${name}.ext`), extension)
    await openssl(
      `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile ${name}.ext -out ${name}.pem`,
    )
  }
}

/** From one engine into another. */
async function copyImage(name: string, as: string, from: string, to: string): Promise<void> {
  await new Promise<void>((done, failed) => {
    request({ socketPath: from, path: `/images/${name}/get` }, image => {
      const load = request({ socketPath: to, method: 'POST', path: '/images/load' }, answer => {
        answer
          .resume()
          .on('end', () => (answer.statusCode === 200 ? done() : failed(new Error(`load: ${answer.statusCode}`))))
      })
      image.pipe(load.on('error', failed))
    })
      .on('error', failed)
      .end()
  })
  const [repo, tag = 'latest'] = as.split(':')
  await bystander(`unix://${to}`).bytes('POST', `/images/${encodeURIComponent(name)}/tag?repo=${repo}&tag=${tag}`)
}

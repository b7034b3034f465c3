import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { authority, debianRegistry, registryProgram } from '../kit/debian-registry.ts'
import { imageContent } from '../kit/image-content.ts'
import { type Scene, scenario } from '../kit/scenario.ts'

const program = await registryProgram()
const missing = program === undefined ? { missing: 'there is no docker-registry here, and apt-get gives none' } : {}

/** The engine has the image that the project names, as if it had been built. */
async function built(s: Scene, host: string): Promise<void> {
  await s.engine.call('POST', `/images/${inject('images').busybox}/tag?repo=${host}/app&tag=1`)
  s.afterwards(async () => {
    if (await s.engine.hasImage(`${host}/app:1`)) await s.engine.call('DELETE', `/images/${host}/app:1?force=1`)
  })
}

async function elsewhere(s: Scene): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-elsewhere-'))
  s.afterwards(() => rm(folder, { recursive: true, force: true }))
  return folder
}

scenario(
  'a project is published after consent to a registry that wants a login, and runs from there with nothing else at hand',
  'publish',
  async s => {
    const registry = await debianRegistry(program!)
    s.afterwards(() => registry.close())
    const reference = `${registry.host}/shops/one:1`
    await built(s, registry.host)
    const nobody = { REGISTRY: registry.host }

    const lacking = await s.gantry(`publish ${reference}`, { env: nobody, exit: 1 })
    expect(lacking.stderr).toContain('env file "web.env" would be missing where the project is run')

    await s.edit('compose.yaml', 'hunter2', 'hunter22 # AKIAIOSFODNN7EXAMPLE')
    const asked = await s.gantry(`publish --with-env ${reference}`, { env: nobody, exit: 130 })
    expect(asked.stderr).toContain('compose.yaml:10:31: warning: this looks like an AWS access key')
    expect(asked.stderr).toContain('nothing was published')
    expect(asked.stderr).not.toMatch(/AKIA|hunter/)
    await s.edit('compose.yaml', ' # AKIAIOSFODNN7EXAMPLE', '')

    const denied = await s.gantry(`publish --with-env ${reference}`, { env: nobody, exit: 1 })
    expect(denied.stderr).toContain(`docker login ${registry.host}`)
    const auths = { [registry.host]: { auth: registry.auth } }
    const env = { ...nobody, DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) }
    const done = await s.gantry(`publish --with-env --resolve-image-digests ${reference}`, { env })
    expect(done.stderr).toContain(` Image ${registry.host}/app:1 Pushed`)
    expect(done.stderr).toContain('job Skipped')
    expect(done.stderr).not.toMatch(/s3cret|hunter2/)
    expect(done.stdout).toMatch(new RegExp(`^oci://${reference}@sha256:[0-9a-f]{64}\n$`))

    await s.engine.call('DELETE', `/images/${registry.host}/app:1?force=1`)
    const cwd = await elsewhere(s)
    const main = join(process.cwd(), 'src/cli/main.ts')
    await s.gantry(`-f ${done.stdout.trim()} up --detach --yes`, { env, cwd, main })
    expect(await s.states()).toEqual(['job-1 exited', 'web-1 running'])
    const { Image, Env } = (await s.container('web')).Config
    expect(Image).toMatch(new RegExp(`^${registry.host}/app:1@sha256:[0-9a-f]{64}$`))
    expect(Env).toEqual(expect.arrayContaining(['GREETING=hello', 'DB_PASSWORD=hunter22']))
    expect(await s.engine.logs((await s.container('job')).Id)).toContain('done')
    await s.gantry(`-f oci://${reference} down`, { env, cwd, main })
    expect(await s.states()).toEqual([])
    s.afterwards(async () => {
      if (await s.engine.hasImage(Image)) await s.engine.call('DELETE', `/images/${Image}?force=1`)
    })
  },
  missing,
)

scenario(
  'a registry with TLS is believed once its authority is where Docker keeps them',
  'publish',
  async s => {
    const registry = await debianRegistry(program!, { login: false, tls: true })
    s.afterwards(() => registry.close())
    const env = { REGISTRY: registry.host }
    const line = `publish --with-env --yes ${registry.host}/one:1`
    await s.edit('compose.yaml', '    build: .\n', '')

    const strange = await s.gantry(line, { env, exit: 1 })
    expect(strange.stderr).toContain(`registry "${registry.host}" cannot be reached: UNABLE_TO_VERIFY_LEAF_SIGNATURE`)
    expect(strange.stderr).toContain(`put its authority into /etc/docker/certs.d/${registry.host}/ca.crt`)
    const place = join(s.folder, '.config/docker/certs.d', registry.host)
    await mkdir(place, { recursive: true })
    await cp(authority, join(place, 'ca.crt'))
    await s.gantry(line, { env })
    const cwd = await elsewhere(s)
    const { stdout } = await s.gantry(`-f oci://${registry.host}/one:1 config --images`, { env, cwd })
    expect(stdout).toBe(`${registry.host}/app:1\n`.repeat(2))
  },
  missing,
)

scenario(
  'with --app the images come along into the same repository, from a registry that wants a login as well',
  'publish',
  async s => {
    const [from, to] = [await debianRegistry(program!), await debianRegistry(program!, { login: false })]
    for (const registry of [from, to]) s.afterwards(() => registry.close())
    const content = await imageContent(s.engine, inject('images').busybox, '1')
    await from.push('app', '1', content)
    await s.edit('compose.yaml', '    build: .\n', '')
    const auths = { [from.host]: { auth: from.auth } }
    const env = { REGISTRY: from.host, DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) }
    const { stderr, stdout } = await s.gantry(`publish --app --with-env --yes ${to.host}/whole:1`, { env })
    expect(stderr).toContain(`${from.host}/app:1@${content.manifest.digest} Copied`)
    const copied = await fetch(`http://${to.host}/v2/whole/manifests/${content.manifest.digest}`, {
      headers: { accept: content.type },
    })
    expect(await copied.text()).toBe(content.manifest.bytes.toString())
    for (const { digest } of content.blobs)
      expect((await fetch(`http://${to.host}/v2/whole/blobs/${digest}`, { method: 'HEAD' })).status).toBe(200)
    const cwd = await elsewhere(s)
    const images = (await s.gantry(`-f ${stdout.trim()} config --images`, { env, cwd })).stdout
    expect(images).toBe(`${from.host}/app:1@${content.manifest.digest}\n`.repeat(2))
  },
  missing,
)

scenario(
  'what cannot be run elsewhere is refused before anything is sent',
  'publish',
  async s => {
    await writeFile(join(s.folder, 'more.yaml'), 'include: [web.yaml]\nservices:\n  only:\n    build: .\n')
    await writeFile(join(s.folder, 'web.yaml'), 'services: {other: {image: x}}\n')
    const { stderr } = await s.gantry('-f more.yaml publish --yes 127.0.0.1:1/one:1', { exit: 1 })
    expect(stderr).toContain('more.yaml:4:5: service "only" is only built here')
    expect(stderr).toContain('more.yaml:1:11: what is included from this machine cannot be published')
    expect(stderr).toContain('2 errors; nothing was touched')
  },
  {},
)

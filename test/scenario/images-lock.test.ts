import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { debianRegistry, registryProgram } from '../kit/debian-registry.ts'
import { imageContent } from '../kit/image-content.ts'
import { scenario } from '../kit/scenario.ts'

const program = await registryProgram()
const missing = program === undefined ? { missing: 'there is no docker-registry here, and apt-get gives none' } : {}

scenario(
  'up --locked runs the image that was locked, though its tag has moved, and refuses one that the lock does not know',
  'locked',
  async s => {
    const registry = await debianRegistry(program!, { login: false })
    s.afterwards(() => registry.close())
    const image = `${registry.host}/app:1`
    const env = { IMAGE: image }
    s.afterwards(async () => {
      for (const name of [image, ...digests.map(digest => `${registry.host}/app@${digest}`)])
        if (await s.engine.hasImage(name)) await s.engine.call('DELETE', `/images/${name}?force=1`)
    })
    const busybox = inject('images').busybox
    const [one, two] = await Promise.all(['1', '2'].map(version => imageContent(s.engine, busybox, version)))
    const digests = [one!.manifest.digest, two!.manifest.digest]
    await registry.push('app', '1', one!)

    const none = await s.gantry('up --detach --locked', { env, exit: 1 })
    expect(none.stderr).toContain('there is no "gantry.lock"')
    expect(await s.containers()).toEqual([])

    await s.gantry('lock', { env })
    const text = await readFile(join(s.folder, 'gantry.lock'), 'utf8')
    expect(text).toContain(`  - image: ${image}\n    digest: ${digests[0]}\n    date: "`)

    await registry.push('app', '1', two!)
    const version = async () => (await s.container('web')).Config.Labels['version']
    await s.gantry('up --detach --locked', { env })
    expect(await version()).toBe('1')
    const first = (await s.container('web')).Id
    await s.gantry('pull --locked', { env })
    await s.gantry('up --detach --locked', { env })
    expect((await s.container('web')).Id).toBe(first)

    expect((await s.gantry('lock --check', { env })).stderr).toBe('')
    const tried = await s.gantry('--dry-run lock', { env })
    expect(tried.stderr).toContain(digests[1]!.slice(0, 19))
    expect(await readFile(join(s.folder, 'gantry.lock'), 'utf8')).toBe(text)
    await s.gantry('lock', { env })
    await s.gantry('up --detach --locked', { env })
    expect(await version()).toBe('2')

    const other = { IMAGE: `${registry.host}/other:1` }
    for (const line of [
      'up --detach --locked',
      'create --locked',
      'pull --locked',
      'lock --check',
      'run --locked web',
    ]) {
      const unknown = await s.gantry(line, { env: other, exit: 1 })
      expect(unknown.stderr).toContain(
        `compose.yaml:4:12: "gantry.lock" does not know image "${registry.host}/other:1" of service "web"`,
      )
    }
    expect(await version()).toBe('2')
  },
  missing,
)

scenario(
  'config prints digests that a registry tells after a login, and says where one is missing',
  'locked',
  async s => {
    const registry = await debianRegistry(program!)
    s.afterwards(() => registry.close())
    const image = `${registry.host}/app:1`
    const content = await imageContent(s.engine, inject('images').busybox, '1')
    await registry.push('app', '1', content)
    const env = { IMAGE: image, DOCKER_AUTH_CONFIG: '{}' }

    const refused = await s.gantry('config --lock-image-digests', { env, exit: 1 })
    expect(refused.stderr).toContain(`registry "${registry.host}" does not let you read "${registry.host}/app"`)
    expect(refused.stderr).toContain(`log in: docker login ${registry.host}`)
    const known = {
      ...env,
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [registry.host]: { auth: registry.auth } } }),
    }
    const pinned = `${image}@${content.manifest.digest}`
    expect((await s.gantry('config --lock-image-digests', { env: known })).stdout).toBe(
      `services:\n  web:\n    image: ${pinned}\n`,
    )
    expect((await s.gantry('config --resolve-image-digests', { env: known })).stdout).toContain(`image: ${pinned}\n`)
    const absent = await s.gantry('config --resolve-image-digests', {
      env: { ...known, IMAGE: `${registry.host}/app:nope` },
      exit: 1,
    })
    expect(absent.stderr).toContain(
      `compose.yaml:4:12: image "${registry.host}/app:nope" of service "web" has no digest`,
    )
  },
  missing,
)

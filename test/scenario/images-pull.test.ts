import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject } from 'vitest'
import { debianRegistry, registryProgram } from '../kit/debian-registry.ts'
import { imageContent, imageList } from '../kit/image-content.ts'
import { registry } from '../kit/registry.ts'
import { type Scene, scenario } from '../kit/scenario.ts'

const program = await registryProgram()
const missing = program === undefined ? { missing: 'there is no docker-registry here, and apt-get gives none' } : {}

async function withRegistry(s: Scene) {
  const images = await registry(s.engine, inject('images').busybox)
  s.afterwards(() => images.close())
  return { ...images, env: { IMAGE: images.image, OTHER: '127.0.0.1:1/other:1' } }
}

scenario(
  'pull asks for each image once, says what it passes over, and warns of what only a build can bring',
  'images',
  async s => {
    const { env, image, requests } = await withRegistry(s)
    await s.gantry('pull web', { env })
    expect(requests.filter(line => line.startsWith('GET /v2/app/blobs/')).length).toBeGreaterThan(0)
    const asked = requests.length

    const again = await s.gantry('pull', { env })
    expect(again.stderr).toContain(' built Skipped No image to be pulled \n')
    expect(again.stderr.match(/ Pulling /g)).toHaveLength(2)
    expect(again.stderr).toContain(`image "${env.OTHER}" could not be pulled`)
    expect(again.stderr).toContain('hint: build it: gantry build')
    expect(again.stderr).toContain(` Image ${image} Pulled \n`)
    expect(requests.slice(asked).filter(line => line.includes('/app/blobs/'))).toEqual([])

    const present = await s.gantry('pull here', { env })
    expect(present.stderr).toBe(` Image ${image} Skipped Image is already present locally \n`)
    const left = await s.gantry('pull --ignore-buildable both', { env })
    expect(left.stderr).toBe(` Image ${env.OTHER} Skipped Image can be built \n`)
    await s.engine.call('DELETE', `/images/${image}`)
    const alone = await s.gantry('--progress json pull --policy always web', { env })
    expect(alone.stderr).toMatch(
      /"id":"[0-9a-f]{12}","parent_id":"Image 127[^"]*","status":"Working","text":"Already exists"/,
    )
    expect((await s.gantry('pull --quiet --include-deps web', { env })).stderr).not.toContain('Already exists')
  },
)

scenario(
  'a pull whose line is cut is tried again and told; one that fails for good names the cause, and the others end',
  'images',
  async s => {
    const { env, image, cut, requests } = await withRegistry(s)
    cut(1)
    const { stderr } = await s.gantry('pull web', { env })
    expect(stderr).toContain(`pulling image "${image}" was cut off and is tried again (2 of 4)`)
    expect(stderr).toContain(` Image ${image} Pulled \n`)
    expect(requests.filter(line => line.includes('/manifests/')).length).toBeGreaterThan(1)

    const wrong = { IMAGE: '127.0.0.1:1/nosuch:2', OTHER: image }
    await s.engine.call('DELETE', `/images/${image}`)
    await s.edit('compose.yaml', 'image: ${OTHER}\n    build: .', 'image: ${OTHER}')
    const kept = await s.gantry('pull web both', { env: wrong, exit: 1 })
    expect(kept.stderr).toContain('dial tcp 127.0.0.1:1: connect: connection refused')
    expect(kept.stderr).toContain('fix: start the registry, or correct its address')
    expect(kept.stderr).not.toContain('hint:')
    expect(kept.stderr).toContain(` Image ${image} Pulled \n`)
    expect(kept.stderr).toContain('left undone: 127.0.0.1:1/nosuch:2 (1 step done); run again to go on')
    expect(await s.engine.hasImage(image)).toBe(true)
    const left = await s.gantry('pull --ignore-pull-failures web both', {
      env: wrong,
    })
    expect(left.stderr).toContain('warning: image "127.0.0.1:1/nosuch:2" could not be pulled')
  },
)

scenario(
  'another platform is looked for before anything is pulled, and pulled where it is there',
  'images',
  async s => {
    const kept = await debianRegistry(program!, { login: false })
    s.afterwards(() => kept.close())
    const image = `${kept.host}/app:1`
    s.afterwards(async () => {
      if (await s.engine.hasImage(image)) await s.engine.call('DELETE', `/images/${image}?force=1`)
    })
    const busybox = inject('images').busybox
    const [amd64, arm64] = [
      await imageContent(s.engine, busybox, '1'),
      await imageContent(s.engine, busybox, '2', 'arm64'),
    ]
    for (const [tag, content] of Object.entries({ a: amd64, b: arm64 })) await kept.push('app', tag, content)
    await kept.push('app', '1', imageList({ amd64, arm64 }))
    const env = { IMAGE: image, OTHER: '127.0.0.1:1/other:1' }

    const { stderr } = await s.gantry('pull --platform linux/s390x web', { env, exit: 1 })
    expect(stderr).toContain(`image "${image}" is not there for linux/s390x, but for linux/amd64, linux/arm64`)
    expect(await s.engine.hasImage(image)).toBe(false)
    await s.gantry('pull --platform linux/arm64 web', { env })
    const architecture = async () =>
      ((await s.engine.call('GET', `/images/${image}/json`)) as { Architecture: string }).Architecture
    expect(await architecture()).toBe('arm64')
  },
  missing,
)

describe('who asks', () => {
  scenario(
    'is proved by what docker login stored, by a helper for the registry, or by the store, and shown nowhere',
    'images',
    async s => {
      const kept = await debianRegistry(program!)
      s.afterwards(() => kept.close())
      const image = `${kept.host}/app:1`
      const gone = async () => {
        if (await s.engine.hasImage(image)) await s.engine.call('DELETE', `/images/${image}?force=1`)
      }
      s.afterwards(gone)
      await kept.push('app', '1', await imageContent(s.engine, inject('images').busybox, '1'))
      const bin = join(s.folder, 'bin')
      await mkdir(bin)
      const helper = async (name: string, body: string) => {
        await writeFile(join(bin, `docker-credential-${name}`), `#!/bin/sh\nread -r registry\n${body}\n`)
        await chmod(join(bin, `docker-credential-${name}`), 0o755)
      }
      await helper('mine', `printf '{"ServerURL":"%s","Username":"me","Secret":"s3cret"}' "$registry"`)
      await helper('empty', `echo 'credentials not found in native keychain'; exit 1`)
      await helper('locked', `echo 's3cret: the keychain is locked'; exit 3`)
      const env = {
        IMAGE: image,
        OTHER: '127.0.0.1:1/other:1',
        PATH: `${bin}:${process.env['PATH']}`,
        DOCKER_CONFIG: s.folder,
      }
      const settings = (config: object) => writeFile(join(s.folder, 'config.json'), JSON.stringify(config))

      for (const config of [
        { auths: { [kept.host]: { auth: kept.auth } } },
        { credsStore: 'empty', credHelpers: { [kept.host]: 'mine' } },
        { credsStore: 'mine' },
      ]) {
        await settings(config)
        await gone()
        const { stderr } = await s.gantry('--progress json pull web', { env })
        expect(stderr).not.toMatch(/s3cret|bWU6/)
        expect(await s.engine.hasImage(image)).toBe(true)
      }

      await gone()
      const refusals: readonly (readonly [object, string])[] = [
        [{}, `fix: log in ("docker login ${kept.host}")`],
        [{ credsStore: 'empty' }, `docker login ${kept.host}`],
        [
          { credsStore: 'nowhere' },
          'the credential helper "docker-credential-nowhere" cannot be run: there is no such program',
        ],
        [
          { credsStore: 'locked' },
          `the credential helper "docker-credential-locked" failed for registry "${kept.host}" (exit code 3)`,
        ],
        [{ auths: { [kept.host]: { auth: Buffer.from('me:wr0ng').toString('base64') } } }, `docker login ${kept.host}`],
      ]
      for (const [config, told] of refusals) {
        await settings(config)
        const { stderr } = await s.gantry('pull web', { env, exit: 1 })
        expect(stderr).toContain(told)
        expect(stderr).not.toMatch(/s3cret|wr0ng|bWU6/)
      }
    },
    missing,
  )
})

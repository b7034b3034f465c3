import { expect, inject } from 'vitest'
import { debianRegistry, registryProgram } from '../kit/debian-registry.ts'
import { scenario } from '../kit/scenario.ts'

const program = await registryProgram()
const missing = program === undefined ? { missing: 'there is no docker-registry here, and apt-get gives none' } : {}

scenario(
  'push takes what services build and name, with all its names, and says what it passes over and what fails',
  'push',
  async s => {
    const registry = await debianRegistry(program!, { login: false })
    s.afterwards(() => registry.close())
    const env = { REGISTRY: registry.host }
    const has = async (repository: string, tag: string) =>
      (await fetch(`http://${registry.host}/v2/${repository}/manifests/${tag}`)).status === 200
    const names = ['web:1', 'web:latest', 'db:1'].map(name => `${registry.host}/${name}`)
    for (const name of names) {
      const [repo, tag] = [name.slice(0, name.lastIndexOf(':')), name.slice(name.lastIndexOf(':') + 1)]
      await s.engine.call('POST', `/images/${inject('images').busybox}/tag?repo=${repo}&tag=${tag}`)
      s.afterwards(() => s.engine.call('DELETE', `/images/${name}`))
    }

    const dry = await s.gantry('--dry-run push web', { env })
    expect(dry.stderr).toContain(`${registry.host}/web:1`)
    expect(await has('web', '1')).toBe(false)

    const { stderr } = await s.gantry('push web', { env })
    expect(stderr).toContain(` Image ${registry.host}/web:1 Pushed \n`)
    expect(stderr).toContain(` Image ${registry.host}/web:latest Pushed \n`)
    expect([await has('web', '1'), await has('web', 'latest'), await has('db', '1')]).toEqual([true, true, false])

    const deps = await s.gantry('push --include-deps --quiet web', { env })
    expect(deps.stderr).toContain(` Image ${registry.host}/db:1 Pushed \n`)
    expect(await has('db', '1')).toBe(true)

    const failed = await s.gantry('push', { env, exit: 1 })
    expect(failed.stderr).toContain(' plain Skipped \n')
    expect(failed.stderr).toContain(' nameless Skipped it names no image \n')
    expect(failed.stderr).toContain(`hint: build it first: gantry build`)
    expect(failed.stderr).toContain(` Image ${registry.host}/web:1 Pushed \n`)
    const left = await s.gantry('push --ignore-push-failures', { env })
    expect(left.stderr).toContain(`warning: image "${registry.host}/absent:1" could not be pushed`)
  },
  missing,
)

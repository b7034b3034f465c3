import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { artifact, envFile } from '../kit/compose-artifact.ts'
import { debianRegistry, registryProgram } from '../kit/debian-registry.ts'
import { scenario } from '../kit/scenario.ts'

const greeter = (greeting: string) =>
  artifact([
    'services:\n  greeter:\n    image: ${BUSYBOX:-busybox:1.36}\n    command: sleep infinity\n    init: true\n    env_file: greeter.env\n',
    envFile('greeter.env', `GREETING=${greeting}\n`),
  ])

const program = await registryProgram()

scenario(
  'up runs a part from a registry that wants a login, and replaces only what a new version changes',
  'remote-part',
  async s => {
    const registry = await debianRegistry(program!)
    s.afterwards(() => registry.close())
    const env = { REGISTRY: registry.host }
    await registry.push('parts/greeter', '1', greeter('hello'))

    const refused = await s.gantry('up --detach', { env, exit: 1 })
    expect(refused.stderr).toContain(`registry "${registry.host}" does not let you read`)
    expect(refused.stderr).toMatch(/compose\.yaml:3:5/)
    expect(refused.stderr).not.toContain('undefined service')
    expect(await s.containers()).toEqual([])

    await mkdir(join(s.folder, '.docker'))
    const auths = { [registry.host]: { auth: registry.auth } }
    await writeFile(join(s.folder, '.docker/config.json'), JSON.stringify({ auths }))
    await s.gantry('up --detach', { env })
    expect(await s.states()).toEqual(['greeter-1 running', 'web-1 running'])
    expect((await s.container('greeter')).Config.Env).toContain('GREETING=hello')

    const web = await s.container('web')
    await registry.push('parts/greeter', '1', greeter('good morning'))
    await s.gantry('up --detach', { env })
    expect((await s.container('greeter')).Config.Env).toContain('GREETING=good morning')
    expect((await s.container('web')).Id).toBe(web.Id)
  },
  program === undefined ? { missing: 'there is no docker-registry here, and apt-get gives none' } : {},
)

import { expect, inject } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'

const COMPOSE = 'com.docker.compose'
const NETWORK = 'gantry-adopt-network'
const VOLUME = 'gantry-adopt-data'
const IMAGE = 'gantry-adopt:1'

/** What `docker compose create` of the two versions writes as hashes of fixtures/scenario/adopt, as 2.40.3 was seen to. */
const hashes = {
  '2.40.3': '5d71b934f6049701b7534326afe73fbc11fb677eac2b6050ecf1193cb6392676',
  '5.5.0': 'b131206d8bf99b3ea689142c714d12e81fb67803aaa5fd9c30b7eafb5a3faadf',
} as const
const NETWORK_HASH = '64cf2da883a2217d5c9e2eb8c40873f4b84677ee388b45a8de5f32ab02e1ba1b'
const VOLUME_HASH = '1dcbbc7686bedad42e81132a176c834ecdb55c39eb0de6a39e53b769cea0cfe8'

/** Makes the project by bare calls with the labels that docker compose gives it, and starts it. */
async function composed(s: Scene, version: string, hash: string, more: Record<string, unknown> = {}) {
  await s.engine.call('POST', `/images/${inject('images').busybox}/tag?repo=gantry-adopt&tag=1`)
  const image = (await s.engine.call('GET', `/images/${IMAGE}/json`)) as { Id: string }
  const project = { [`${COMPOSE}.project`]: s.project, [`${COMPOSE}.version`]: version }
  await s.engine.call('POST', '/networks/create', {
    Name: NETWORK,
    Labels: { ...project, [`${COMPOSE}.network`]: 'default', [`${COMPOSE}.config-hash`]: NETWORK_HASH },
  })
  await s.engine.call('POST', '/volumes/create', {
    Name: VOLUME,
    Labels: { ...project, [`${COMPOSE}.volume`]: 'data', [`${COMPOSE}.config-hash`]: VOLUME_HASH },
  })
  const { Id } = (await s.engine.call('POST', `/containers/create?name=${s.project}-web-1`, {
    Image: IMAGE,
    Cmd: ['sleep', 'infinity'],
    Env: ['LEVEL=info'],
    StopTimeout: 1,
    AttachStdout: true,
    AttachStderr: true,
    Labels: {
      team: 'shop',
      ...project,
      [`${COMPOSE}.config-hash`]: hash,
      [`${COMPOSE}.container-number`]: '1',
      [`${COMPOSE}.depends_on`]: '',
      [`${COMPOSE}.image`]: image.Id,
      [`${COMPOSE}.oneoff`]: 'False',
      [`${COMPOSE}.project.config_files`]: `${s.folder}/compose.yaml`,
      [`${COMPOSE}.project.working_dir`]: s.folder,
      [`${COMPOSE}.service`]: 'web',
    },
    HostConfig: {
      Binds: [`${VOLUME}:/data:rw`, '/usr:/host:ro'],
      NetworkMode: NETWORK,
      Memory: 32 * 2 ** 20,
      ...more,
    },
    NetworkingConfig: { EndpointsConfig: { [NETWORK]: { Aliases: [`${s.project}-web-1`, 'web', 'www'] } } },
  })) as { Id: string }
  await s.engine.call('POST', `/containers/${Id}/start`)
  return Id
}

for (const [version, hash] of Object.entries(hashes))
  scenario(`a project that docker compose ${version} made is taken over as it is`, 'adopt', async s => {
    s.afterwards(() => s.engine.call('DELETE', `/images/${IMAGE}?noprune=1`))
    const id = await composed(s, version, hash)
    await s.gantry('plan', { exit: 0 })
    await s.gantry('up --detach')
    expect((await s.container('web')).Id).toBe(id)
  })

scenario('where no label matches, what can be seen of the container decides', 'adopt', async s => {
  s.afterwards(() => s.engine.call('DELETE', `/images/${IMAGE}?noprune=1`))
  const id = await composed(s, '2.17.0', '0'.repeat(64))
  await s.gantry('plan', { exit: 0 })
  await s.engine.call('DELETE', `/containers/${id}?force=1`)
  await s.gantry('down --volumes')
  await composed(s, '2.17.0', '0'.repeat(64), { Memory: 64 * 2 ** 20, CapAdd: ['NET_ADMIN'] })
  const { stdout } = await s.gantry('plan', { exit: 2 })
  expect(stdout).toMatch(/web-1\s+replace\s/)
  expect(stdout).toContain('mem_limit "64M" -> "32M"')
  expect(stdout).toContain('cap_add "NET_ADMIN" ->')
})

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hashedText } from '../../../src/local/hash.ts'
import type { Service } from '../../../src/model/project.ts'
import { fakeEngine } from '../../kit/fake-engine.ts'
import { changesOf, upWith } from '../../kit/run.ts'
import { type Declared, shop } from '../../kit/shop.ts'

const web = (more: Service = {}) => shop({ services: { web: more } })

async function running(declared: Declared) {
  const fake = fakeEngine({ images: ['app:1', 'app:2'] })
  await upWith(fake, shop(declared))
  return fake
}

const between = async (before: Service, after: Service) =>
  changesOf(await running({ services: { web: before } }), web(after))

test('a changed variable is told with both values', async () => {
  const change = await between({ environment: { LOG_LEVEL: 'info' } }, { environment: { LOG_LEVEL: 'debug' } })
  expect(change).toBe('web-1 replace: changed environment.LOG_LEVEL "info" -> "debug"')
})

test('a new variable is told with its value, one that went with the old one', async () => {
  expect(await between({}, { environment: { A: '1' } })).toBe('web-1 replace: changed environment.A "1"')
  expect(await between({ environment: { A: '1' } }, {})).toBe('web-1 replace: changed environment.A "1"')
})

test('values that look secret are masked', async () => {
  const before = { environment: { DB_PASSWORD: 'one', URL: 'redis://me:one@db/0' } }
  const after = { environment: { DB_PASSWORD: 'two', URL: 'redis://me:two@db/1' } }
  expect(await between(before, after)).toBe(
    'web-1 replace: changed environment.DB_PASSWORD "********" -> "********", changed environment.URL "redis://me:********@db/0" -> "redis://me:********@db/1"',
  )
})

test('every attribute that changed is a reason of its own', async () => {
  expect(await between({ command: ['serve'], user: 'a' }, { command: ['serve', '--fast'], user: 'b' })).toBe(
    'web-1 replace: changed command "serve" -> "serve --fast", changed user "a" -> "b"',
  )
})

test('what never reaches a container changes nothing', async () => {
  expect(await between({}, { develop: { watch: [{ path: '.', action: 'rebuild' }] } })).toBe('')
})

test('another image under the same name is told by its digests', async () => {
  const fake = await running({ services: { web: {} } })
  const id = () => fake.images().get('app:1')!.id.slice(7, 19)
  const before = id()
  fake.retag('app:1')
  expect(await changesOf(fake, web())).toBe(`web-1 replace: changed image "${before}" -> "${id()}"`)
})

test('changed content of a config is a change, though no hash of docker compose has it', async () => {
  const services = { web: { configs: [{ source: 'nginx', target: '/etc/nginx.conf' }] } }
  const fake = await running({ services, configs: { nginx: { content: 'a' } } })
  expect(await changesOf(fake, shop({ services, configs: { nginx: { content: 'b' } } }))).toBe(
    'web-1 replace: changed configs.nginx',
  )
})

test('a dependant in its namespace says whose container was replaced', async () => {
  const services = (more: Service): Declared['services'] => ({ vpn: more, app: { network_mode: 'service:vpn' } })
  const fake = await running({ services: services({}) })
  expect(await changesOf(fake, shop({ services: services({ user: 'me' }) }))).toBe(
    'vpn-1 replace: changed user "me"\napp-1 replace: parent-replaced network_mode "vpn"',
  )
})

test('a dependant in its namespace stays as it is when replicas are added beside the first', async () => {
  const services = (scale: number): Declared['services'] => ({ vpn: { scale }, app: { network_mode: 'service:vpn' } })
  const fake = await running({ services: services(1) })
  expect(await changesOf(fake, shop({ services: services(2) }))).toBe('vpn-2 create: missing')
})

test('a container that ended is told with its exit code', async () => {
  const fake = await running({ services: { web: {} } })
  fake.exit('shop-web-1', 3)
  expect(await changesOf(fake, web())).toBe('web-1 start: exited "3"')
})

test('forcing is a reason, and so is its opposite none', async () => {
  const fake = await running({ services: { web: {} } })
  expect(await changesOf(fake, web(), { recreate: 'always' })).toBe('web-1 replace: forced')
  expect(await changesOf(fake, web({ user: 'me' }), { recreate: 'never' })).toBe('')
})

test('flags speak of the named services, and of the others only where they say so', async () => {
  const services: Declared['services'] = {
    db: {},
    web: { depends_on: { db: { condition: 'service_started', required: true } } },
  }
  const fake = await running({ services })
  const named = { services: ['web'], recreate: 'always' } as const
  expect(await changesOf(fake, shop({ services }), named)).toBe('web-1 replace: forced')
  expect(await changesOf(fake, shop({ services }), { ...named, recreateDeps: true })).toBe(
    'db-1 replace: forced\nweb-1 replace: forced',
  )
})

test('a service that is not selected is neither touched nor an orphan', async () => {
  const services: Declared['services'] = { db: {}, web: {} }
  const fake = await running({ services })
  const changed = shop({ services: { db: { user: 'me' }, web: { user: 'me' } } })
  expect(await changesOf(fake, changed, { services: ['web'], removeOrphans: true })).toBe(
    'web-1 replace: changed user "me"',
  )
})

test('a container of run is an orphan once it has ended: before its start it is one that is about to run', async () => {
  const fake = await running({ services: { web: {} } })
  const labels = {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    'com.docker.compose.oneoff': 'True',
    'com.docker.compose.config-hash': 'abc',
  }
  await fake.engine.createContainer('shop-web-run-1', { image: 'app:1', labels })
  const changes = () => changesOf(fake, web(), { removeOrphans: true })
  expect(await changes()).toBe('')
  await fake.engine.startContainer('shop-web-run-1')
  expect(await changes()).toBe('')
  fake.exit('shop-web-run-1', 0)
  expect(await changes()).toBe('web-run-1 remove: orphan')
})

test('containers made from another directory under the same name are nobody’s orphans', async () => {
  const fake = fakeEngine({ images: ['app:1'] })
  await upWith(fake, { ...shop({ services: { other: {} } }), working_dir: '/srv/elsewhere' })
  expect(await changesOf(fake, web(), { removeOrphans: true })).toBe('web-1 create: missing')
})

test('limits changed behind our back are found, and those that nobody declares too', async () => {
  const fake = await running({ services: { a: { mem_limit: 64e6 }, b: {} } })
  await fake.engine.updateContainer('shop-a-1', { resources: { memory: 32e6 } })
  await fake.engine.updateContainer('shop-b-1', { resources: { memory: 32e6 } })
  expect(await changesOf(fake, shop({ services: { a: { mem_limit: 64e6 }, b: {} } }))).toBe(
    'a-1 update: drifted mem_limit "32000000" -> "64000000"\nb-1 replace: drifted mem_limit "32000000"',
  )
})

test.each([
  ['pids_limit', { pids_limit: 50 }, '"50"'],
  ['cpu_quota', { cpu_quota: 20_000 }, '"20000"'],
  ['memswap_limit', { memory_swap: 64e6 }, '"64000000"'],
  ['blkio_config.weight', { blkio_weight: 300 }, '"300"'],
  ['cpu_rt_runtime', { cpu_realtime_runtime: 900 }, '"900"'],
])('%s, set behind our back and declared by nobody, goes with a new container', async (path, resources, told) => {
  const fake = await running({ services: { a: {} } })
  await fake.engine.updateContainer('shop-a-1', { resources })
  const project = shop({ services: { a: {} } })
  expect(await changesOf(fake, project)).toBe(`a-1 replace: drifted ${path} ${told}`)
  await upWith(fake, project)
  expect(await changesOf(fake, project)).toBe('')
})

test('a weight that is declared is put right, and one that the kernel does not keep is let be', async () => {
  const declared = { services: { a: { blkio_config: { weight: 500 } } } }
  const fake = await running(declared)
  await fake.engine.updateContainer('shop-a-1', { resources: { blkio_weight: 300 } })
  expect(await changesOf(fake, shop(declared))).toBe('a-1 replace: drifted blkio_config.weight "300" -> "500"')
  await fake.engine.updateContainer('shop-a-1', { resources: { blkio_weight: undefined } as never })
  expect(await changesOf(fake, shop(declared))).toBe('')
})

test('a container taken off a network, or without its aliases, is put back', async () => {
  const fake = await running({ services: { a: {}, b: {} } })
  await fake.engine.disconnectNetwork('shop_default', 'shop-a-1')
  await fake.engine.disconnectNetwork('shop_default', 'shop-b-1')
  await fake.engine.connectNetwork('shop_default', 'shop-b-1', { network: 'shop_default' })
  expect(await changesOf(fake, shop({ services: { a: {}, b: {} } }))).toBe(
    'a-1 reattach: detached networks.default\nb-1 reattach: drifted networks.default.aliases "shop-b-1 b"',
  )
})

describe('a container that docker compose made, without our label', () => {
  async function foreign(service: Service) {
    const fake = await running({ services: { web: service } })
    const [c] = fake.containers()
    const { 'dev.gantry.attributes': _, ...labels } = c!.spec.labels
    c!.spec = { ...c!.spec, labels }
    return fake
  }

  test('is kept where the hashes are equal', async () => {
    expect(await changesOf(await foreign({}), web())).toBe('')
  })

  test('is replaced where they are not, and what can be told from inspecting it is told', async () => {
    const fake = await foreign({ environment: { LEVEL: 'info', SAME: '1' } })
    expect(await changesOf(fake, web({ environment: { LEVEL: 'debug', SAME: '1' } }))).toBe(
      'web-1 replace: changed environment.LEVEL "info" -> "debug"',
    )
  })

  test.each<[Service, Service, string]>([
    [{ read_only: true }, {}, 'read_only "true"'],
    [{ stop_grace_period: 10_000 }, { stop_grace_period: 90_000 }, 'stop_grace_period "10s" -> "1m30s"'],
    [
      { healthcheck: { test: ['CMD', 'a'], interval: 5000 } },
      { healthcheck: { test: ['CMD', 'b'], interval: 60_000 } },
      'healthcheck.test "CMD a" -> "CMD b", changed healthcheck.interval "5s" -> "1m"',
    ],
    [
      { ports: [{ target: 80, published: '8080' }] },
      { ports: [{ target: 80, published: '8081' }] },
      'ports "8080:80" -> "8081:80"',
    ],
    [{ command: ['a', 'b'] }, {}, 'command "a b" -> "serve"'],
    [{ environment: { OLD: 'x' } }, {}, 'environment.OLD "x"'],
    [{ sysctls: { a: '1' } }, {}, 'sysctls.a "1"'],
  ])('is replaced for what it shows: %j to %j', async (before, after, told) => {
    expect(await changesOf(await foreign(before), web(after))).toBe(`web-1 replace: changed ${told}`)
  })

  test.each<[Service, Service, string]>([
    [{ mem_limit: 32 * 2 ** 20 }, { mem_limit: 48 * 2 ** 20 }, 'mem_limit "32M" -> "48M"'],
    [
      { deploy: { resources: { limits: { memory: 2 ** 30, cpus: 1.5 } } } },
      { deploy: { resources: { limits: { memory: 1.5 * 2 ** 30, cpus: 1.5 } } } },
      'deploy.resources.limits.memory "1G" -> "1536M"',
    ],
    [{ cpus: 0.5 }, { cpus: 2 }, 'cpus "0.5" -> "2"'],
    [{ restart: 'always' }, { restart: 'unless-stopped' }, 'restart "always" -> "unless-stopped"'],
    [{ restart: 'always' }, {}, 'restart "always"'],
  ])('is changed in place where the engine can: %j to %j', async (before, after, told) => {
    expect(await changesOf(await foreign(before), web(after))).toBe(`web-1 update: changed ${told}`)
  })

  test.each<[Service, Service]>([
    [{ working_dir: '/srv' }, { working_dir: '/srv/' }],
    [{ stop_signal: 'SIGTERM' }, { stop_signal: '15' }],
    [{ stop_grace_period: 1000 }, { stop_grace_period: 1500 }],
    [{ healthcheck: { test: ['CMD', 'a'] } }, { healthcheck: { test: ['CMD', 'a'], start_period: 0 } }],
  ])('is kept where the engine tells the same in its own way: %j for %j', async (live, declared) => {
    expect(await changesOf(await foreign(live), web(declared))).toBe('')
  })

  test('is kept where only its hash differs: the live container decides', async () => {
    expect(
      await changesOf(await foreign({ develop: { watch: [] }, sysctls: { a: '1' } }), web({ sysctls: { a: '1' } })),
    ).toBe('')
  })

  test('is kept once it has been replaced', async () => {
    const fake = await foreign({ restart: 'always' })
    await upWith(fake, web({ mem_limit: 2 ** 25 }))
    expect(await changesOf(fake, web({ mem_limit: 2 ** 25 }))).toBe('')
  })

  test('is replaced where its hash differs and not all of it can be seen', async () => {
    const linked = { links: ['db'] }
    expect(await changesOf(await foreign({ ...linked, develop: { watch: [] } }), web(linked))).toBe(
      'web-1 replace: changed config',
    )
  })

  test('is kept where docker compose 2 wrote what 5.5 leaves out', async () => {
    const bind = {
      volumes: [{ type: 'bind', source: '/srv', target: '/srv', bind: { create_host_path: true } }],
    } as const
    const fake = await foreign(bind)
    const [c] = fake.containers()
    const project = web(bind)
    const older = hashedText(project, 'web', () => undefined).replace('"bind":{}', '"bind":{"create_host_path":true}')
    const hash = createHash('sha256').update(older).digest('hex')
    c!.spec = { ...c!.spec, labels: { ...c!.spec.labels, 'com.docker.compose.config-hash': hash } }
    expect(await changesOf(fake, project)).toBe('')
  })
})

describe('what a change is called', () => {
  const front = (endpoint: NonNullable<Service['networks']>[string]) => ({ networks: { front: endpoint } })
  const onFront = async (before: Service, after: Service) => {
    const networks = { front: {} }
    const fake = await running({ services: { web: before }, networks })
    return changesOf(fake, shop({ services: { web: after }, networks }))
  }

  test('aliases are told with what they were', async () => {
    expect(await onFront(front({ aliases: ['a'] }), front({ aliases: ['a', 'b'] }))).toBe(
      'web-1 reattach: changed networks.front.aliases "a" -> "a b"',
    )
    expect(await onFront(front({ aliases: ['a'] }), front(null))).toBe(
      'web-1 reattach: changed networks.front.aliases "a"',
    )
  })

  test('a limit that is declared no more is told once', async () => {
    expect(await between({ mem_limit: 64 * 2 ** 20 }, {})).toBe('web-1 replace: changed mem_limit "64M"')
  })

  test('a network of another name is told as renamed, to its containers, too', async () => {
    const services = { web: { networks: { front: null } } }
    const fake = await running({ services, networks: { front: {} } })
    expect(await changesOf(fake, shop({ services, networks: { front: { name: 'other' } } }))).toBe(
      'other create: renamed name "shop_front" -> "other"\nweb-1 reattach: renamed networks.front "shop_front" -> "other"',
    )
  })

  test('a network that is left is told by its name', async () => {
    const networks = { front: {}, back: {} }
    const fake = await running({ services: { web: { networks: { front: null, back: null } } }, networks })
    expect(await changesOf(fake, shop({ services: { web: { networks: { front: null } } }, networks }))).toBe(
      'web-1 reattach: changed networks.back "shop_back"',
    )
  })

  test('an option of a network driver is told, whoever’s name it bears', async () => {
    const [services, option] = [{ web: {} }, 'com.docker.network.driver.mtu']
    const fake = await running({ services, networks: { default: { driver_opts: { [option]: '1500' } } } })
    expect(
      await changesOf(fake, shop({ services, networks: { default: { driver_opts: { [option]: '1400' } } } })),
    ).toContain(`changed networks.default.driver_opts.${option} "1500" -> "1400"`)
  })

  test('a volume of another name is a change of the file, and no drift', async () => {
    const services = { web: { volumes: [{ type: 'volume' as const, source: 'data', target: '/data' }] } }
    const fake = await running({ services, volumes: { data: {} } })
    expect(await changesOf(fake, shop({ services, volumes: { data: { name: 'other' } } }))).toContain(
      'web-1 replace: changed volumes./data "shop_data" -> "other"',
    )
  })
})

describe('a container that somebody has renamed', () => {
  test('is given its name again', async () => {
    const fake = await running({ services: { web: {} } })
    await fake.engine.renameContainer('shop-web-1', 'mine')
    expect(await changesOf(fake, web())).toBe('web-1 rename: renamed "mine" -> "shop-web-1"')
    await upWith(fake, web())
    expect(fake.containers().map(c => c.name)).toEqual(['shop-web-1'])
    expect(await changesOf(fake, web())).toBe('')
  })

  test('keeps it where it is the name with the other separator, or where another of the project has its own', async () => {
    const fake = await running({ services: { web: { scale: 2 } } })
    await fake.engine.renameContainer('shop-web-1', 'shop_web_1')
    expect(await changesOf(fake, web({ scale: 2 }))).toBe('')
    await fake.engine.renameContainer('shop-web-2', 'shop-web-1')
    expect(await changesOf(fake, web({ scale: 2 }))).toBe('web-2 rename: renamed "shop-web-1" -> "shop-web-2"')
  })
})

test('an endpoint that somebody made anew is told by what it lacks', async () => {
  const project = shop({ services: { web: { networks: { front: { aliases: ['www'] } } } }, networks: { front: {} } })
  const fake = fakeEngine({ images: ['app:1'] })
  await upWith(fake, project)
  await fake.engine.disconnectNetwork('shop_front', 'shop-web-1')
  await fake.engine.connectNetwork('shop_front', 'shop-web-1', { network: 'shop_front', aliases: ['else'] })
  expect(await changesOf(fake, project)).toMatch(/^web-1 reattach: drifted networks.front.aliases "else" -> ".*www.*"$/)
})

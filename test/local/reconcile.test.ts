import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import { up } from '../../src/actions/up.ts'
import { EngineError } from '../../src/engine/errors.ts'
import type { Service } from '../../src/model/project.ts'
import type { FakeContainer } from '../kit/fake-container.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { quietly, stepsOf, upWith } from '../kit/run.ts'
import { type Declared, shop } from '../kit/shop.ts'

const images = ['app:1', 'app:2']
const web = (more: Service = {}) => shop({ services: { web: more } })
const debug = { environment: { LEVEL: 'debug' } }
const lines = (...all: string[]) => all.join('\n')

/** An engine on which a project is up. */
async function running(declared: Declared) {
  const fake = fakeEngine({ images })
  await upWith(fake, shop(declared))
  return fake
}

describe('from nothing', () => {
  test('networks and volumes come before the containers that use them', async () => {
    const project = shop({
      services: { web: { volumes: [{ type: 'volume', source: 'data', target: '/data' }] } },
      volumes: { data: {} },
    })
    expect(await stepsOf(fakeEngine({ images }), project)).toBe(
      lines(
        '[] -> #1 shop_default: create-network (missing)',
        '[] -> #2 shop_data: create-volume (missing)',
        '[1,2] -> #3 shop-web-1: create-container (missing)',
        '[3] -> #4 shop-web-1: start-container (missing)',
      ),
    )
  })

  test('containers are made at once, and start when what they depend on is healthy', async () => {
    const healthy = { condition: 'service_healthy', required: true } as const
    const project = shop({
      services: {
        db: { healthcheck: { test: ['CMD', 'true'] } },
        api: { depends_on: { db: healthy } },
        web: { depends_on: { db: healthy } },
      },
    })
    expect(await stepsOf(fakeEngine({ images }), project)).toBe(
      lines(
        '[] -> #1 shop_default: create-network (missing)',
        '[1] -> #2 shop-db-1: create-container (missing)',
        '[2] -> #3 shop-db-1: start-container (missing)',
        '[1] -> #4 shop-api-1: create-container (missing)',
        '[3] -> #5 shop-db-1: wait',
        '[3,4,5] -> #6 shop-api-1: start-container (missing)',
        '[1] -> #7 shop-web-1: create-container (missing)',
        '[3,5,7] -> #8 shop-web-1: start-container (missing)',
      ),
    )
  })

  test('a container in another’s namespace is made once the other runs', async () => {
    const project = shop({ services: { vpn: {}, app: { network_mode: 'service:vpn' } } })
    expect(await stepsOf(fakeEngine({ images }), project)).toBe(
      lines(
        '[] -> #1 shop_default: create-network (missing)',
        '[1] -> #2 shop-vpn-1: create-container (missing)',
        '[2] -> #3 shop-vpn-1: start-container (missing)',
        '[3] -> #4 shop-app-1: create-container (missing)',
        '[3,4] -> #5 shop-app-1: start-container (missing)',
      ),
    )
  })

  test('without starting, nothing is started or waited for', async () => {
    expect(await stepsOf(fakeEngine({ images }), web(), { noStart: true })).toBe(
      lines('[] -> #1 shop_default: create-network (missing)', '[1] -> #2 shop-web-1: create-container (missing)'),
    )
  })

  test('without starting, what replaces a container waits for nothing either: nothing would start it', async () => {
    const healthy = { condition: 'service_healthy', required: true } as const
    const declared = {
      services: { db: { healthcheck: { test: ['CMD', 'true'] } }, web: { depends_on: { db: healthy } } },
    }
    const fake = fakeEngine({ images })
    await upWith(fake, shop(declared), { noStart: true })
    expect(await stepsOf(fake, shop(declared), { noStart: true, recreate: 'always', services: ['web'] })).toBe(
      lines(
        '[] -> #1 shop-web-1: create-container (forced)',
        '[1] -> #2 shop-web-1: remove-container (forced)',
        '[2] -> #3 shop-web-1: rename-container (forced)',
      ),
    )
  })

  test('under --wait, each service is waited for at the end', async () => {
    expect(await stepsOf(fakeEngine({ images }), web(), { wait: true })).toBe(
      lines(
        '[] -> #1 shop_default: create-network (missing)',
        '[1] -> #2 shop-web-1: create-container (missing)',
        '[2] -> #3 shop-web-1: start-container (missing)',
        '[3] -> #4 shop-web-1: wait',
      ),
    )
  })
})

describe('a changed container', () => {
  test('is replaced: the new one made, the old stopped, the new started and seen to run, the old removed', async () => {
    const fake = await running({ services: { web: {} } })
    expect(await stepsOf(fake, web(debug))).toBe(
      lines(
        '[] -> #1 shop-web-1: create-container (environment.LEVEL)',
        '[1] -> #2 shop-web-1: stop-container (environment.LEVEL)',
        '[1,2] -> #3 shop-web-1: start-container (environment.LEVEL)',
        '[3] -> #4 shop-web-1: wait (environment.LEVEL)',
        '[1,2,4] -> #5 shop-web-1: remove-container (environment.LEVEL)',
        '[5] -> #6 shop-web-1: rename-container (environment.LEVEL)',
      ),
    )
  })

  test('is made under its predecessor’s id and its own name, which it has in the end', async () => {
    const fake = await running({ services: { web: {} } })
    const [old] = fake.containers()
    fake.calls.length = 0
    await upWith(fake, web(debug))
    expect(fake.calls.find(c => c.name === 'createContainer')?.about).toBe(`${old!.id.slice(0, 12)}_shop-web-1`)
    expect(fake.containers().map(c => c.name)).toEqual(['shop-web-1'])
  })

  test('keeps the port it publishes: it starts when the old one has stopped', async () => {
    const ports = [{ target: 80, published: '8080' }]
    const fake = await running({ services: { web: { ports } } })
    await upWith(fake, web({ ports, ...debug }))
    expect(fake.containers().map(c => `${c.state} ${c.ports[0]?.published}`)).toEqual(['running 8080'])
  })

  test('keeps a fixed address: that is only taken at the start', async () => {
    const networks = { default: { ipv4_address: '10.9.0.7' } }
    const fake = await running({ services: { web: { networks } } })
    await upWith(fake, web({ networks, ...debug }))
    expect(fake.containers().map(c => c.state)).toEqual(['running'])
  })

  test('takes over the anonymous volumes of the old one', async () => {
    const volumes = [{ type: 'volume', target: '/scratch' }] as const
    const fake = await running({ services: { web: { volumes } } })
    const [before] = fake.containers().flatMap(c => c.mounts.map(m => m.name))
    await upWith(fake, web({ volumes, ...debug }))
    expect(fake.containers().flatMap(c => c.mounts.map(m => m.name))).toEqual([before])
  })

  test('gets new anonymous volumes where they are asked for', async () => {
    const volumes = [{ type: 'volume', target: '/scratch' }] as const
    const fake = await running({ services: { web: { volumes } } })
    const [before] = fake.containers().flatMap(c => c.mounts.map(m => m.name))
    await upWith(fake, web({ volumes }), { renewAnonVolumes: true })
    expect(fake.containers().flatMap(c => c.mounts.map(m => m.name))).not.toContain(before)
  })

  test('that a dependant waits for is removed only when the new one is healthy', async () => {
    const services = (db: Service) => ({
      db: { healthcheck: { test: ['CMD', 'true'] }, ...db },
      web: { depends_on: { db: { condition: 'service_healthy', required: true } } } as Service,
    })
    const fake = await running({ services: services({}) })
    const plan = await stepsOf(fake, shop({ services: { ...services(debug), web: { ...services({}).web, ...debug } } }))
    expect(plan.split('\n').filter(l => l.includes('db'))).toEqual([
      '[] -> #1 shop-db-1: create-container (environment.LEVEL)',
      '[1] -> #2 shop-db-1: stop-container (environment.LEVEL)',
      '[1,2] -> #3 shop-db-1: start-container (environment.LEVEL)',
      '[3] -> #4 shop-db-1: wait (environment.LEVEL)',
      '[1,2,4] -> #5 shop-db-1: remove-container (environment.LEVEL)',
      '[5] -> #6 shop-db-1: rename-container (environment.LEVEL)',
      '[6] -> #8 shop-db-1: wait',
    ])
  })

  test('leaves the old one able to start when the new one does not start', async () => {
    const broken = 'exec: "nope": not found'
    const fake = fakeEngine({ images, behave: s => (s.command?.[0] === 'nope' ? { refuses: broken } : {}) })
    await upWith(fake, web())
    await expect(upWith(fake, web({ command: ['nope'] }))).rejects.toThrow(broken)
    const [old] = fake.containers()
    expect(`${old!.name} ${old!.state}`).toBe('shop-web-1 exited')
    await fake.engine.startContainer(old!.id)
    expect(old!.state).toBe('running')
  })
})

describe('a container that an engine was killed over while it started it', () => {
  const stick = (c: FakeContainer) => {
    c.state = 'created'
    c.error = `task ${c.id}: already exists`
  }

  test('is replaced: that engine starts it no more', async () => {
    const fake = await running({ services: { web: {} } })
    stick(fake.containers()[0]!)
    expect(await stepsOf(fake, web())).toMatch(/^\[\] -> #1 shop-web-1: create-container \(stuck\)\n/)
    await upWith(fake, web())
    expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-web-1 running'])
  })

  test('gives way to another, where it was to replace one', async () => {
    const fake = await running({ services: { web: {} } })
    const refused = new EngineError('failed', 'killed', { status: 500 })
    fake.inject(({ name }) => (name === 'startContainer' ? { when: 'before', error: refused } : undefined))
    await expect(upWith(fake, web(debug))).rejects.toThrow('killed')
    fake.inject(undefined)
    const made = fake.containers()[1]!
    stick(made)
    await upWith(fake, web(debug))
    expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-web-1 running'])
    expect(fake.containers().map(c => c.id)).not.toContain(made.id)
  })
})

describe('an interrupted replacement', () => {
  async function interruptedAt(call: string, declared: Service = debug) {
    const fake = await running({ services: { web: {} } })
    const error = new EngineError('failed', 'server error', { status: 500 })
    fake.inject(({ name }) => (name === call ? { when: 'before', error } : undefined))
    await upWith(fake, web(declared)).catch(() => {})
    fake.inject(undefined)
    return fake
  }

  test('whose new container was made is finished with it', async () => {
    const fake = await interruptedAt('stopContainer')
    expect(await stepsOf(fake, web(debug))).toBe(
      lines(
        '[] -> #1 shop-web-1: stop-container (environment.LEVEL, leftover)',
        '[1] -> #2 shop-web-1: start-container (environment.LEVEL, leftover)',
        '[2] -> #3 shop-web-1: wait (environment.LEVEL, leftover)',
        '[1,3] -> #4 shop-web-1: remove-container (environment.LEVEL, leftover)',
        '[4] -> #5 shop-web-1: rename-container (environment.LEVEL, leftover)',
      ),
    )
  })

  test('that lacks only the name is given it', async () => {
    const fake = await interruptedAt('renameContainer')
    expect(await stepsOf(fake, web(debug))).toBe('[] -> #1 shop-web-1: rename-container (leftover)')
  })

  test('towards what is no longer wanted is undone', async () => {
    const fake = await interruptedAt('stopContainer')
    const [, fresh] = fake.containers()
    expect(await stepsOf(fake, web())).toBe(`[] -> #1 ${fresh!.name}: remove-container (leftover)`)
  })

  test('towards something else yet is undone and done anew', async () => {
    const fake = await interruptedAt('startContainer')
    await upWith(fake, web({ environment: { LEVEL: 'trace' } }))
    expect(fake.containers().map(c => `${c.name} ${c.spec.env?.join()}`)).toEqual(['shop-web-1 LEVEL=trace'])
  })
})

describe('scaling', () => {
  test('gives new replicas the numbers after the highest', async () => {
    const fake = await running({ services: { web: { scale: 3 } } })
    await fake.engine.removeContainer('shop-web-1', { force: true })
    expect(await stepsOf(fake, web({ scale: 4 }))).toBe(
      lines(
        '[] -> #1 shop-web-4: create-container (missing)',
        '[1] -> #2 shop-web-4: start-container (missing)',
        '[] -> #3 shop-web-5: create-container (missing)',
        '[3] -> #4 shop-web-5: start-container (missing)',
      ),
    )
  })

  test('down takes the highest numbers', async () => {
    const fake = await running({ services: { web: { scale: 3 } } })
    expect(await stepsOf(fake, web({ scale: 1 }))).toBe(
      lines(
        '[] -> #1 shop-web-2: stop-container (scale)',
        '[1] -> #2 shop-web-2: remove-container (scale)',
        '[] -> #3 shop-web-3: stop-container (scale)',
        '[3] -> #4 shop-web-3: remove-container (scale)',
      ),
    )
  })

  test('down takes what is out of date before what is not', async () => {
    const fake = await running({ services: { web: { scale: 1 } } })
    await upWith(fake, web({ scale: 2, ...debug }), { recreate: 'never' })
    await upWith(fake, web({ scale: 1, ...debug }))
    expect(fake.containers().map(c => `${c.name} ${c.spec.env?.join()}`)).toEqual(['shop-web-2 LEVEL=debug'])
  })
})

describe('a changed network', () => {
  test('is made anew under containers that go on running, and get back what they had on it', async () => {
    const services = { web: { networks: { front: { aliases: ['www'] } } } }
    const fake = await running({ services, networks: { front: {} } })
    const changed = shop({ services, networks: { front: { internal: true } } })
    expect(await stepsOf(fake, changed)).toBe(
      lines(
        '[] -> #1 shop_front: disconnect-network (networks.front.internal)',
        '[1] -> #2 shop_front: remove-network (networks.front.internal)',
        '[2] -> #3 shop_front: create-network (networks.front.internal)',
        '[3] -> #4 shop-web-1: connect-network (networks.front)',
      ),
    )
    await upWith(fake, changed)
    const [c] = fake.containers()
    expect(c!.state).toBe('running')
    expect([...c!.networks.values()].map(n => n.endpoint.aliases)).toEqual([['shop-web-1', 'web', 'www']])
  })

  test('that got another name is made, its containers move, and the old one goes', async () => {
    const services = { web: { networks: { front: null } } }
    const fake = await running({ services, networks: { front: {} } })
    const renamed = shop({ services, networks: { front: { name: 'edge' } } })
    await upWith(fake, renamed)
    expect(fake.networks().map(n => n.name)).toEqual(['edge'])
    expect(fake.containers().map(c => `${c.state} ${[...c.networks.values()].map(n => n.name)}`)).toEqual([
      'running edge',
    ])
  })
})

test('a changed network that containers of others are on is refused by name, before anything is touched', async () => {
  const services = { web: { networks: { front: null } } }
  const fake = await running({ services, networks: { front: {} } })
  const theirs = await fake.engine.createContainer('theirs', { image: 'app:1', labels: {} })
  await fake.engine.connectNetwork('shop_front', theirs, { network: 'shop_front' })
  await fake.engine.startContainer(theirs)
  fake.calls.length = 0
  const changed = shop({ services, networks: { front: { internal: true } } })
  await expect(upWith(fake, changed)).rejects.toThrow(
    'network "shop_front" cannot be made anew while "theirs" of another project is on it',
  )
  expect(fake.calls.filter(c => c.changes)).toEqual([])
})

describe('a changed volume', () => {
  const services = {
    web: { volumes: [{ type: 'volume', source: 'data', target: '/data' }] },
  } satisfies Declared['services']
  const changed = shop({ services, volumes: { data: { driver_opts: { size: '1g' } } } })

  test('is never made anew without consent', async () => {
    const fake = await running({ services, volumes: { data: {} } })
    fake.calls.length = 0
    await upWith(fake, changed)
    expect(fake.calls.filter(c => c.changes)).toEqual([])
  })

  test('is left alone where only its label differs, and it is as declared', async () => {
    const fake = await running({ services, volumes: { data: {} } })
    const labels = fake.volumes()[0]!.labels as Record<string, string>
    labels['com.docker.compose.config-hash'] = 'of another version'
    expect(await stepsOf(fake, shop({ services, volumes: { data: {} } }))).toBe('')
  })

  test('is made anew with consent, after its containers have gone', async () => {
    const fake = await running({ services, volumes: { data: {} } })
    await up(changed, { ...quietly(fake), ask: async () => true })
    expect(fake.volumes().map(v => v.driver_opts)).toEqual([{ size: '1g' }])
    expect(fake.containers().map(c => c.state)).toEqual(['running'])
  })

  test('that others of the project use too brings them back as they were, though nobody asked for them', async () => {
    const mount = { volumes: [{ type: 'volume', source: 'data', target: '/data' }] } as const
    const both = { web: mount, db: { ...mount, environment: { A: '1' } }, idle: { ...mount, scale: 2 } }
    const fake = await running({ services: both, volumes: { data: {} } })
    const idle = fake.containers().filter(c => c.name.startsWith('shop-idle'))
    for (const { id } of idle) await fake.engine.stopContainer(id)
    const now = shop({ services: { ...both, idle: mount }, volumes: { data: { driver_opts: { size: '1g' } } } })
    const asked: string[] = []
    await up(now, { ...quietly(fake), services: ['web'], ask: async ({ ask }) => asked.push(ask) > 0 })
    expect(asked).toHaveLength(1)
    expect(
      fake
        .containers()
        .map(c => `${c.name} ${c.state}`)
        .toSorted(),
    ).toEqual(['shop-db-1 running', 'shop-idle-1 created', 'shop-idle-2 created', 'shop-web-1 running'])
  })

  test('is not made anew where others that use it could not all come back', async () => {
    const mount = { volumes: [{ type: 'volume', source: 'data', target: '/data' }] } as const
    const fake = await running({ services: { web: mount, db: { ...mount, scale: 2 } }, volumes: { data: {} } })
    const db = { ...mount, container_name: 'the-db' }
    const now = shop({ services: { web: mount, db }, volumes: { data: { driver_opts: { size: '1g' } } } })
    fake.calls.length = 0
    await expect(up(now, { ...quietly(fake), services: ['web'], ask: async () => true })).rejects.toThrow(
      'also used by 2 containers of "db", which can only have one now',
    )
    expect(fake.calls.filter(c => c.changes)).toEqual([])
  })

  test('names what goes with it for good, and is not asked for where another project uses it', async () => {
    const fake = await running({ services: { ...services, job: services.web }, volumes: { data: {} } })
    const asked: string[] = []
    const ask = async (question: { readonly ask: string }) => asked.push(question.ask) < 0
    await up(changed, { ...quietly(fake), ask })
    expect(asked).toEqual([expect.stringMatching(/data will be lost\)\? shop-job-1 goes with it\.$/)])
    await fake.engine.createContainer('theirs', { image: 'app:1', labels: {}, binds: ['shop_data:/data:rw'] })
    const events: Event[] = []
    await up(changed, { ...quietly(fake, events), ask })
    expect(asked).toHaveLength(1)
    expect(events.flatMap(e => (e.type === 'problem' ? [e.problem.code] : []))).toContain('volume-shared')
  })

  test('that got another name is made beside the old one, which keeps its data', async () => {
    const fake = await running({ services, volumes: { data: {} } })
    await upWith(fake, shop({ services, volumes: { data: { name: 'elsewhere' } } }))
    expect(fake.volumes().map(v => v.name)).toEqual(['shop_data', 'elsewhere'])
    expect(fake.containers().flatMap(c => c.mounts.map(m => m.name))).toEqual(['elsewhere'])
  })
})

describe('what depends on a replaced container', () => {
  test('stops before it and starts after it, where it asks to be restarted', async () => {
    const services = (more: Service): Declared['services'] => ({
      db: more,
      web: { depends_on: { db: { condition: 'service_started', restart: true, required: true } } },
    })
    const fake = await running({ services: services({}) })
    expect(await stepsOf(fake, shop({ services: services(debug) }))).toBe(
      lines(
        '[] -> #1 shop-web-1: stop-container (depends_on)',
        '[] -> #2 shop-db-1: create-container (environment.LEVEL)',
        '[1,2] -> #3 shop-db-1: stop-container (environment.LEVEL)',
        '[2,3] -> #4 shop-db-1: start-container (environment.LEVEL)',
        '[4] -> #5 shop-db-1: wait (environment.LEVEL)',
        '[2,3,5] -> #6 shop-db-1: remove-container (environment.LEVEL)',
        '[6] -> #7 shop-db-1: rename-container (environment.LEVEL)',
        '[1,7] -> #8 shop-web-1: start-container (depends_on)',
      ),
    )
  })

  test('stays as it is, where it does not ask', async () => {
    const services = (more: Service): Declared['services'] => ({
      db: more,
      web: { depends_on: { db: { condition: 'service_started', required: true } } },
    })
    const fake = await running({ services: services({}) })
    expect(await stepsOf(fake, shop({ services: services(debug) }))).not.toContain('web')
  })

  test('is replaced too, where it lives in the other’s namespace, and its label knows the new id', async () => {
    const services = (more: Service): Declared['services'] => ({ vpn: more, app: { network_mode: 'service:vpn' } })
    const fake = await running({ services: services({}) })
    await upWith(fake, shop({ services: services(debug) }))
    const [vpn, app] = fake.containers()
    expect(app!.spec.network_mode).toBe(`container:${vpn!.id}`)
    expect(await stepsOf(fake, shop({ services: services(debug) }))).toBe('')
  })

  test('is restarted, where the other whose namespace it lives in has to be started again', async () => {
    const services: Declared['services'] = { vpn: {}, app: { network_mode: 'service:vpn' } }
    const fake = await running({ services })
    fake.exit('shop-vpn-1', 1)
    expect(await stepsOf(fake, shop({ services }))).toBe(
      lines(
        '[] -> #1 shop-vpn-1: start-container (exited)',
        '[1] -> #2 shop-app-1: restart-container (parent-started)',
      ),
    )
  })
})

test('orphans are removed only on demand, and what takes over their name waits for that', async () => {
  const fake = await running({ services: { old: { container_name: 'site' } } })
  const project = web({ container_name: 'site' })
  expect(await stepsOf(fake, shop({ services: {} }))).toBe('')
  expect(await stepsOf(fake, project, { removeOrphans: true })).toBe(
    lines(
      '[] -> #1 site: stop-container (orphan)',
      '[1] -> #2 site: remove-container (orphan)',
      '[2] -> #3 site: create-container (missing)',
      '[3] -> #4 site: start-container (missing)',
    ),
  )
})

test('limits, restart policy and networks change without a new container', async () => {
  const fake = await running({ services: { web: { mem_limit: 64e6 } }, networks: { ops: {} } })
  const [before] = fake.containers()
  const project = shop({
    services: { web: { mem_limit: 128e6, restart: 'always', networks: { default: null, ops: null } } },
    networks: { ops: {} },
  })
  expect(await stepsOf(fake, project)).toBe(
    lines(
      '[] -> #1 shop_ops: create-network (missing)',
      '[] -> #2 shop-web-1: update-container (networks.ops, mem_limit, restart)',
      '[1] -> #3 shop-web-1: connect-network (networks.ops, mem_limit, restart)',
    ),
  )
  await upWith(fake, project)
  expect(fake.containers().map(c => c.id)).toEqual([before!.id])
  expect(await stepsOf(fake, project)).toBe('')
})

describe('links', () => {
  const linked: Service = { links: ['db:data'] }

  test('name the containers that the service has, numbers and all', async () => {
    const fake = await running({ services: { db: { scale: 2 } } })
    await fake.engine.removeContainer('shop-db-1', { force: true })
    await upWith(fake, shop({ services: { db: {}, web: linked } }))
    const web = fake.containers().find(c => c.name === 'shop-web-1')
    expect(web?.spec.networks?.[0]?.links).toEqual(['shop-db-2:data', 'shop-db-2:db-2', 'shop-db-2:shop-db-2'])
  })

  test('name what there is of a service that is not touched', async () => {
    const fake = await running({ services: { db: { scale: 2 } } })
    await upWith(fake, shop({ services: { db: {}, web: linked } }), { services: ['web'], noDeps: true })
    const web = fake.containers().find(c => c.name === 'shop-web-1')
    expect(web?.spec.networks?.[0]?.links).toHaveLength(6)
  })
})

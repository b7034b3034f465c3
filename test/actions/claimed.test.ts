import { describe, expect, test } from 'vitest'
import { kill, remove } from '../../src/actions/each.ts'
import type { Event } from '../../src/actions/event.ts'
import { restart, start, stop } from '../../src/actions/lifecycle.ts'
import { up } from '../../src/actions/up.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { EngineError } from '../../src/engine/errors.ts'
import { claim } from '../../src/local/perform/claim.ts'
import { oneself } from '../../src/local/perform/owner.ts'
import { OUR_LABEL } from '../../src/model/names.ts'
import { type FakeEngine, fakeEngine } from '../kit/fake-engine.ts'
import { downWith, quietly, upWith } from '../kit/run.ts'
import { shop } from '../kit/shop.ts'

const project = shop({
  services: { db: {}, web: { depends_on: { db: { condition: 'service_started', required: true } } } },
})
const locks = ({ calls }: FakeEngine) => calls.filter(c => c.name === 'createVolume' && c.about === 'gantry-lock-shop')

async function running(): Promise<FakeEngine> {
  const fake = fakeEngine({ images: ['app:1'] })
  await upWith(fake, project)
  fake.calls.length = 0
  return fake
}

describe('a command that changes a project', () => {
  const commands: Readonly<Record<string, (fake: FakeEngine) => Promise<unknown>>> = {
    up: fake => upWith(fake, project, { recreate: 'always' }),
    create: fake => upWith(fake, project, { recreate: 'always', noStart: true }),
    down: fake => downWith(fake, project),
    stop: fake => stop('shop', project, quietly(fake)),
    restart: fake => restart('shop', project, quietly(fake)),
    rm: fake => remove('shop', project, { ...quietly(fake), stop: true }),
  }

  test.each(Object.keys(commands))('%s claims it once, and ends that', async name => {
    const fake = await running()
    await commands[name]!(fake)
    expect(locks(fake)).toHaveLength(1)
    expect(fake.volumes().map(v => v.name)).toEqual([])
  })

  test('tells its plan once, in whatever order the engine lists things', async () => {
    const fake = fakeEngine({ images: ['app:1'] })
    const volumes = ['a', 'b'].map(source => ({ type: 'volume' as const, source, target: `/${source}` }))
    const mounting = shop({ services: { db: { volumes } }, volumes: { a: {}, b: {} } })
    await upWith(fake, mounting)
    let times = 0
    const listVolumes: Engine['listVolumes'] = async name => {
      const volumes = await fake.engine.listVolumes(name)
      return times++ % 2 ? volumes.toReversed() : volumes
    }
    const events: Event[] = []
    await downWith({ engine: { ...fake.engine, listVolumes } }, mounting, { volumes: true }, events)
    expect(events.filter(e => e.type === 'plan')).toHaveLength(1)
  })

  test('ends its claim when it fails', async () => {
    const fake = await running()
    const error = new EngineError('failed', 'server error')
    fake.inject(call => (call.name === 'stopContainer' ? { when: 'before', error } : undefined))
    await expect(downWith(fake, project)).rejects.toThrow('server error')
    expect(fake.volumes().map(v => v.name)).toEqual([])
  })
})

describe('what was seen before the claim', () => {
  test('holds where the lists are still the same, and costs no second inspection', async () => {
    const fake = await running()
    await upWith(fake, shop({ services: { db: {}, web: { environment: { A: 'b' } } } }))
    const counted = (name: string) => fake.calls.filter(c => c.name === name).length
    expect(counted('inspectImage')).toBe(1)
    expect(fake.calls.findLastIndex(c => c.name === 'inspectContainer' && c.about.length === 64)).toBeLessThan(
      fake.calls.findIndex(c => c.name === 'createContainer'),
    )
    const lists = fake.calls.slice(
      0,
      fake.calls.findIndex(c => c.name === 'createContainer'),
    )
    expect(lists.filter(c => c.name === 'listContainers')).toHaveLength(2)
    expect(lists.filter(c => c.name === 'inspectContainer')).toHaveLength(2)
  })

  test('is looked at anew where somebody changed it meanwhile', async () => {
    const fake = await running()
    const changed = shop({ services: { db: { environment: { A: 'b' } } } })
    const createVolume: Engine['createVolume'] = async (name, spec) => {
      await fake.engine.killContainer('shop-web-1', 'SIGKILL')
      return fake.engine.createVolume(name, spec)
    }
    const { db, web } = project.services
    const both = { ...changed, services: { ...changed.services, web: web! } }
    expect(db).toBeDefined()
    await upWith({ engine: { ...fake.engine, createVolume } }, both)
    expect(
      fake
        .containers()
        .map(c => `${c.name} ${c.state}`)
        .toSorted(),
    ).toEqual(['shop-db-1 running', 'shop-web-1 running'])
  })
})

describe('containers that were told to stop', () => {
  const dead = {
    [OUR_LABEL.claimed]: 'shop',
    [OUR_LABEL.owner]: JSON.stringify({ ...oneself('down'), pid: 2 ** 22, began: '1' }),
  }

  /** An engine that is stopping the database, and has done so when somebody waits for it. */
  function stoppingDatabase(fake: FakeEngine): Engine {
    const db = fake.containers().find(c => c.name === 'shop-db-1')!
    const kill = { id: db.id, name: db.name, action: 'kill', detail: '', time: 0, attributes: { signal: '15' } }
    return {
      ...fake.engine,
      events: async (filter, options) =>
        filter.until === undefined
          ? fake.engine.events(filter, options)
          : (async function* () {
              yield kill
            })(),
      async waitContainer(id, options) {
        setImmediate(() => fake.exit('shop-db-1', 0))
        return fake.engine.waitContainer(id, options)
      },
    }
  }

  async function startsThemAgain(fake: FakeEngine): Promise<void> {
    const told: Event[] = []
    await upWith({ engine: stoppingDatabase(fake) }, project, {}, told)
    expect(told.flatMap(e => (e.type === 'problem' ? [e.problem.message] : []))).toEqual([
      'waiting for container "shop-db-1" to stop, as a command had asked that was cut short',
    ])
    expect(fake.containers().map(c => c.state)).toEqual(['running', 'running'])
    const db = fake.containers().find(c => c.name === 'shop-db-1')!
    expect(db.startedAt).toBeGreaterThan(db.finishedAt)
    expect(db.finishedAt).toBeGreaterThan(0)
    expect(fake.volumes().map(v => v.name)).toEqual([])
  }

  test('by a command that was killed are waited for, and then started', async () => {
    const fake = await running()
    await fake.engine.createVolume('gantry-lock-shop', { labels: dead })
    await startsThemAgain(fake)
  })

  test('by a command that was interrupted are waited for, and then started', async () => {
    const fake = await running()
    const interrupt = new AbortController()
    const engine: Engine = {
      ...stoppingDatabase(fake),
      async stopContainer() {
        interrupt.abort(new EngineError('cancelled', 'interrupted'))
        throw interrupt.signal.reason
      },
    }
    await expect(stop('shop', project, { ...quietly({ engine }), signal: interrupt.signal })).rejects.toThrow(
      'interrupted',
    )
    expect(fake.volumes().map(v => v.name)).toEqual(['gantry-lock-shop'])
    await startsThemAgain(fake)
  })

  test('are of no concern to a command that was interrupted after they had ended', async () => {
    const fake = await running()
    const interrupt = new AbortController()
    const engine: Engine = {
      ...fake.engine,
      async stopContainer(id, options) {
        await fake.engine.stopContainer(id, options)
        interrupt.abort(new EngineError('cancelled', 'interrupted'))
      },
    }
    await expect(stop('shop', project, { ...quietly({ engine }), signal: interrupt.signal })).rejects.toThrow(
      'interrupted',
    )
    expect(fake.volumes().map(v => v.name)).toEqual([])
  })
})

describe('a command that changes nothing', () => {
  test('claims nothing', async () => {
    const fake = await running()
    await upWith(fake, project)
    await start('shop', project, quietly(fake))
    await up(project, { ...quietly(fake), recreate: 'always', dryRun: true })
    expect(locks(fake)).toEqual([])
  })
})

describe('while another command is at work', () => {
  test('up waits, looks again, and finds that nothing is left to do', async () => {
    const fake = fakeEngine({ images: ['app:1'] })
    const [claimed, met] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const first: Engine = {
      ...fake.engine,
      createVolume: (name, spec) => fake.engine.createVolume(name, spec).finally(claimed.resolve),
      createNetwork: (name, spec) => met.promise.then(() => fake.engine.createNetwork(name, spec)),
    }
    const second: Engine = {
      ...fake.engine,
      createVolume: (name, spec) =>
        claimed.promise.then(() => fake.engine.createVolume(name, spec)).finally(met.resolve),
    }
    const told: Event[][] = [[], []]
    const results = await Promise.all([first, second].map((engine, i) => upWith({ engine }, project, {}, told[i])))
    expect(fake.calls.filter(c => c.name === 'createContainer').map(c => c.about)).toEqual(['shop-db-1', 'shop-web-1'])
    const waited = told.filter(events =>
      events.some(e => e.type === 'problem' && e.problem.code === 'waiting-for-another'),
    )
    expect(waited).toHaveLength(1)
    const plans = waited[0]!.filter(e => e.type === 'plan').map(e => e.stages.flatMap(s => s.outline.changes.length))
    expect(plans).toEqual([[3], [0]])
    for (const { containers } of results) expect(containers.map(c => c.state)).toEqual(['running', 'running'])
  })

  test('kill does not wait', async () => {
    const fake = await running()
    await claim(fake.engine, 'shop', { verb: 'up', signal: new AbortController().signal, tell() {} })
    await kill('shop', project, quietly(fake))
    expect(fake.containers().map(c => c.state)).toEqual(['exited', 'exited'])
  })
})

import { describe, expect, test } from 'vitest'
import { kill, remove } from '../../src/actions/each.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Event } from '../../src/actions/event.ts'
import { restart, start, stop } from '../../src/actions/lifecycle.ts'
import { up } from '../../src/actions/up.ts'
import { claim } from '../../src/local/claim.ts'
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
    fake.inject(call => (call.name === 'stopContainer' ? { when: 'before' } : undefined))
    await expect(downWith(fake, project)).rejects.toThrow('the engine went away')
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
    const told: Event[][] = [[], []]
    const results = await Promise.all(told.map(events => upWith(fake, project, {}, events)))
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

import { describe, expect, test } from 'vitest'
import { down } from '../../src/actions/down.ts'
import type { Event } from '../../src/actions/event.ts'
import { type FakeEngine, fakeEngine } from '../kit/fake-engine.ts'
import { downWith, formatted, quietly, upWith } from '../kit/run.ts'
import { type Declared, shop } from '../kit/shop.ts'

const services: Declared['services'] = {
  db: { volumes: [{ type: 'volume', source: 'data', target: '/data' }] },
  web: {
    depends_on: { db: { condition: 'service_started', required: true } },
    volumes: [{ type: 'volume', target: '/tmp' }],
  },
}
const project = shop({ services, volumes: { data: {} } })
const lines = (...all: string[]) => all.join('\n')

async function running(): Promise<FakeEngine> {
  const fake = fakeEngine({ images: ['app:1'] })
  await upWith(fake, project)
  return fake
}

const left = (fake: FakeEngine) => [
  ...fake.containers().map(c => c.name),
  ...fake.networks().map(n => n.name),
  ...fake.volumes().map(v => (v.name.length === 64 ? 'anonymous' : v.name)),
]

const warnings = (events: readonly Event[]) => events.flatMap(e => (e.type === 'problem' ? [e.problem.message] : []))

describe('down', () => {
  test('stops dependants first, removes all, then the network', async () => {
    const fake = await running()
    const { stages } = await downWith(fake, project)
    expect(formatted(stages[0]!.outline)).toBe(
      lines(
        '[] -> #1 shop-web-1: stop-container (asked)',
        '[1] -> #2 shop-web-1: remove-container (asked)',
        '[1] -> #3 shop-db-1: stop-container (asked)',
        '[3] -> #4 shop-db-1: remove-container (asked)',
        '[2,4] -> #5 shop_default: remove-network (asked)',
      ),
    )
    expect(left(fake)).toEqual(['shop_data', 'anonymous'])
  })

  test('needs no file', async () => {
    const fake = await running()
    await down('shop', undefined, quietly(fake))
    expect(left(fake)).toEqual(['shop_data', 'anonymous'])
  })

  test('without a file names the services whose hooks nobody knows, and runs them with it', async () => {
    const hooked = shop({ services: { ...services, web: { ...services['web'], pre_stop: [{ command: ['drain'] }] } } })
    const fake = fakeEngine({ images: ['app:1'] })
    await upWith(fake, hooked)
    const events: Event[] = []
    await down('shop', undefined, { ...quietly(fake), dryRun: true, emit: event => void events.push(event) })
    expect(warnings(events)).toEqual([
      'the pre_stop hooks of "web" are not run: only the file that declares them says what they are',
    ])
    const told: Event[] = []
    const { stages } = await downWith(fake, hooked, {}, told)
    expect(warnings(told)).toEqual([])
    expect(formatted(stages[0]!.outline)).toContain('[] -> #1 shop-web-1: run-hook (asked)')
  })

  test('runs the hooks of a service whose profile is off', async () => {
    const web = { pre_stop: [{ command: ['drain'] }] }
    const fake = fakeEngine({ images: ['app:1'] })
    await upWith(fake, shop({ services: { web } }))
    const { stages } = await downWith(fake, shop({ services: {}, disabled: { web } }))
    expect(formatted(stages[0]!.outline)).toContain('run-hook')
  })

  test('removes data only on demand, and then lists it', async () => {
    const fake = await running()
    const { stages } = await downWith(fake, project, { volumes: true })
    const lost = stages[0]!.outline.changes.filter(c => c.why.some(why => why.code === 'data-goes'))
    expect(lost.map(c => c.unit.name)).toEqual(['shop_data'])
    expect(left(fake)).toEqual([])
  })

  test('leaves a volume that only an older file declared', async () => {
    const fake = await running()
    await downWith(fake, shop({ services: { ...services, db: {} } }), { volumes: true })
    expect(left(fake)).toEqual(['shop_data'])
  })

  test('leaves orphans, unless they are to go', async () => {
    const fake = await running()
    const less = shop({ services: { web: {} } })
    const events: Event[] = []
    await downWith(fake, less, {}, events)
    expect(left(fake)).toEqual(['shop-db-1', 'shop_default', 'shop_data', 'anonymous'])
    expect(warnings(events)).toEqual(['network shop_default: Resource is still in use'])
    await downWith(fake, less, { removeOrphans: true })
    expect(left(fake)).toEqual(['shop_data', 'anonymous'])
  })

  test('of a service takes what depends on it, and leaves what others use', async () => {
    const fake = await running()
    await upWith(fake, shop({ services: { ...services, other: {} }, volumes: { data: {} } }))
    await downWith(fake, shop({ services: { ...services, other: {} }, volumes: { data: {} } }), { services: ['db'] })
    expect(left(fake)).toEqual(['shop-other-1', 'shop_default', 'shop_data', 'anonymous'])
  })

  test('of an unknown service is refused where a file says what there is', async () => {
    const fake = await running()
    await expect(downWith(fake, project, { services: ['nope'] })).rejects.toThrow('no such service: nope')
  })

  test('of nothing says so', async () => {
    const events: Event[] = []
    const { changed } = await downWith(fakeEngine(), project, {}, events)
    expect(changed).toBe(false)
    expect(warnings(events)).toEqual(['No resource found to remove for project "shop".'])
  })

  test('removes images that were built for the project, or all that it names', async () => {
    const fake = fakeEngine({
      images: { 'app:1': {}, 'shop-web': { labels: { 'com.docker.compose.project': 'shop' } } },
    })
    await downWith(fake, project, { rmi: 'local' })
    expect([...fake.images().keys()]).toEqual(['app:1'])
    await downWith(fake, project, { rmi: 'all' })
    expect([...fake.images().keys()]).toEqual([])
  })

  test('never touches a container that only has the project’s label', async () => {
    const fake = await running()
    const labels = { 'com.docker.compose.project': 'shop' }
    await fake.engine.createContainer('mine', { image: 'app:1', labels })
    await downWith(fake, project, { removeOrphans: true })
    expect(left(fake)).toContain('mine')
  })

  test('planned only touches nothing', async () => {
    const fake = await running()
    fake.calls.length = 0
    expect((await downWith(fake, project, { dryRun: true, volumes: true })).changed).toBe(true)
    expect(fake.calls.filter(c => c.changes)).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { kill, pause, remove, unpause } from '../../src/actions/each.ts'
import { untilEnded } from '../../src/actions/ended.ts'
import { oneOf } from '../../src/actions/one.ts'
import { projects } from '../../src/actions/projects.ts'
import { volumes } from '../../src/actions/volumes.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { quietly, upWith } from '../kit/run.ts'
import { shop } from '../kit/shop.ts'

const project = shop({
  services: { db: { volumes: [{ type: 'volume', source: 'data', target: '/data' }] }, job: {}, web: { scale: 2 } },
  volumes: { data: {}, other: {} },
})

async function world() {
  const fake = fakeEngine({ images: ['app:1'], behave: (_, name) => (name.includes('job') ? { exits: 3 } : {}) })
  await upWith(fake, project, { allResources: true })
  await new Promise(setImmediate)
  const states = () => fake.containers().map(c => `${c.name.replace('shop-', '')} ${c.state}`)
  return { fake, states, options: quietly(fake) }
}

test('kill ends what runs, at once', async () => {
  const { states, options } = await world()
  const { containers } = await kill('shop', project, { ...options, services: ['web'] })
  expect(containers).toEqual(['shop-web-1', 'shop-web-2'])
  expect(states().toSorted()).toEqual(['db-1 running', 'job-1 exited', 'web-1 exited', 'web-2 exited'])
})

test('a signal that asks for nothing final leaves containers running', async () => {
  const { states, options } = await world()
  await kill('shop', project, { ...options, signalName: 'SIGHUP' })
  expect(states()).toContain('db-1 running')
})

test('pause freezes what runs, unpause lets it go on', async () => {
  const { states, options } = await world()
  await pause('shop', project, { ...options, services: ['db'] })
  expect(states()).toContain('db-1 paused')
  const { containers } = await unpause('shop', project, options)
  expect(containers).toEqual(['shop-db-1'])
  expect(states()).toContain('db-1 running')
})

test('rm removes what does not run, and what runs only where it may be stopped first', async () => {
  const { states, options } = await world()
  expect((await remove('shop', project, options)).containers).toEqual(['shop-job-1'])
  await remove('shop', project, { ...options, stop: true, services: ['web'] })
  expect(states()).toEqual(['db-1 running'])
})

test('rm that is not confirmed removes nothing', async () => {
  const { states, options } = await world()
  const before = states()
  const asked: string[] = []
  await remove('shop', project, {
    ...options,
    stop: true,
    confirm: async names => {
      asked.push(...names)
      return false
    },
  })
  expect(asked).toHaveLength(4)
  expect(states()).toEqual(before)
})

test('under dry run all of them only tell', async () => {
  const { states, options } = await world()
  const before = states()
  const { stages } = await kill('shop', project, { ...options, dryRun: true })
  expect(stages[0]!.outline.changes.map(c => `${c.unit.short} ${c.verdict}`)).toEqual([
    'db-1 kill',
    'web-1 kill',
    'web-2 kill',
  ])
  expect(states()).toEqual(before)
})

test('the container that a command is about is the first of its service, or the one of a number', async () => {
  const { fake } = await world()
  expect((await oneOf(fake.engine, 'shop', 'web')).name).toBe('shop-web-1')
  expect((await oneOf(fake.engine, 'shop', 'web', 0)).name).toBe('shop-web-1')
  expect((await oneOf(fake.engine, 'shop', 'web', 2)).name).toBe('shop-web-2')
  await expect(oneOf(fake.engine, 'shop', 'job')).rejects.toThrow('service "job" is not running')
  await expect(oneOf(fake.engine, 'shop', 'web', 3)).rejects.toThrow('service "web" is not running container #3')
})

test('projects are told with how many containers are in which state', async () => {
  const { fake } = await world()
  const files = '/srv/shop/compose.yaml'
  expect(await projects(fake.engine)).toEqual([{ name: 'shop', states: { running: 3 }, files }])
  expect(await projects(fake.engine, { all: true })).toEqual([
    { name: 'shop', states: { exited: 1, running: 3 }, files },
  ])
})

test('volumes are all of the project’s, or those that services have mounted', async () => {
  const { fake } = await world()
  const names = async (services: string[]) =>
    (await volumes('shop', project, { engine: fake.engine, services })).map(volume => volume.name)
  expect(await names([])).toEqual(['shop_data', 'shop_other'])
  expect(await names(['db'])).toEqual(['shop_data'])
  expect(await names(['web'])).toEqual([])
})

test('waiting tells each end and gives the last code', async () => {
  const { fake } = await world()
  const ends: string[] = []
  const code = untilEnded('shop', {
    engine: fake.engine,
    services: ['web'],
    signal: new AbortController().signal,
    ended: ({ name, code }) => void ends.push(`${name} ${code}`),
  })
  await new Promise(setImmediate)
  fake.exit('shop-web-2', 4)
  await new Promise(setImmediate)
  fake.exit('shop-web-1', 5)
  expect(await code).toBe(5)
  expect(ends).toEqual(['shop-web-2 4', 'shop-web-1 5'])
})

test('waiting for nothing is refused', async () => {
  const { fake } = await world()
  const waiting = untilEnded('shop', {
    engine: fake.engine,
    services: ['job'],
    signal: new AbortController().signal,
    ended: () => {},
  })
  await expect(waiting).rejects.toThrow('no containers for project "shop"')
})

import { expect, test } from 'vitest'
import { usedImages } from '../../src/actions/images/used.ts'
import { type StatusOptions, status } from '../../src/actions/status.ts'
import { LABEL } from '../../src/model/names.ts'
import { fakeEngine } from '../kit/fake-engine.ts'
import { upWith } from '../kit/run.ts'
import { shop } from '../kit/shop.ts'

const project = shop({ services: { db: {}, job: {}, web: {} } })

async function world() {
  const fake = fakeEngine({ images: ['app:1'], behave: (_, name) => (name.includes('job') ? { exits: 3 } : {}) })
  await upWith(fake, project)
  await new Promise(setImmediate)
  fake.calls.length = 0
  const names = async (options: Partial<StatusOptions> = {}) =>
    (await status('shop', project, { engine: fake.engine, ...options })).map(c => c.name)
  return { fake, names }
}

test('lists what runs; everything when asked; those in some states', async () => {
  const { names } = await world()
  expect(await names()).toEqual(['shop-db-1', 'shop-web-1'])
  expect(await names({ all: true })).toEqual(['shop-db-1', 'shop-job-1', 'shop-web-1'])
  expect(await names({ states: ['exited'] })).toEqual(['shop-job-1'])
  expect(await names({ services: ['web'] })).toEqual(['shop-web-1'])
})

test('containers of run are listed where all are, or those in a state', async () => {
  const { fake, names } = await world()
  const listContainers: typeof fake.engine.listContainers = async filter =>
    (await fake.engine.listContainers(filter)).map(one =>
      one.name === 'shop-web-1' ? { ...one, labels: { ...one.labels, [LABEL.oneoff]: 'True' } } : one,
    )
  const engine = { ...fake.engine, listContainers }
  expect(await names({ engine })).toEqual(['shop-db-1'])
  expect(await names({ engine, states: ['running'] })).toEqual(['shop-db-1', 'shop-web-1'])
  expect(await names({ engine, all: true })).toEqual(['shop-db-1', 'shop-job-1', 'shop-web-1'])
  const images = await usedImages('shop', project, { engine })
  expect(images.map(image => image.container)).toEqual(['shop-db-1', 'shop-job-1', 'shop-web-1'])
})

test('exit codes and health are read from the list: no container is looked at by itself', async () => {
  const { fake } = await world()
  const found = await status('shop', project, { engine: fake.engine, all: true })
  expect(found.map(c => c.exitCode)).toEqual([0, 3, 0])
  expect(fake.calls.map(call => call.name)).toEqual(['listContainers'])
})

test('a service that nobody knows is refused; one that has no container is not', async () => {
  const { names } = await world()
  await expect(names({ services: ['wbe'] })).rejects.toThrow('no such service: wbe')
  expect(await names({ services: ['job'] })).toEqual([])
})

test('containers of services that the file does not have can be left out', async () => {
  const { fake } = await world()
  const smaller = shop({ services: { db: {} } })
  const found = await status('shop', smaller, { engine: fake.engine, declaredOnly: true })
  expect(found.map(c => c.name)).toEqual(['shop-db-1'])
})

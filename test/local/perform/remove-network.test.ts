import { describe, expect, test } from 'vitest'
import { removeNetwork } from '../../../src/local/perform/remove-network.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { type FakeEngine, fakeEngine } from '../../kit/fake-engine.ts'

async function withNetwork(): Promise<FakeEngine> {
  const fake = fakeEngine({ images: ['app:1'] })
  await fake.engine.createNetwork('front', { labels: {} })
  return fake
}

async function running(fake: FakeEngine, name: string) {
  await fake.engine.createContainer(name, { image: 'app:1', labels: {}, networks: [{ network: 'front' }] })
  await fake.engine.startContainer(name)
}

/** Removes the network, and gives what was told. */
async function remove({ engine }: FakeEngine, patience?: number): Promise<readonly string[]> {
  const told: Problem[] = []
  const { signal } = new AbortController()
  const options = { signal, warn: (problem: Problem) => void told.push(problem) }
  await removeNetwork(engine, 'front', { ...options, ...(patience !== undefined && { patience }) })
  return told.map(p => p.message)
}

test('a network that nothing is on goes by one call, and one that has gone is no failure', async () => {
  const fake = await withNetwork()
  fake.calls.length = 0
  expect(await remove(fake)).toEqual([])
  expect(fake.calls.map(c => c.name)).toEqual(['removeNetwork'])
  expect(await remove(fake)).toEqual([])
})

describe('an endpoint that a container left behind', () => {
  test.each([
    ['under its id', { container: 'a'.repeat(64), name: 'shop-web-1' }],
    ['without its id', { name: 'shop-web-1' }],
  ])('%s is taken off, told, and the network goes', async (_, endpoint) => {
    const fake = await withNetwork()
    fake.leaveEndpoint('front', endpoint)
    expect(await remove(fake)).toEqual([
      'took "shop-web-1" off a network that is to go: the container is gone, and the engine had kept its endpoint',
    ])
    expect(fake.networks()).toEqual([])
  })

  test('is not taken off beside a container that is there, which is named', async () => {
    const fake = await withNetwork()
    await running(fake, 'other-db-1')
    fake.leaveEndpoint('front', { name: 'shop-web-1' })
    await expect(remove(fake)).rejects.toThrow('has active endpoints ("other-db-1")')
    expect((await fake.engine.listEndpoints('front')).map(e => e.name)).toEqual(['other-db-1', 'shop-web-1'])
  })
})

test('a container that is there is neither taken off nor waited for', async () => {
  const fake = await withNetwork()
  await running(fake, 'other-db-1')
  fake.calls.length = 0
  await expect(remove(fake)).rejects.toThrow('has active endpoints ("other-db-1")')
  expect(fake.calls.map(c => c.name)).toEqual(['removeNetwork', 'listEndpoints', 'listContainers'])
})

test('a network that only counts an endpoint is tried again, and then it is said that no container is on it', async () => {
  const fake = await withNetwork()
  fake.miscount('front')
  await expect(remove(fake, 30)).rejects.toMatchObject({
    reason: 'conflict',
    message: expect.stringContaining('no container is on it'),
    hint: expect.stringContaining('restart'),
  })
  expect(fake.calls.filter(c => c.name === 'removeNetwork').length).toBeGreaterThan(1)
})

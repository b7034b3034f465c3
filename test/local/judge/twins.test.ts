import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../src/engine/engine.ts'
import { type FakeEngine, fakeEngine } from '../../kit/fake-engine.ts'
import { changesOf, upWith } from '../../kit/run.ts'
import { shop } from '../../kit/shop.ts'

const project = shop({ services: { db: {}, web: {} } })

/** As Docker before 25: who asks while a network is being made gets another one of its name. */
async function withTwin(): Promise<FakeEngine> {
  const fake = fakeEngine({ images: ['app:1'], takes: 2 })
  await upWith(fake, shop({ services: { db: {} } }))
  const [made] = fake.networks()
  await upWith(fake, shop({ services: {} }), { removeOrphans: true })
  await fake.engine.removeNetwork(made!.id)
  const { name, id: _1, created: _2, scope: _3, ...spec } = made!
  await Promise.all([fake.engine.createNetwork(name, spec), fake.engine.createNetwork(name, spec)])
  return fake
}

const names = (fake: FakeEngine) => fake.networks().map(n => n.name)

describe('a network that is there twice', () => {
  test('is told, and one of the two goes before anything names it', async () => {
    const fake = await withTwin()
    expect(names(fake)).toEqual(['shop_default', 'shop_default'])
    expect(await changesOf(fake, project)).toContain('shop_default remove: twin')
    await upWith(fake, project)
    expect(names(fake)).toEqual(['shop_default'])
    expect(fake.containers().map(c => c.state)).toEqual(['running', 'running'])
    expect(await changesOf(fake, project)).toBe('')
  })

  test('keeps the one that containers are on', async () => {
    const fake = fakeEngine({ images: ['app:1'], takes: 2 })
    await upWith(fake, shop({ services: { db: {} } }))
    const [used] = fake.networks()
    const { name, id: _1, created: _2, scope: _3, ...spec } = used!
    fake.addNetwork(name, spec)
    await upWith(fake, project)
    expect(fake.networks().map(n => n.id)).toEqual([used!.id])
  })

  test('because it has come since we looked is found when a container is to use it', async () => {
    const fake = fakeEngine({ images: ['app:1'] })
    let late = true
    const createNetwork: Engine['createNetwork'] = async (name, spec) => {
      const id = await fake.engine.createNetwork(name, spec)
      if (late) fake.addNetwork(name, spec)
      late = false
      return id
    }
    await upWith({ engine: { ...fake.engine, createNetwork } }, project)
    expect(names(fake)).toEqual(['shop_default'])
    expect(fake.containers().map(c => c.state)).toEqual(['running', 'running'])
  })

  test('once of another project is left to whoever made it', async () => {
    const fake = fakeEngine({ images: ['app:1'] })
    const createNetwork: Engine['createNetwork'] = async (name, spec) => {
      fake.addNetwork(name, { ...spec, labels: {} })
      return fake.addNetwork(name, spec)
    }
    await expect(upWith({ engine: { ...fake.engine, createNetwork } }, project)).rejects.toThrow(
      'network shop_default is ambiguous (2 matches found on name)',
    )
    expect(names(fake)).toEqual(['shop_default', 'shop_default'])
  })
})

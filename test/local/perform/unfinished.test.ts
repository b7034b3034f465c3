import { describe, expect, test } from 'vitest'
import { fakeEngine } from '../../kit/fake-engine.ts'
import { downWith, upWith } from '../../kit/run.ts'
import { runner } from '../../kit/runner.ts'
import { shop } from '../../kit/shop.ts'

const project = shop({ services: { db: { volumes: [{ type: 'volume', target: '/scratch' }] } } })

describe('a command that was killed while the engine was at its call', () => {
  const slow = () => fakeEngine({ images: ['app:1'], takes: 30 })

  test.each(['createNetwork', 'createContainer'] as const)('%s is followed by one that brings all up', async name => {
    const fake = slow()
    let counted = 0
    const counting = runner(fake.engine, {})
    await upWith({ engine: counting }, project).catch(() => {})
    counted = fake.calls.findIndex(call => call.name === name)
    const again = slow()
    await expect(
      upWith({ engine: runner(again.engine, { killed: { nth: counted, when: 'during' } }) }, project),
    ).rejects.toThrow('killed')
    await upWith(again, project)
    expect(again.networks().map(n => n.name)).toEqual(['shop_default'])
    expect(again.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-db-1 running'])
    expect(again.volumes().filter(v => !v.name.startsWith('gantry-'))).toHaveLength(1)
  })

  test('removeContainer is followed by one that waits until the container has gone', async () => {
    const fake = slow()
    await upWith(fake, project)
    const removal = fake.engine.removeContainer(fake.containers()[0]!.id, { force: true })
    await downWith(fake, project)
    await removal
    expect(fake.containers()).toEqual([])
    expect(fake.networks()).toEqual([])
  })
})

test('a container of that name which is another stays, and is told', async () => {
  const fake = fakeEngine({ images: ['app:1'] })
  await fake.engine.createContainer('shop-db-1', { image: 'app:1', labels: {} })
  await expect(upWith(fake, project)).rejects.toThrow('The container name "/shop-db-1" is already in use')
  expect(fake.containers()).toHaveLength(1)
})

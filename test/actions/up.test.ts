import { expect, test } from 'vitest'
import { fakeEngine } from '../kit/fake-engine.ts'
import { shop } from '../kit/shop.ts'
import { changesOf, upWith } from '../kit/run.ts'

test('a project comes up from nothing, and then nothing is left to do', async () => {
  const fake = fakeEngine({ images: ['app:1'] })
  const project = shop({
    services: { db: {}, web: { depends_on: { db: { condition: 'service_started', required: true } } } },
  })
  expect(await changesOf(fake, project)).toBe('shop_default create: missing\ndb-1 create: missing\nweb-1 create: missing')
  await upWith(fake, project)
  expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-db-1 running', 'shop-web-1 running'])
  expect(await changesOf(fake, project)).toBe('')
})

import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../src/engine/engine.ts'
import { patientEngine } from '../../../src/local/perform/patient-engine.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { type FakeEngine, fakeEngine } from '../../kit/fake-engine.ts'
import { upWith } from '../../kit/run.ts'
import { shop } from '../../kit/shop.ts'

function patiently({ engine }: FakeEngine, patience = 10_000) {
  const warned: Problem[] = []
  const stopped = new AbortController()
  const warn = (problem: Problem) => void warned.push(problem)
  return { engine: patientEngine(engine, { signal: stopped.signal, warn, patience }), warned, stopped }
}

const front = { network: 'front' }

/** A network "front", an image, and a container "made" that is not on it. */
async function withThings(): Promise<FakeEngine> {
  const fake = fakeEngine({ images: ['app:1'] })
  await fake.engine.createNetwork('front', { labels: {} })
  await fake.engine.createContainer('made', { image: 'app:1', labels: {} })
  await fake.engine.createContainer('on', { image: 'app:1', labels: {}, networks: [front] })
  await fake.engine.createVolume('data', { labels: {} })
  fake.calls.length = 0
  return fake
}

describe('an engine that is away for a moment', () => {
  const steps: Readonly<Record<string, (engine: Engine) => Promise<unknown>>> = {
    createVolume: e => e.createVolume('new', { labels: {} }),
    createNetwork: e => e.createNetwork('new', { labels: {} }),
    startContainer: e => e.startContainer('made'),
    stopContainer: e => e.stopContainer('made'),
    connectNetwork: e => e.connectNetwork('front', 'made', front),
    disconnectNetwork: e => e.disconnectNetwork('front', 'on'),
    renameContainer: e => e.renameContainer('made', 'renamed'),
    inspectContainer: e => e.inspectContainer('made'),
  }

  test.each(Object.keys(steps))('is asked again to %s', async name => {
    const fake = await withThings()
    const { engine, warned } = patiently(fake)
    fake.inject((_, nth) => (nth === 0 ? { when: 'before' } : undefined))
    await steps[name]!(engine)
    expect(fake.calls.filter(c => c.name === name)).toHaveLength(2)
    expect(warned).toEqual([])
  })

  test.each(['connectNetwork', 'disconnectNetwork', 'renameContainer'])(
    'has done %s, though nobody heard, and that is enough',
    async name => {
      const fake = await withThings()
      fake.inject((_, nth) => (nth === 0 ? { when: 'after' } : undefined))
      await steps[name]!(patiently(fake).engine)
      expect(fake.containers().map(c => c.name)).toEqual(
        name === 'renameContainer' ? ['renamed', 'on'] : ['made', 'on'],
      )
    },
  )

  test('is told once, when it stays away', async () => {
    const fake = await withThings()
    const { engine, warned } = patiently(fake)
    fake.inject((_, nth) => (nth < 4 ? { when: 'before' } : undefined))
    await engine.startContainer('made')
    expect(warned.map(p => `${p.message}; ${p.hint}`)).toEqual([
      'the engine went away during startContainer; it may be restarting: this waits 10 s for it',
    ])
  })

  test('does not keep a project from coming up', async () => {
    const fake = fakeEngine({ images: ['app:1'] })
    const heard = new Set<string>()
    fake.inject(({ name, changes, about }) => {
      const first = changes && !about.startsWith('gantry-') && heard.size !== heard.add(`${name} ${about}`).size
      return first ? { when: 'after' } : undefined
    })
    const healthcheck = { test: ['CMD', 'true'] }
    const web = { depends_on: { db: { condition: 'service_healthy' as const, required: true } } }
    await upWith(fake, shop({ services: { db: { healthcheck }, web } }))
    expect(fake.containers().map(c => `${c.name} ${c.state}`)).toEqual(['shop-db-1 running', 'shop-web-1 running'])
    expect(fake.networks()).toHaveLength(1)
  })
})

describe('an engine that stays away', () => {
  test('is given up, once for all that is asked of it', async () => {
    const fake = await withThings()
    const { engine } = patiently(fake, 20)
    fake.inject(() => ({ when: 'before' }))
    await expect(engine.startContainer('made')).rejects.toThrow('went away')
    const asked = fake.calls.length
    await expect(engine.startContainer('on')).rejects.toThrow('went away')
    expect(fake.calls).toHaveLength(asked + 1)
  })

  test('is not waited for by one who has been cancelled', async () => {
    const fake = await withThings()
    const { engine, stopped } = patiently(fake)
    fake.inject((_, nth) => {
      if (nth === 2) stopped.abort()
      return { when: 'before' }
    })
    await expect(engine.startContainer('made')).rejects.toThrow('went away')
    expect(fake.calls).toHaveLength(3)
  })
})

test('an engine that says no is not asked again', async () => {
  const fake = await withThings()
  await expect(patiently(fake).engine.startContainer('nothing')).rejects.toThrow('No such container')
  expect(fake.calls).toHaveLength(1)
})

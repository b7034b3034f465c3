import { expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { crashes } from '../../../src/actions/why/crash.ts'
import { together, witness } from '../../../src/actions/why/witness.ts'
import type { Project } from '../../../src/model/project.ts'
import { nowhere } from '../../../src/text/origin.ts'
import { type Behaviour, fakeEngine } from '../../kit/fake-engine.ts'
import { upWith } from '../../kit/run.ts'
import { shop } from '../../kit/shop.ts'

/** A project that runs, and somebody who stays with it. */
async function staying(services: Readonly<Record<string, object>>, behave: Behaviour = {}) {
  const fake = fakeEngine({ images: ['app:1'], behave: () => behave })
  const { heard, seen } = witness()
  const listening = new AbortController()
  const follow = async () => {
    for await (const event of await fake.engine.events({ project: 'shop' }, { signal: listening.signal })) heard(event)
  }
  follow().catch(() => {})
  const project: Project = shop({ services })
  await upWith(fake, project)
  const told: Event[] = []
  const crashed = crashes(project, {
    engine: fake.engine,
    emit: event => told.push(event),
    origin: nowhere,
    signal: listening.signal,
    seen: () => together(seen(), []),
    shows: () => true,
  })
  const idOf = (name: string) => fake.containers().find(c => c.name === `shop-${name}-1`)!.id
  const codes = () =>
    told.flatMap(event =>
      event.type === 'container-failed' ? [`${event.container}: ${event.findings.map(f => f.code).join(' ')}`] : [],
    )
  return { fake, crashed, idOf, codes, told }
}

test('one that ends with a code is told of once, with its cause and without the lines that were shown', async () => {
  const { fake, crashed, idOf, told } = await staying({ web: {} }, { says: ['boom'] })
  crashed.allUp(new Set())
  fake.exit('shop-web-1', 3)
  for (let i = 0; i < 2; i++) crashed.ended({ id: idOf('web'), service: 'web' }, false)
  await crashed.settled()
  expect(told).toMatchObject([
    { type: 'container-failed', container: 'shop-web-1', cause: 'exited (3)', exitCode: 3, log: [] },
  ])
})

test('one that somebody stops has not crashed, whatever its code', async () => {
  const { fake, crashed, idOf, codes } = await staying({ web: {} })
  crashed.allUp(new Set())
  await fake.engine.stopContainer('shop-web-1')
  crashed.ended({ id: idOf('web'), service: 'web' }, false)
  await crashed.settled()
  expect(codes()).toEqual([])
})

test('a loop is told of at its third crash, once', async () => {
  const { fake, crashed, idOf, codes } = await staying({ web: {} })
  crashed.allUp(new Set())
  fake.exit('shop-web-1', 3)
  const told: number[] = []
  for (let i = 0; i < 5; i++) {
    crashed.ended({ id: idOf('web'), service: 'web' }, true)
    await crashed.settled()
    told.push(codes().length)
  }
  expect(told).toEqual([0, 0, 1, 1, 1])
})

test('what others wait for is told of once all is up, unless that has told it', async () => {
  const depends_on = { db: { condition: 'service_started', required: true } }
  const seen: (readonly string[])[] = []
  for (const already of [new Set<string>(), new Set(['shop-db-1'])]) {
    const { fake, crashed, idOf, codes } = await staying({ db: {}, web: { depends_on } })
    fake.exit('shop-db-1', 3)
    crashed.ended({ id: idOf('db'), service: 'db' }, false)
    await crashed.settled()
    expect(codes()).toEqual([])
    crashed.allUp(already)
    await crashed.settled()
    seen.push(codes())
  }
  expect(seen).toEqual([['shop-db-1: exit-app-error'], []])
})

test('one that is gone, or that ends where nobody listens any more, is nobody’s business', async () => {
  const { crashed, codes } = await staying({ web: {} })
  crashed.allUp(new Set())
  crashed.ended({ id: 'no-such', service: 'web' }, false)
  await crashed.settled()
  expect(codes()).toEqual([])
})

test('replicas that fail alike are told of once', async () => {
  const { fake, crashed, codes } = await staying({ web: { scale: 3 } })
  crashed.allUp(new Set())
  for (const { name, id } of fake.containers()) {
    fake.exit(name, 3)
    crashed.ended({ id, service: 'web' }, false)
  }
  await crashed.settled()
  expect(codes()).toHaveLength(1)
})

import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { type AttachedOptions, type Hands, upAttached } from '../../../src/actions/output/follow.ts'
import type { Project } from '../../../src/model/project.ts'
import { nowhere } from '../../../src/text/origin.ts'
import { type Behaviour, type FakeEngine, fakeEngine } from '../../kit/fake-engine.ts'
import { upWith } from '../../kit/run.ts'
import { shop } from '../../kit/shop.ts'

const serviceOf = (name: string) => name.replace(/^.*shop-(.*)-\d+$/, '$1')
const engineOf = (behaviour: Readonly<Record<string, Behaviour>>): FakeEngine =>
  fakeEngine({ images: ['app:1'], behave: (_, name) => behaviour[serviceOf(name)] ?? {} })

function attached(fake: FakeEngine, project: Project, options: Partial<AttachedOptions> = {}) {
  const events: Event[] = []
  const [interrupt, force] = [new AbortController(), new AbortController()]
  const code = upAttached(project, {
    engine: fake.engine,
    emit: event => events.push(event),
    signal: interrupt.signal,
    force: force.signal,
    origin: nowhere,
    ...options,
  })
  code.catch(() => {})
  const told = () =>
    events.flatMap(e => {
      switch (e.type) {
        case 'following':
          return [`following ${e.containers.join(' ')}`]
        case 'log':
          return [`${e.container} | ${String(Buffer.from(e.line))}`]
        case 'status':
          return [`${e.container} ${e.state} ${e.exitCode}`]
        case 'stopping':
          return [`stopping: ${e.because}`]
        default:
          return []
      }
    })
  return { code, told, events, interrupt, force }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

const running = (fake: FakeEngine) =>
  fake
    .containers()
    .filter(c => c.state === 'running')
    .map(c => c.name)

describe('staying with what was brought up', () => {
  test('tells whom it follows, every line, and each end; and ends with the last of them', async () => {
    const fake = engineOf({ one: { says: ['hello', 'bye'], exits: 5 } })
    const { code, told } = attached(fake, shop({ services: { one: {} } }))
    expect(await code).toBe(0)
    expect(told()).toEqual(['following one-1', 'one-1 | hello', 'one-1 | bye', 'one-1 exited 5'])
  })

  test('stays as long as one container runs', async () => {
    const fake = engineOf({ one: { exits: 0 } })
    const { code, told } = attached(fake, shop({ services: { one: {}, two: {} } }))
    await until(() => told().includes('one-1 exited 0'))
    fake.exit('shop-two-1', 3)
    expect(await code).toBe(0)
    expect(told().at(-1)).toBe('two-1 exited 3')
  })

  test('shows the services that were named, not what they depend on', async () => {
    const fake = engineOf({ db: { says: ['ready'] }, web: { says: ['up'], exits: 0 } })
    const project = shop({
      services: { db: {}, web: { depends_on: { db: { condition: 'service_started', required: true } } } },
    })
    const { code, told } = attached(fake, project, { services: ['web'] })
    expect(await code).toBe(0)
    expect(told()).toEqual(['following web-1', 'web-1 | up', 'web-1 exited 0'])
    expect(running(fake)).toEqual(['shop-db-1'])
  })

  test('shows dependencies, or only some services, when asked', async () => {
    const project = shop({
      services: { db: {}, web: { depends_on: { db: { condition: 'service_started', required: true } } } },
    })
    const behaviour = { db: { says: ['ready'], exits: 0 }, web: { says: ['up'], exits: 0 } }
    const all = attached(engineOf(behaviour), project, { services: ['web'], attachDependencies: true })
    await all.code
    expect(all.told()).toContain('db-1 | ready')
    const some = attached(engineOf(behaviour), project, { noAttach: ['web'] })
    await some.code
    expect(some.told().filter(line => line.startsWith('web'))).toEqual([])
  })

  test('shows nothing of a service that is not brought up: what cannot be shown is refused, with what was meant', async () => {
    const project = shop({ services: { db: {}, web: {} } })
    const asked = (more: object) => attached(engineOf({ web: { exits: 0 } }), project, { services: ['web'], ...more })
    await expect(asked({ attach: ['db'] }).code).rejects.toThrow('cannot attach to services not included in up: db')
    await expect(asked({ attach: ['wev'] }).code).rejects.toMatchObject({ problems: [{ hint: 'did you mean "web"?' }] })
    await expect(asked({ noAttach: ['wbe'] }).code).rejects.toThrow('no such service: wbe')
    expect(await asked({ noAttach: ['db'] }).code).toBe(0)
  })

  test('attaches to what runs already', async () => {
    const fake = engineOf({})
    const project = shop({ services: { one: {} } })
    await upWith(fake, project)
    const { code, told } = attached(fake, project)
    await until(() => told().length > 0)
    fake.exit('shop-one-1', 0)
    expect(await code).toBe(0)
    expect(told()).toEqual(['following one-1', 'one-1 exited 0'])
  })
})

describe('ending with a container', () => {
  const project = shop({ services: { one: {}, two: {} } })
  const behaviour = { one: { exits: 5 } }

  test('the first end stops everything and gives its exit code', async () => {
    const fake = engineOf(behaviour)
    const { code, told } = attached(fake, project, { abortOn: 'exit' })
    expect(await code).toBe(5)
    expect(told()).toContain('stopping: container-exit')
    expect(running(fake)).toEqual([])
  })

  test('an end without failure is none of its business where only failures are', async () => {
    const fake = engineOf({ one: { exits: 0 }, two: { exits: 7 } })
    const { code } = attached(fake, project, { abortOn: 'failure' })
    expect(await code).toBe(7)
  })

  test('the exit code asked for is that of its service, even where another one ended first', async () => {
    const fake = engineOf(behaviour)
    const { code } = attached(fake, project, { abortOn: 'exit', exitCodeFrom: 'two' })
    expect(await code).toBe(0)
  })

  test('an engine whose lists and events come late, as Docker 28’s do after a stop, has its exit codes told all the same', async () => {
    const fake = engineOf(behaviour)
    const { engine } = fake
    const late: FakeEngine['engine'] = {
      ...engine,
      listContainers: async filter =>
        (await engine.listContainers({ ...filter, all: true })).map(c => ({ ...c, state: 'running' as const })),
      async events(filter, cancel) {
        const events = await engine.events(filter, cancel)
        return (async function* () {
          for await (const event of events) if (event.name !== 'shop-two-1' || event.action === 'start') yield event
        })()
      },
    }
    const { code, told } = attached(fake, project, { engine: late, abortOn: 'exit', exitCodeFrom: 'two' })
    expect(await code).toBe(0)
    expect(told()).toContain('two-1 exited 0')
  })

  test('a service whose exit code is asked for must be there', async () => {
    const { code } = attached(engineOf({}), project, { exitCodeFrom: 'three' })
    await expect(code).rejects.toThrow('no such service: three: not found')
  })
})

describe('interrupted', () => {
  test('it stops what was asked for, and leaves its dependencies running', async () => {
    const fake = engineOf({})
    const project = shop({
      services: { db: {}, web: { depends_on: { db: { condition: 'service_started', required: true } } } },
    })
    const { code, told, interrupt } = attached(fake, project, { services: ['web'] })
    await until(() => running(fake).includes('shop-web-1'))
    const reason = new Error('interrupted')
    interrupt.abort(reason)
    await expect(code).rejects.toBe(reason)
    expect(told()).toContain('stopping: interrupted')
    expect(running(fake)).toEqual(['shop-db-1'])
  })
})

test('where something cannot start, it says so and does not stay', async () => {
  const fake = engineOf({ one: { refuses: 'no such program' } })
  const { code } = attached(fake, shop({ services: { one: {}, two: {} } }))
  await expect(code).rejects.toThrow('no such program')
})

test('what another command replaced while the engine was away is followed as before', async () => {
  const fake = engineOf({ one: { says: ['hello'] } })
  const project = shop({ services: { one: {}, two: {} } })
  const back = Promise.withResolvers<void>()
  let streams = 0
  const events: typeof fake.engine.events = async (...args) => {
    if (++streams > 1) await back.promise
    return fake.engine.events(...args)
  }
  const { code, told, interrupt } = attached({ ...fake, engine: { ...fake.engine, events } }, project)
  await until(() => told().includes('one-1 | hello') && running(fake).length === 2)
  await new Promise(setImmediate)
  fake.cutEvents()
  await upWith(fake, project, { services: ['one'], recreate: 'always' })
  back.resolve()
  await until(() => told().filter(line => line === 'one-1 | hello').length === 2)
  interrupt.abort()
  await code.catch(() => {})
  expect(running(fake)).toEqual([])
})

describe('whoever watches may ask', () => {
  const two = shop({ services: { one: {}, two: {} } })
  async function begun(fake = engineOf({ one: { says: ['hello'] } }), options: Partial<AttachedOptions> = {}) {
    let hands: Hands | undefined
    const up = attached(fake, two, { ...options, control: asked => (hands = asked) })
    await until(() => hands !== undefined)
    return { ...up, fake, hands: hands! }
  }

  test('for an end, and everything stops with exit code 0', async () => {
    const { code, hands, fake, told } = await begun()
    hands.stop()
    expect(await code).toBe(0)
    expect(running(fake)).toEqual([])
    expect(told()).toContain('stopping: interrupted')
  })

  test('to be left alone, and everything runs on', async () => {
    const { code, hands, fake } = await begun()
    hands.detach()
    expect(await code).toBe(0)
    expect(running(fake)).toEqual(['shop-one-1', 'shop-two-1'])
  })

  test('for a restart, which is no end, and one goes on telling', async () => {
    const { hands, fake, told, code } = await begun(undefined, { abortOn: 'exit' })
    await hands.restart()
    await until(() => told().filter(line => line === 'one-1 | hello').length === 2)
    expect(running(fake)).toEqual(['shop-one-1', 'shop-two-1'])
    fake.exit('shop-one-1', 4)
    expect(await code).toBe(4)
  })
})

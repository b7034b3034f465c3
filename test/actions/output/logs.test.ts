import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/actions/event.ts'
import { type LogsOptions, logs } from '../../../src/actions/output/logs.ts'
import type { UserError } from '../../../src/text/problem.ts'
import { printingEngine } from '../printing-engine.ts'

type World = ReturnType<typeof printingEngine>

const at = (second: number) => `2026-11-21T10:00:${String(second).padStart(2, '0')}.000000000Z`

function start(world: World, options: Partial<LogsOptions> = {}) {
  const events: Event[] = []
  const done = logs('shop', undefined, {
    engine: world.engine,
    emit: event => events.push(event),
    signal: new AbortController().signal,
    ...options,
  })
  const told = () =>
    events.flatMap(e =>
      e.type === 'log' ? [`${e.container} ${e.stream === 'stderr' ? '! ' : ''}${String(Buffer.from(e.line))}`] : [],
    )
  return { done, told, events }
}

async function all(world: World, options?: Partial<LogsOptions>): Promise<string[]> {
  const { done, told } = start(world, options)
  await done
  return told()
}

/** Until something is so; what happens in between are turns of the event loop. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

describe('what has been printed', () => {
  test('is told in the order of its times, over all containers', async () => {
    const world = printingEngine()
    world.add('web')
    world.add('db', { state: 'exited' })
    world.says('shop-web-1', 'second\n', { time: at(2) })
    world.says('shop-web-1', 'fourth\n', { time: at(4) })
    world.says('shop-db-1', 'first\n', { time: at(1) })
    world.says('shop-db-1', 'third\n', { time: at(3) })
    expect(await all(world)).toEqual(['db-1 first', 'web-1 second', 'db-1 third', 'web-1 fourth'])
  })

  test('ends with the last line even where nothing ended it', async () => {
    const world = printingEngine()
    world.add('web')
    world.says('shop-web-1', 'tail')
    expect(await all(world)).toEqual(['web-1 tail'])
  })

  test('keeps standard output and standard error apart, line by line', async () => {
    const world = printingEngine()
    world.add('web')
    world.says('shop-web-1', 'half ')
    world.says('shop-web-1', 'oops\n', { stream: 'stderr' })
    world.says('shop-web-1', 'a line\n')
    expect(await all(world)).toEqual(['web-1 ! oops', 'web-1 half a line'])
  })

  test('may be of some services, of one container, and of the last lines only', async () => {
    const world = printingEngine()
    world.add('web')
    world.add('web', { number: 2 })
    world.add('db')
    for (const name of ['shop-web-1', 'shop-web-2', 'shop-db-1'])
      for (const n of [1, 2, 3]) world.says(name, `${n}\n`, { time: at(n) })
    expect(await all(world, { services: ['db'] })).toEqual(['db-1 1', 'db-1 2', 'db-1 3'])
    expect(await all(world, { services: ['web'], index: 2 })).toEqual(['web-2 1', 'web-2 2', 'web-2 3'])
    expect(await all(world, { services: ['web'], tail: 1 })).toEqual(['web-1 3', 'web-2 3'])
  })

  test('of a container whose log cannot be read is a warning, and the others are told', async () => {
    const world = printingEngine()
    world.add('web', { unreadable: true })
    world.add('db')
    world.says('shop-db-1', 'ready\n')
    const { done, told, events } = start(world)
    await done
    expect(told()).toEqual(['db-1 ready'])
    expect(events.find(e => e.type === 'problem')).toMatchObject({
      problem: { code: 'logs-unreadable', severity: 'warning' },
    })
  })

  test('names are known before the first line, so that columns do not move', async () => {
    const world = printingEngine()
    world.add('web')
    world.add('database')
    world.says('shop-web-1', 'x\n')
    const { done, events } = start(world)
    await done
    expect(events[0]).toEqual({ type: 'following', containers: ['database-1', 'web-1'] })
  })
})

test('an unknown service is refused with the one that was meant', async () => {
  const world = printingEngine()
  world.add('web')
  const error = await all(world, { services: ['wbe'] }).catch((e: unknown) => e)
  expect((error as UserError).problems).toMatchObject([
    { message: 'no such service: wbe', hint: 'did you mean "web"?' },
  ])
})

test('a container that is not there is refused', async () => {
  const world = printingEngine()
  world.add('db')
  await expect(all(world, { services: ['db'], index: 9 })).rejects.toThrow('service "db" is not running container #9')
})

describe('following', () => {
  test('ends when all containers have', async () => {
    const world = printingEngine()
    world.add('web')
    world.add('db', { state: 'exited' })
    world.says('shop-db-1', 'old\n')
    const { done, told } = start(world, { follow: true })
    await world.read('shop-web-1')
    world.says('shop-web-1', 'new\n')
    world.ends('shop-web-1', 0)
    await done
    expect(told()).toEqual(['db-1 old', 'web-1 new'])
  })

  test('takes in containers that start later', async () => {
    const world = printingEngine()
    world.add('web')
    const { done, told } = start(world, { follow: true })
    await world.read('shop-web-1')
    world.add('late', { state: 'created' })
    world.starts('shop-late-1')
    await world.read('shop-late-1')
    world.says('shop-late-1', 'hello\n')
    world.ends('shop-web-1', 0)
    world.ends('shop-late-1', 0)
    await done
    expect(told()).toEqual(['late-1 hello'])
  })

  test('goes on over a restart by policy, and tells no line twice', async () => {
    const world = printingEngine()
    world.add('web')
    const { done, told } = start(world, { follow: true })
    await world.read('shop-web-1')
    world.says('shop-web-1', 'one\n', { time: at(1) })
    world.ends('shop-web-1', 1, { state: 'restarting' })
    await until(() => told().length === 1)
    world.starts('shop-web-1')
    await world.read('shop-web-1')
    world.says('shop-web-1', 'two\n', { time: at(2) })
    world.ends('shop-web-1', 0)
    await done
    expect(told()).toEqual(['web-1 one', 'web-1 two'])
  })

  test('ends when a container is stopped, or removed, while its restart policy waits', async () => {
    const world = printingEngine()
    world.add('web')
    world.add('db')
    const { done } = start(world, { follow: true })
    await world.read('shop-web-1')
    await world.read('shop-db-1')
    world.ends('shop-web-1', 1, { state: 'restarting' })
    world.ends('shop-db-1', 1, { state: 'restarting' })
    world.stops('shop-web-1')
    world.removes('shop-db-1')
    await done
  })

  test('goes on after the connection was lost, with no line lost and none told twice', async () => {
    const world = printingEngine()
    world.add('web')
    const { done, told } = start(world, { follow: true })
    await world.read('shop-web-1')
    world.says('shop-web-1', 'one\n', { time: at(1) })
    world.says('shop-web-1', 'same moment\n', { time: at(1) })
    await until(() => told().length === 2)
    world.cuts()
    world.says('shop-web-1', 'same moment, later told\n', { time: at(1) })
    world.says('shop-web-1', 'two\n', { time: at(2) })
    await until(() => told().length === 4)
    await world.read('shop-web-1')
    world.ends('shop-web-1', 0)
    await done
    expect(told()).toEqual(['web-1 one', 'web-1 same moment', 'web-1 same moment, later told', 'web-1 two'])
  })

  test('finds what was started, and misses what was removed, while the connection was lost', async () => {
    const world = printingEngine()
    world.add('web')
    world.add('db')
    const { done, told } = start(world, { follow: true })
    await world.read('shop-web-1')
    await world.read('shop-db-1')
    world.ends('shop-db-1', 1, { state: 'restarting' })
    world.cuts()
    world.removes('shop-db-1')
    world.add('later')
    world.says('shop-later-1', 'hello\n', { time: at(1) })
    await until(() => told().includes('later-1 hello'))
    await world.read('shop-web-1')
    await world.read('shop-later-1')
    world.ends('shop-web-1', 0)
    world.ends('shop-later-1', 0)
    await done
  })

  test('ends at once when it is cancelled', async () => {
    const world = printingEngine()
    world.add('web')
    const control = new AbortController()
    const { done } = start(world, { follow: true, signal: control.signal })
    await world.read('shop-web-1')
    control.abort()
    await done
  })
})

test('reading waits while whoever listens does not keep up', async () => {
  const world = printingEngine()
  world.add('web')
  for (let n = 0; n < 100; n++) world.says('shop-web-1', `${n}\n`)
  const gate = Promise.withResolvers<void>()
  let isOpen = false
  const { done, told } = start(world, { ready: () => (isOpen ? undefined : gate.promise) })
  await until(() => told().length > 0)
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  expect(told()).toHaveLength(1)
  isOpen = true
  gate.resolve()
  await done
  expect(told()).toHaveLength(100)
})

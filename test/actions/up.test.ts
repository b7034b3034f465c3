import { describe, expect, test } from 'vitest'
import type { Event, FailureEvent } from '../../src/actions/event.ts'
import { begunObserving } from '../../src/actions/observe-project.ts'
import { up } from '../../src/actions/up.ts'
import { PlanFailed } from '../../src/plan/execute.ts'
import { type Behaviour, type FakeOptions, fakeEngine } from '../kit/fake-engine.ts'
import { changesOf, quietly, upWith } from '../kit/run.ts'
import { type Declared, shop } from '../kit/shop.ts'

const images = ['app:1']
const healthy = { condition: 'service_healthy', required: true } as const
const behaving = (behaviours: Readonly<Record<string, Behaviour>>): FakeOptions => ({
  images,
  behave: spec => behaviours[spec.labels['com.docker.compose.service']!] ?? {},
})
const problems = (events: readonly Event[]) => events.flatMap(e => (e.type === 'problem' ? [e.problem.message] : []))
const failures = (events: readonly Event[]) => events.filter((e): e is FailureEvent => e.type === 'container-failed')

/** What a run tells, and how it ended. */
async function told(options: FakeOptions, declared: Declared, more = {}) {
  const fake = fakeEngine(options)
  const events: Event[] = []
  const error = await upWith(fake, shop(declared), more, events).then(
    () => undefined,
    (e: unknown) => e,
  )
  return { fake, events, error: error as Error }
}

test('a project comes up from nothing, and then nothing is left to do', async () => {
  const fake = fakeEngine({ images })
  const project = shop({
    services: { db: {}, web: { depends_on: { db: { condition: 'service_started', required: true } } } },
  })
  expect(await changesOf(fake, project)).toBe(
    'shop_default create: missing\ndb-1 create: missing\nweb-1 create: missing',
  )
  const { changed, containers } = await upWith(fake, project)
  expect(changed).toBe(true)
  expect(containers.map(c => `${c.name} ${c.service} ${c.number} ${c.state}`)).toEqual([
    'shop-db-1 db 1 running',
    'shop-web-1 web 1 running',
  ])
  expect(await changesOf(fake, project)).toBe('')
})

test('an unchanged project costs three lists, one inspection for each container, network, volume and image, and no change', async () => {
  const fake = fakeEngine({ images })
  const project = shop({ services: { db: {}, web: {} } })
  await upWith(fake, project)
  fake.calls.length = 0
  const { changed } = await upWith(fake, project)
  expect(changed).toBe(false)
  expect(fake.calls.map(c => c.name).toSorted()).toEqual([
    'inspectContainer',
    'inspectContainer',
    'inspectImage',
    'listContainers',
    'listNetworks',
    'listVolumes',
  ])
})

test('a look that has begun already is the first one, and none that follows work', async () => {
  const fake = fakeEngine({ images })
  const project = shop({ services: { web: {} } })
  const { observed } = await begunObserving(Promise.resolve(fake.engine), project)
  await observed
  const lists = () => fake.calls.filter(c => c.name === 'listContainers').length
  expect(lists()).toBe(1)
  await upWith(fake, project, { seen: observed })
  // Once its claim is its own, and when it is done.
  expect(lists()).toBe(3)
  expect(fake.containers().map(c => c.state)).toEqual(['running'])
})

describe('images', () => {
  test('are pulled first, and the plan shows both stages', async () => {
    const { fake, events } = await told({ registry: images }, { services: { web: {} } })
    const [plan] = events.filter(e => e.type === 'plan')
    expect(plan?.stages.map(s => s.name)).toEqual(['prepare', 'change'])
    expect(fake.containers().map(c => c.state)).toEqual(['running'])
  })

  test('that a policy looks for anew are only a check, and what hangs on them is marked', async () => {
    const fake = fakeEngine({ images, registry: images })
    const project = shop({ services: { web: { pull_policy: 'always' } } })
    await upWith(fake, project)
    expect(await changesOf(fake, project)).toBe(
      'app:1 check: policy pull_policy "always"\nweb-1 check: if-changed image "app:1"',
    )
  })

  test('that turn out to be others replace containers in the same run', async () => {
    const fake = fakeEngine({ images, registry: images })
    const project = shop({ services: { web: { pull_policy: 'always' } } })
    await upWith(fake, shop({ services: { web: { pull_policy: 'never' } } }))
    const [before] = fake.containers().map(c => c.image.id)
    await upWith(fake, project)
    expect(fake.containers().map(c => c.image.id)).not.toEqual([before])
  })
})

describe('before anything is touched', () => {
  const refused = async (declared: Declared, more = {}) => {
    const { fake, error } = await told({ images }, declared, more)
    expect(fake.calls.filter(c => c.changes)).toEqual([])
    return error.message
  }

  test('an external network must be there', async () => {
    const declared = {
      services: { web: { networks: { edge: null } } },
      networks: { edge: { external: true, name: 'edge' } },
    }
    expect(await refused(declared)).toBe('network edge declared as external, but could not be found')
  })

  test('an external volume must be there', async () => {
    const volumes = [{ type: 'volume', source: 'data', target: '/d' }] as const
    const declared = { services: { web: { volumes } }, volumes: { data: { external: true, name: 'data' } } }
    expect(await refused(declared)).toBe('external volume "data" not found')
  })

  test('a service with a name of its own cannot be scaled', async () => {
    expect(await refused({ services: { web: { container_name: 'site', scale: 2 } } })).toContain('"site"')
  })

  test('a service to be scaled must be declared', async () => {
    expect(await refused({ services: { web: {} } }, { scale: { wed: 2 } })).toBe('no such service: wed: not found')
  })
})

test('networks and volumes of others are used as they are, with a warning', async () => {
  const fake = fakeEngine({ images })
  await fake.engine.createNetwork('shop_default', { labels: {} })
  const events: Event[] = []
  await upWith(fake, shop({ services: { web: {} } }), {}, events)
  expect(problems(events)).toEqual([
    'network "shop_default" exists but was not made for project "shop"; it is used as it is',
  ])
  expect(fake.containers().map(c => c.state)).toEqual(['running'])
})

test('a container that somebody paused stays so, and is named', async () => {
  const fake = fakeEngine({ images })
  await upWith(fake, shop({ services: { web: {} } }))
  await fake.engine.pauseContainer('shop-web-1')
  const events: Event[] = []
  await upWith(fake, shop({ services: { web: {} } }), {}, events)
  expect(problems(events)).toEqual(['container "shop-web-1" is paused'])
  expect(fake.containers().map(c => c.state)).toEqual(['paused'])
})

test('orphans are named', async () => {
  const fake = fakeEngine({ images })
  await upWith(fake, shop({ services: { old: {} } }))
  const events: Event[] = []
  await upWith(fake, shop({ services: { web: {} } }), {}, events)
  expect(problems(events)).toEqual(['Found orphan containers ([shop-old-1]) for this project'])
})

describe('a container that does not come up', () => {
  test('is told with its exit code in words, its last lines and who waits for it', async () => {
    const declared: Declared = {
      services: { db: { healthcheck: { test: ['CMD', 'true'] } }, web: { depends_on: { db: healthy } } },
    }
    const { events, error } = await told(behaving({ db: { exits: 137, says: ['loading', 'out of luck'] } }), declared)
    expect(error).toBeInstanceOf(PlanFailed)
    expect(error.message).toBe('dependency failed to start: container shop-db-1 exited (137: killed, SIGKILL)')
    expect(failures(events)).toMatchObject([
      {
        type: 'container-failed',
        container: 'shop-db-1',
        service: 'db',
        cause: 'exited (137: killed, SIGKILL)',
        findings: [{ code: 'killed-from-outside' }],
        exitCode: 137,
        log: ['loading', 'out of luck'],
        waiting: ['web-1'],
      },
    ])
  })

  test('is told without the secrets that it was given, though it prints them', async () => {
    const db = { environment: { DB_PASSWORD: 'hunter22' }, healthcheck: { test: ['CMD', 'true'] } }
    const declared: Declared = { services: { db, web: { depends_on: { db: healthy } } } }
    const { events } = await told(behaving({ db: { exits: 1, says: ['hunter22 is wrong'] } }), declared)
    expect(failures(events)).toMatchObject([{ log: ['******** is wrong'] }])
    expect(JSON.stringify(failures(events))).not.toContain('hunter22')
  })

  test('is told once with those that failed alike, and who waits for any of them', async () => {
    const declared: Declared = { services: { db: { scale: 3 }, web: { depends_on: { db: healthy } } } }
    const { events } = await told(
      behaving({ db: { refuses: 'exec: "nosuch": executable file not found in $PATH' } }),
      declared,
    )
    expect(failures(events)).toMatchObject([
      { container: 'shop-db-1', alike: ['shop-db-2', 'shop-db-3'], findings: [{ code: 'exit-127-not-found' }] },
    ])
  })

  test('is told with its last probe, where its health is the matter', async () => {
    const declared: Declared = {
      services: { db: { healthcheck: { test: ['CMD', 'pg_isready'] } }, web: { depends_on: { db: healthy } } },
    }
    const { events } = await told(behaving({ db: { health: ['unhealthy'] } }), declared)
    expect(failures(events)).toMatchObject([
      {
        cause: 'unhealthy: its health check failed 1 times in a row',
        probe: { command: 'pg_isready', exitCode: 1, output: 'not ok' },
      },
    ])
  })

  test('says that the one it was to replace is stopped and kept', async () => {
    const fake = fakeEngine({ images, behave: s => (s.user === 'nobody' ? { refuses: 'no such user' } : {}) })
    await upWith(fake, shop({ services: { web: {} } }))
    const events: Event[] = []
    await upWith(fake, shop({ services: { web: { user: 'nobody' } } }), {}, events).catch(() => {})
    expect(failures(events)).toMatchObject([{ container: 'shop-web-1', cause: 'no such user', kept: 'shop-web-1' }])
  })

  test('is told, too, where what it runs once it has started fails', async () => {
    const fake = fakeEngine({ images, behave: s => (s.user === 'nobody' ? { runs: () => 3 } : {}) })
    const hooked = { post_start: [{ command: ['warm'] }] }
    await upWith(fake, shop({ services: { web: hooked } }))
    const events: Event[] = []
    await upWith(fake, shop({ services: { web: { ...hooked, user: 'nobody' } } }), {}, events).catch(() => {})
    expect(failures(events)).toMatchObject([{ cause: 'web hook exited with status 3', kept: 'shop-web-1' }])
    expect(fake.containers().map(c => c.state)).toEqual(['exited', 'running'])
  })

  test('that is optional is a warning, and the rest goes on', async () => {
    const optional = { condition: 'service_healthy', required: false } as const
    const declared: Declared = {
      services: { db: { healthcheck: { test: ['CMD', 'x'] } }, web: { depends_on: { db: optional } } },
    }
    const { fake, events, error } = await told(behaving({ db: { health: ['unhealthy'] } }), declared)
    expect(error).toBeUndefined()
    expect(problems(events)).toEqual(['optional dependency failed to start: container shop-db-1 is unhealthy'])
    expect(fake.containers().map(c => c.state)).toEqual(['running', 'running'])
  })
})

test('under --wait, up ends when all is healthy or done, and fails when something is not', async () => {
  const declared: Declared = { services: { job: {}, db: { healthcheck: { test: ['CMD', 'x'] } } } }
  expect((await told(behaving({ job: { exits: 0 } }), declared, { wait: true })).error).toBeUndefined()
  const { error } = await told(behaving({ job: { exits: 0 }, db: { health: ['unhealthy'] } }), declared, { wait: true })
  expect(error.message).toBe('container shop-db-1 is unhealthy')
})

test('each container is announced before it starts, under the name that it keeps', async () => {
  const fake = fakeEngine({ images })
  await upWith(fake, shop({ services: { web: {} } }))
  const starting: string[] = []
  await up(shop({ services: { web: { user: 'me' } } }), {
    ...quietly(fake),
    beforeStart: async c => void starting.push(`${c.name} ${c.service} ${c.number} ${c.state}`),
  })
  expect(starting).toEqual(['shop-web-1 web 1 created'])
})

test('planned only, it asks nothing and touches nothing', async () => {
  const fake = fakeEngine({ images, registry: images })
  const { changed, containers } = await up(shop({ services: { web: {} } }), { ...quietly(fake), dryRun: true })
  expect([changed, containers]).toEqual([true, []])
  expect(fake.calls.filter(c => c.changes)).toEqual([])
})

test('cancelled, it leaves the rest undone and throws the signal’s reason', async () => {
  const fake = fakeEngine({ images })
  const pressed = new AbortController()
  fake.inject(({ name }) => {
    if (name === 'createNetwork') pressed.abort(new Error('pressed'))
    return undefined
  })
  await expect(up(shop({ services: { web: {} } }), { ...quietly(fake), signal: pressed.signal })).rejects.toThrow(
    'pressed',
  )
  expect(fake.containers()).toEqual([])
})

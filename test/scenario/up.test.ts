import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { logCalls } from '../kit/call-log.ts'
import { actions } from '../kit/engine-api.ts'
import { registry } from '../kit/registry.ts'
import { scenario } from '../kit/scenario.ts'

scenario('up makes the network, the volume and the containers, and the names resolve', 'up-detached', async s => {
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
  expect((await s.engine.networks(s.project)).map(({ Name }) => Name)).toEqual([`${s.project}_default`])
  expect((await s.engine.volumes(s.project)).map(({ Name }) => Name)).toEqual([`${s.project}_data`])
  const { Mounts } = await s.container('db')
  expect(Mounts).toMatchObject([{ Type: 'volume', Name: `${s.project}_data`, Destination: '/data' }])
  for (const name of ['db', `${s.project}-db-1`])
    expect(await s.inside('web', 'ping', '-c1', name)).toContain('1 packets received')
})

scenario('a second up of an unchanged project changes nothing, by call and by container', 'second-up', async s => {
  await s.gantry('up --detach')
  const before = await s.containers()
  expect(before).toHaveLength(2)
  expect(await s.inside('web', 'cat', '/motd')).toBe('good morning')
  expect(await s.inside('web', 'cat', '/run/secrets/key')).toBe('very-private')
  await using log = await logCalls(s.host)
  const { stdout, stderr } = await s.gantry('up --detach', { env: { DOCKER_HOST: log.host } })
  expect(log.calls.length).toBeGreaterThan(0)
  expect(log.changes()).toEqual([])
  const marks = (all: typeof before) => all.map(({ Id, State }) => [Id, State.StartedAt])
  expect(marks(await s.containers())).toEqual(marks(before))
  expect(stdout + stderr).not.toContain('very-private')
  await s.gantry('plan', { exit: 0 })
})

scenario('one changed line replaces that container only, and says which line', 'changed-line', async s => {
  await s.gantry('up --detach')
  const [web, db] = [await s.container('web'), await s.container('db')]
  await s.edit('compose.yaml', 'LOG_LEVEL: info', 'LOG_LEVEL: debug')
  const why = /~ web-1\s+replace\s+environment\.LOG_LEVEL "info" -> "debug"\s+compose\.yaml:7/
  const plan = await s.gantry('plan', { exit: 2 })
  expect(plan.stdout).toMatch(why)
  expect(plan.stdout).not.toContain('COLOUR')
  expect(plan.stdout).not.toContain('db-1')
  expect((await s.container('web')).Id).toBe(web.Id)
  expect((await s.gantry('up --detach')).stderr).toMatch(why)
  expect((await s.container('db')).Id).toBe(db.Id)
  const after = await s.container('web')
  expect(after.Id).not.toBe(web.Id)
  expect(after.Name).toBe(web.Name)
  expect(after.Config.Env).toContain('LOG_LEVEL=debug')
  await s.gantry('plan', { exit: 0 })
})

scenario(
  'a dependant starts the moment its dependency is healthy, and at once where it is',
  'healthy-dependency',
  async s => {
    const since = new Date()
    await s.gantry('up --detach')
    const first = actions(await s.engine.events(s.project, since, new Date()))
    const healthy = first.indexOf('db-1 health_status: healthy')
    const started = first.indexOf('web-1 start')
    expect(healthy).toBeGreaterThan(-1)
    expect(started).toBeGreaterThan(healthy)
    expect(first.slice(healthy, started).filter(action => action.startsWith('db-1 exec_start'))).toEqual([])

    const later = new Date()
    await s.gantry('--profile later up --detach later')
    const second = actions(await s.engine.events(s.project, later, new Date()))
    expect(second).toContain('later-1 start')
    expect(second.filter(action => action.includes('health_status'))).toEqual([])
  },
)

scenario('an up that was killed while it waited is completed by the next', 'interrupted', async s => {
  const first = s.start('up --detach')
  await s.eventually(
    () => s.states('db'),
    states => states.includes('db-1 running'),
  )
  first.signal('SIGKILL')
  await first.ended
  expect(await s.states('web')).not.toContain('web-1 running')
  const db = await s.container('db')
  await s.inside('db', 'touch', '/ready')
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
  expect((await s.container('db')).Id).toBe(db.Id)
  await s.gantry('plan', { exit: 0 })
})

scenario('a container that has ended is started again, and plan says so', 'scale', async s => {
  await s.gantry('up --detach')
  const { Id } = await s.container('web')
  await s.engine.call('POST', `/containers/${Id}/kill`)
  await s.eventually(
    () => s.states(),
    ([web]) => web === 'web-1 exited',
  )
  expect((await s.gantry('plan', { exit: 2 })).stdout).toMatch(/web-1\s+start/)
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['web-1 running'])
  expect((await s.container('web')).Id).toBe(Id)
})

scenario(
  'up without --detach shows what the containers print, and one Ctrl-C stops them gracefully',
  'attached',
  async s => {
    const up = s.start('up')
    await up.says(/talker-1\s+\| good morning/)
    up.signal('SIGINT')
    await up.says(/talker-1\s+\| taking my leave/)
    expect((await up.ended).code).toBe(130)
    const { State } = await s.container('talker')
    expect(State).toMatchObject({ Status: 'exited', ExitCode: 0 })
  },
)

scenario('a second Ctrl-C does not wait for a container that will not stop', 'stubborn', async s => {
  const up = s.start('up')
  await up.says(/deaf-1\s+\| up/)
  const since = new Date()
  up.signal('SIGINT')
  await s.eventually(
    async () => actions(await s.engine.events(s.project, since, new Date())),
    seen => seen.includes('deaf-1 kill'),
  )
  up.signal('SIGINT')
  expect((await up.ended).code).toBe(130)
  await s.eventually(
    () => s.states(),
    ([deaf]) => deaf === 'deaf-1 exited',
  )
})

scenario('--wait returns once everything is healthy', 'wait', async s => {
  await s.gantry('up --wait')
  expect((await s.container('web')).State.Health?.Status).toBe('healthy')
})

scenario(
  'a container that fails is told with its exit code and last lines, and what waited for it',
  'fails',
  async s => {
    const { stderr } = await s.gantry('up --detach', { exit: 1 })
    expect(stderr).toMatch(/vault-1: "vault" ended by itself with code 3/)
    expect(stderr).toContain('the door is stuck')
    expect(stderr).toContain('bank')
    expect(await s.states('bank')).not.toContain('bank-1 running')
    expect((await s.container('vault')).State).toMatchObject({ Status: 'exited', ExitCode: 3 })
  },
)

scenario('--scale runs a number of containers for this once', 'scale', async s => {
  await s.gantry('up --detach --scale web=3')
  expect(await s.states()).toEqual(['web-1 running', 'web-2 running', 'web-3 running'])
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['web-1 running'])
})

scenario('--force-recreate replaces what has not changed', 'recreate', async s => {
  await s.gantry('up --detach')
  const before = (await s.containers()).map(({ Id }) => Id)
  await s.gantry('up --detach --force-recreate')
  const after = (await s.containers()).map(({ Id }) => Id)
  expect(after).toHaveLength(2)
  expect(after.filter(id => before.includes(id))).toEqual([])
})

scenario('--no-recreate leaves what has changed', 'recreate', async s => {
  await s.gantry('up --detach')
  const { Id } = await s.container('web')
  await s.edit('compose.yaml', 'blue', 'green')
  await s.gantry('up --detach --no-recreate')
  expect((await s.container('web')).Id).toBe(Id)
  await s.gantry('plan', { exit: 2 })
})

scenario('--no-deps touches only the services named', 'recreate', async s => {
  await s.gantry('up --detach --no-deps web')
  expect(await s.states()).toEqual(['web-1 running'])
  await s.gantry('up --detach web')
  expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
})

scenario('--remove-orphans removes what the file no longer names; without it, it is only told', 'orphans', async s => {
  await s.gantry('--file before.yaml up --detach')
  expect(await s.states()).toEqual(['old-1 running', 'web-1 running'])
  expect((await s.gantry('up --detach')).stderr).toContain('old-1')
  expect(await s.states()).toEqual(['old-1 running', 'web-1 running'])
  await s.gantry('up --detach --remove-orphans')
  expect(await s.states()).toEqual(['web-1 running'])
})

scenario('--build builds what has changed in the context and replaces the container', 'build', async s => {
  await s.gantry('up --detach')
  expect(await s.inside('app', 'cat', '/greeting')).toBe('good morning')
  const before = await s.container('app')
  await writeFile(join(s.folder, 'app/greeting'), 'good evening\n')
  await s.gantry('up --detach')
  expect((await s.container('app')).Id).toBe(before.Id)
  await s.gantry('up --detach --build')
  const after = await s.container('app')
  expect(after.Image).not.toBe(before.Image)
  expect(await s.inside('app', 'cat', '/greeting')).toBe('good evening')
})

scenario(
  'an image that nobody has fails before anything is made, and --pull never does not even ask',
  'nowhere',
  async s => {
    const asked = await s.gantry('up --detach', { exit: 1 })
    expect(asked.stderr).toContain('gantry-nowhere.invalid/nothing:1')
    await using log = await logCalls(s.host)
    const { stderr } = await s.gantry('up --detach --pull never', { exit: 1, env: { DOCKER_HOST: log.host } })
    expect(stderr).toContain('gantry-nowhere.invalid/nothing:1')
    expect(log.calls.filter(call => call.endsWith('/images/create'))).toEqual([])
    expect(await s.containers()).toEqual([])
  },
)

scenario(
  'an image is pulled where it is missing, and again with --pull always, which replaces the container',
  'pull',
  async s => {
    const store = await registry(s.engine, inject('images').busybox)
    s.afterwards(store.close)
    const env = { IMAGE: store.image }
    await s.gantry('up --detach', { env })
    const first = await s.container('web')
    expect(first.Config.Labels['version']).toBe('1')
    store.publish('2')
    const asked = store.requests.length
    expect(asked).toBeGreaterThan(0)
    await s.gantry('up --detach', { env })
    expect(store.requests).toHaveLength(asked)
    expect((await s.container('web')).Id).toBe(first.Id)
    await s.gantry('up --detach --pull always', { env })
    expect(store.requests.length).toBeGreaterThan(asked)
    expect((await s.container('web')).Config.Labels['version']).toBe('2')
  },
)

scenario('all mistakes in a file are told at once with their places, and nothing is touched', 'mistakes', async s => {
  await using log = await logCalls(s.host)
  const { stderr, stdout } = await s.gantry('up --detach', { exit: 1, env: { DOCKER_HOST: log.host } })
  expect(stderr).toContain('compose.yaml:4:5')
  expect(stderr).toContain('command') // did you mean
  expect(stderr).toContain('compose.yaml:6:')
  expect(stderr).toContain('compose.yaml:9:')
  expect(stdout).toBe('')
  expect(log.changes()).toEqual([])
  expect(await s.containers()).toEqual([])
})

scenario('without a compose file, up says what is missing', 'scale', async s => {
  await rm(join(s.folder, 'compose.yaml'))
  expect((await s.gantry('up', { exit: 1 })).stderr).toContain('compose.yaml')
})

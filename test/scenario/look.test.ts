import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario('ps lists what runs; --all also what has ended, with its exit code', 'ps', async s => {
  await s.gantry('up --detach')
  await s.eventually(
    () => s.states('job'),
    ([job]) => job === 'job-1 exited',
  )
  const port = (await s.container('web')).NetworkSettings.Ports['80/tcp']![0]!.HostPort
  const running = (await s.gantry('ps')).stdout
  expect(running.split('\n')[0]).toMatch(/^NAME\s+IMAGE\s+COMMAND\s+SERVICE\s+CREATED\s+STATUS\s+PORTS/)
  expect(running).toContain(`${s.project}-web-1`)
  expect(running).toContain(`:${port}->80/tcp`)
  expect(running).not.toContain('job-1')
  expect((await s.gantry('ps --all')).stdout).toMatch(/job-1.*Exited \(4\)/)
  expect((await s.gantry('ps --quiet')).stdout.trim()).toBe((await s.container('web')).Id)
  const [line] = (await s.gantry('ps --format json')).stdout.trim().split('\n')
  expect(JSON.parse(line!)).toMatchObject({ Service: 'web', State: 'running', Project: s.project })
})

scenario('logs shows what was printed, of all or of some, with names before it or without', 'logs', async s => {
  await s.gantry('up --detach')
  await s.eventually(
    async () => s.engine.logs((await s.container('counter')).Id),
    text => text.includes('line 3') && text.includes('other stream'),
  )
  const all = (await s.gantry('logs')).stdout
  for (const line of ['line 1', 'line 2', 'line 3', 'to the other stream'])
    expect(all).toMatch(new RegExp(`^counter-1 +\\| ${line}$`, 'm'))
  const bare = (await s.gantry('logs --no-log-prefix counter')).stdout.trim().split('\n')
  expect(bare.toSorted()).toEqual(['line 1', 'line 2', 'line 3', 'to the other stream'])
  expect((await s.gantry('logs --tail=-1 counter')).stdout).toBe((await s.gantry('logs counter')).stdout)
  expect((await s.gantry('logs silent')).stdout).toBe('')
  const last = (await s.gantry('logs --no-log-prefix --tail 1 counter')).stdout.trim()
  expect(bare).toContain(last)
  expect(last.split('\n')).toHaveLength(1)
  const stamped = (await s.gantry('logs --timestamps --no-log-prefix counter')).stdout
  expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z line 1$/m)
})

scenario('logs --follow goes on until it is interrupted, and --since leaves out what is older', 'logs', async s => {
  await s.gantry('up --detach')
  await s.eventually(
    async () => s.engine.logs((await s.container('counter')).Id),
    text => text.includes('line 3'),
  )
  const follow = s.start('logs --follow counter')
  await follow.says('line 3')
  expect(follow.output()).not.toContain('line 4')
  const since = new Date().toISOString()
  await s.inside('counter', 'touch', '/more')
  await follow.says('line 4')
  follow.signal('SIGINT')
  expect((await follow.ended).code).toBe(130)
  const late = (await s.gantry(`logs --since ${since} --no-log-prefix`)).stdout.trim()
  expect(late).toBe('line 4')
})

scenario('config prints what the files come to, and exits 1 on a mistake', 'config', async s => {
  const { stdout } = await s.gantry('--file compose.yaml --file more.yaml config')
  expect(stdout).toContain('image: busybox:1.36')
  expect(stdout).toContain('COLOUR: green')
  expect(stdout).toContain('published: "8080"')
  expect(JSON.parse((await s.gantry('config --format json')).stdout)).toMatchObject({
    name: s.project,
    services: { web: { image: 'busybox:1.36', environment: { COLOUR: 'blue' } } },
  })
  expect((await s.gantry('config --services')).stdout).toBe('web\n')
  expect((await s.gantry('config --quiet')).stdout).toBe('')
  await s.edit('.env', 'TAG=1.36', '')
  expect((await s.gantry('config', { exit: 1 })).stderr).toContain('compose.yaml:4:')
})

scenario('version and help need no engine and no file', 'config', async s => {
  const env = { DOCKER_HOST: 'unix:///nowhere.sock' }
  expect((await s.gantry('version', { env, cwd: '/' })).stdout).toMatch(/\d+\.\d+\.\d+/)
  const help = (await s.gantry('--help', { env, cwd: '/' })).stdout
  const commands = [
    'up',
    'plan',
    'down',
    'create',
    'start',
    'stop',
    'restart',
    'scale',
    'ps',
    'logs',
    'config',
    'version',
  ]
  for (const command of commands) {
    expect(help).toMatch(new RegExp(`^  ${command} `, 'm'))
    expect((await s.gantry(`${command} --help`, { env, cwd: '/' })).stdout).toContain(`gantry ${command}`)
  }
})

scenario('an engine that is not there is told by name, with what to do', 'scale', async s => {
  const { stderr } = await s.gantry('ps', { exit: 1, env: { DOCKER_HOST: 'unix:///nowhere.sock' } })
  expect(stderr).toContain('/nowhere.sock')
})

scenario('an unknown service is told, with the one that was meant', 'scale', async s => {
  for (const line of ['up --detach wbe', 'ps wbe', 'logs wbe', 'stop wbe', 'restart wbe'])
    expect((await s.gantry(line, { exit: 1 })).stderr, line).toMatch(/wbe.*\n*.*web/s)
  expect(await s.containers()).toEqual([])
})

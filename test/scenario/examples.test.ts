import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { official } from '../../setup/images.ts'
import { type Scene, scenario } from '../kit/scenario.ts'

/** The example as a user finds it; where the engine has no official images, with a second file that names the stand-ins. */
function example(name: string, promise: string, play: (scene: Scene) => Promise<void>): void {
  const standIns = join(import.meta.dirname, '../../setup/stand-ins/examples', `${name}.yaml`)
  const env = () => ({
    PORT: '0',
    ...(Object.entries(official).some(
      ([image, called]) => inject('images')[image as keyof typeof official] !== called,
    ) && {
      COMPOSE_FILE: `compose.yaml:${standIns}`,
    }),
  })
  scenario(`examples/${name}: ${promise}`, `example-${name}`, play, { from: join('examples', name), env })
}

const limit = 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes'
const processes = 'cat /sys/fs/cgroup/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids/pids.max'
const processor =
  'cat /sys/fs/cgroup/cpu.max 2>/dev/null || echo $(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us)'

async function leavesNothing(s: Scene): Promise<void> {
  await s.gantry('--profile * down --volumes --rmi local')
  expect(await s.containers()).toEqual([])
  expect(await s.engine.networks(s.project)).toEqual([])
  expect(await s.engine.volumes(s.project)).toEqual([])
}

async function page(s: Scene, path = '/', method = 'GET'): Promise<string> {
  const { NetworkSettings } = await s.container('web')
  const published = NetworkSettings.Ports['80/tcp']
  if (!published?.[0]) throw new Error('web publishes no port')
  const answer = await fetch(`http://127.0.0.1:${published[0].HostPort}${path}`, { method })
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return answer.text()
}

example('hello', 'the page counts its visitors, over down and up', async s => {
  await s.gantry('up --detach --wait')
  expect(await page(s)).toContain('You are visitor 1.')
  expect(await page(s)).toContain('You are visitor 2.')
  expect(await s.inside('web', 'wget', '-q', '-O', '-', 'http://web/health.txt')).toBe('ok')
  expect(await s.inside('web', 'sh', '-c', limit)).toBe(String(32 * 1024 ** 2))
  await s.gantry('down')
  expect(await s.containers()).toEqual([])
  await s.gantry('up --detach --wait')
  expect(await page(s)).toContain('You are visitor 3.')
  await leavesNothing(s)
})

example('shop', 'orders go through the API into the database and stay there', async s => {
  await s.gantry('up --detach --wait')
  expect(await page(s, '/orders', 'POST')).toBe('order 1 taken\n')
  expect(await page(s, '/orders')).toBe('1 orders\n')
  for (const [service, megabytes] of [
    ['web', 64],
    ['api', 64],
    ['database', 128],
  ] as const)
    expect(await s.inside(service, 'sh', '-c', limit), service).toBe(String(megabytes * 1024 ** 2))
  expect(await s.inside('api', 'sh', '-c', processor)).toBe('50000 100000')
  expect(await s.inside('api', 'sh', '-c', processes)).toBe('50')
  // web and database share no network
  expect((await s.engine.exec((await s.container('web')).Id, ['ping', '-c1', 'database'])).code).not.toBe(0)
  expect(await s.inside('api', 'ping', '-c1', 'database').catch(String)).not.toContain('bad address')
  await s.gantry('down')
  await s.gantry('up --detach --wait')
  expect(await page(s, '/orders')).toBe('1 orders\n')
  const { stdout } = await s.gantry('logs')
  expect(stdout).not.toContain('only-for-trying-it-out')
  await leavesNothing(s)
})

example('tools', 'the worker is limited and knows its secret; the tools come when they are called', async s => {
  await s.gantry('up --detach')
  expect(await s.states()).toEqual(['worker-1 running'])
  expect(await s.inside('worker', 'cat', '/run/secrets/token')).toBe('not-a-real-token')
  expect(await s.inside('worker', 'sh', '-c', limit)).toBe(String(24 * 1024 ** 2))
  expect(await s.inside('worker', 'sh', '-c', processes)).toBe('20')
  expect(await s.inside('worker', 'sh', '-c', processor)).toBe('25000 100000')
  expect((await s.engine.exec((await s.container('worker')).Id, ['touch', '/here'])).output).toContain(
    'Read-only file system',
  )
  await s.eventually(
    () => s.inside('worker', 'sh', '-c', 'cat /done/list 2>/dev/null || true'),
    list => list !== '',
  )
  const report = s.start('--profile report up --no-log-prefix report')
  await report.says('pieces of work done')
  expect((await report.ended).code).toBe(0)
  await s.gantry('--profile debug up --detach console')
  expect(await s.inside('console', 'hostname')).toBe((await s.container('worker')).Id.slice(0, 12))
  await s.gantry('--profile * down')
  expect(await s.containers()).toEqual([])
  await s.gantry('--profile debug up --detach')
  expect(await s.inside('console', 'sh', '-c', 'test -s /done/list && echo kept')).toBe('kept')
  await leavesNothing(s)
})

example('islands', 'names resolve only on a shared network', async s => {
  await s.gantry('up --detach')
  const ask = (from: string, whom: string) => s.inside(from, 'wget', '-q', '-O', '-', `http://${whom}/`)
  expect(await ask('harbour', 'light')).toBe('lighthouse')
  expect(await ask('harbour', 'cabin')).toBe('cabin')
  expect(await ask('lighthouse', 'harbour')).toBe('harbour')
  await expect(ask('lighthouse', 'cabin')).rejects.toThrow('bad address')
  await expect(ask('cabin', 'lighthouse')).rejects.toThrow('bad address')
  expect((await s.engine.networks(s.project)).filter(({ Internal }) => Internal).map(({ Name }) => Name)).toEqual([
    `${s.project}_land`,
  ])
  expect(await s.inside('harbour', 'sh', '-c', limit)).toBe(String(16 * 1024 ** 2))
  await s.inside('cabin', 'sh', '-c', 'echo all well > /logbook/page')
  await s.gantry('down')
  await s.gantry('up --detach')
  expect(await s.inside('cabin', 'cat', '/logbook/page')).toBe('all well')
  await leavesNothing(s)
})

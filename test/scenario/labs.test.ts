import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'

/** A lab does what its page says. */
function lab(name: string, promise: string, play: (scene: Scene) => Promise<void>): void {
  const env = () => ({ WIDE: '0', NARROW: '0' })
  scenario(`labs/${name}: ${promise}`, `lab-${name}`, play, { from: `examples/labs/${name}`, env })
}

/** What a command says in a service's container, well or not. */
async function says(s: Scene, service: string, ...command: string[]): Promise<string> {
  return (await s.engine.exec((await s.container(service)).Id, command)).output.trim()
}

async function logs(s: Scene, service: string): Promise<string> {
  return (await s.engine.logs((await s.container(service)).Id)).trim()
}

/** The codes with which all containers have ended, by service. */
async function ends(s: Scene): Promise<Readonly<Record<string, number>>> {
  const over = await s.eventually(
    () => s.containers(),
    all => all.every(({ State }) => State.Status === 'exited'),
  )
  return Object.fromEntries(
    over.map(({ Config, State }) => [Config.Labels['com.docker.compose.service'], State.ExitCode]),
  )
}

/** What `gantry why` finds, as "service: code". */
async function why(s: Scene): Promise<string[]> {
  const { stdout } = await s.start('why --format json').ended
  const found = JSON.parse(stdout) as { readonly service: string; readonly code: string }[]
  return found.map(({ service, code }) => `${service}: ${code}`).sort()
}

lab('01-process', 'a container is a process, and ends with it', async s => {
  await s.gantry('up --detach')
  expect(await says(s, 'app', 'cat', '/proc/1/cmdline')).toBe('sleep\x00300\x00')
  expect((await s.gantry('top app')).stdout).toMatch(/sleep 300/)
  expect(await why(s)).toEqual([])
  await s.gantry('kill app')
  expect(await ends(s)).toEqual({ app: 137 })
  expect(await why(s)).toEqual(['app: killed-from-outside'])
})

lab('02-localhost', 'localhost is the container itself, and a name holds on its network only', async s => {
  await s.gantry('up --detach')
  await s.eventually(
    () => says(s, 'near', 'wget', '-qO-', 'http://web/'),
    answer => answer === 'hello from web',
  )
  expect(await says(s, 'near', 'wget', '-qO-', 'http://localhost/')).toContain('(127.0.0.1): Connection refused')
  expect(await says(s, 'far', 'wget', '-qO-', 'http://web/')).toBe("wget: bad address 'web'")
  expect(await why(s)).toEqual([])
})

lab('03-writable-layer', 'what was written outlives a stop, and ends with the container', async s => {
  await s.gantry('up --detach')
  await s.inside('app', 'sh', '-c', 'echo hello > /note')
  const { Id } = await s.container('app')
  expect(await s.engine.call('GET', `/containers/${Id}/changes`)).toContainEqual({ Path: '/note', Kind: 1 })
  await s.gantry('restart')
  expect(await s.inside('app', 'cat', '/note')).toBe('hello')
  await s.gantry('up --detach --force-recreate')
  expect(await says(s, 'app', 'cat', '/note')).toBe("cat: can't open '/note': No such file or directory")
})

lab('04-patch-is-lost', 'a repair by hand is lost when the container is made anew', async s => {
  await s.gantry('up --detach')
  await s.inside('app', 'sed', '-i', 's/red/blue/', '/etc/app.conf')
  await s.gantry('restart')
  expect(await s.inside('app', 'cat', '/etc/app.conf')).toBe('colour=blue')
  await s.gantry('up --detach --force-recreate')
  expect(await s.inside('app', 'cat', '/etc/app.conf')).toBe('colour=red')
})

lab('05-volume', 'a volume outlives the container, until it is removed by name', async s => {
  await s.gantry('up --detach')
  await s.inside('app', 'sh', '-c', 'echo hello > /data/note')
  await s.gantry('down')
  await s.gantry('up --detach')
  expect(await s.inside('app', 'cat', '/data/note')).toBe('hello')
  await s.gantry('down --volumes')
  expect(await s.engine.volumes(s.project)).toEqual([])
  await s.gantry('up --detach')
  expect(await s.inside('app', 'ls', '/data')).toBe('')
})

lab('06-tmpfs', 'a folder in memory has an end, and is empty after a restart', async s => {
  await s.gantry('up --detach')
  const full = await says(s, 'app', 'dd', 'if=/dev/zero', 'of=/scratch/big', 'bs=1k', 'count=2000')
  expect(full).toContain('No space left on device')
  expect(await s.inside('app', 'ls', '/scratch')).toBe('big')
  await s.gantry('restart')
  expect(await s.inside('app', 'ls', '/scratch')).toBe('')
})

lab('07-signals', 'only who hears the signal ends at once', async s => {
  await s.gantry('up --detach')
  await s.eventually(
    () => s.inside('good', 'grep', 'SigCgt', '/proc/1/status'),
    caught => /4...$/.test(caught),
  )
  await s.gantry('stop')
  expect(await ends(s)).toEqual({ good: 0, deaf: 137, wrapped: 137, init: 143 })
  expect(await logs(s, 'good')).toBe('got TERM')
  expect(await why(s)).toEqual(['deaf: pid1-ignores-term', 'wrapped: pid1-ignores-term'])
})

lab('08-who-is-pid-1', 'a shell stays on the first chair unless it hands over', async s => {
  await s.gantry('up --detach')
  expect(await says(s, 'words', 'cat', '/proc/1/cmdline')).toBe('sleep\x00300\x00')
  expect(await says(s, 'shell', 'cat', '/proc/1/cmdline')).toBe('sh\x00-c\x00sleep 300; echo end\x00')
  expect(await logs(s, 'handed-over')).toBe('begin')
  expect(await says(s, 'handed-over', 'cat', '/proc/1/cmdline')).toBe('sleep\x00300\x00')
})

lab('09-zombies', 'an init buries the children whose parents are gone', async s => {
  await s.gantry('up --detach')
  const dead = (service: string) => says(s, service, 'sh', '-c', 'cat /proc/[0-9]*/stat | grep -c ") Z "')
  await s.eventually(
    () => dead('bad'),
    count => count === '1',
  )
  await s.eventually(
    () => dead('good'),
    count => count === '0',
  )
  expect(await s.inside('bad', 'ps')).toContain('[sleep]')
})

lab('10-exit-codes', 'a code tells what kind of end it was', async s => {
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ fine: 0, 'own-code': 3, 'no-such-program': 127, crash: 139 })
  expect(await why(s)).toEqual(['crash: exit-segv', 'no-such-program: not-found-in-shell', 'own-code: exit-app-error'])
})

lab('11-memory', 'who wants more memory than it may have is killed, and why says so', async s => {
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ greedy: 137 })
  expect(await logs(s, 'greedy')).toBe('')
  expect(await why(s)).toEqual(['greedy: exit-oom'])
})

lab('12-cpu', 'who wants more processor than it may have is slowed', async s => {
  await s.gantry('up --detach')
  const { Id } = await s.container('busy')
  const held = async () => {
    const all = (await s.engine.call('GET', `/containers/${Id}/stats?stream=false&one-shot=true`)) as {
      readonly cpu_stats: { readonly throttling_data: { readonly throttled_periods: number } }
    }
    return all.cpu_stats.throttling_data.throttled_periods
  }
  await s.eventually(held, periods => periods > 3)
  const used = /(\d+\.\d+)%/.exec((await s.gantry('stats --no-stream')).stdout)?.[1]
  expect(Number(used)).toBeGreaterThan(0)
  expect(Number(used)).toBeLessThan(20)
  expect(await s.states()).toEqual(['busy-1 running'])
})

lab('13-process-limit', 'who starts more processes than it may is refused', async s => {
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ many: 2 })
  expect(await logs(s, 'many')).toContain("can't fork: Resource temporarily unavailable")
  expect(await why(s)).toEqual(['many: pids-limit'])
})

lab('14-one-shot', 'work that is done is done again where the policy says always', async s => {
  await s.gantry('up --detach')
  await s.eventually(
    () => logs(s, 'again'),
    lines => lines.split('\n').length > 3,
  )
  expect(await s.states('once')).toEqual(['once-1 exited'])
  expect(await logs(s, 'once')).toBe('migrated')
  expect(await why(s)).toEqual(['again: oneshot-loops'])
})

lab('15-bind-address', 'who listens on its own localhost is reached by nobody else', async s => {
  await s.gantry('up --detach')
  const page = async (service: string) => {
    const { Ports } = (await s.container(service)).NetworkSettings
    const answer = await fetch(`http://127.0.0.1:${Ports['80/tcp']![0]!.HostPort}/`)
    return answer.text()
  }
  const inside = await s.eventually(
    () => says(s, 'narrow', 'wget', '-qO-', 'http://127.0.0.1/'),
    answer => !answer.includes('refused'),
  )
  expect(inside).toBe('narrow')
  await expect(page('narrow')).rejects.toThrow('fetch failed')
  expect(await says(s, 'wide', 'wget', '-qO-', 'http://narrow/')).toContain('Connection refused')
  expect(await page('wide')).toBe('wide\n')
  expect(await says(s, 'wide', 'wget', '-qO-', 'http://unpublished/')).toBe('unpublished')
  expect(await why(s)).toEqual(['narrow: bind-loopback-only'])
})

lab('16-segments', 'only who stands on a network is reached there, by name or by address', async s => {
  await s.gantry('up --detach')
  await s.eventually(
    () => says(s, 'web', 'wget', '-qO-', 'http://api/'),
    answer => answer === 'hello from api',
  )
  expect(await says(s, 'edge', 'wget', '-qO-', 'http://api/')).toBe("wget: bad address 'api'")
  const address = await s.inside('api', 'hostname', '-i')
  expect(await says(s, 'web', 'ping', '-c', '1', '-W', '1', address)).toContain('1 packets received')
  expect(await says(s, 'edge', 'ping', '-c', '1', '-W', '1', address)).toContain('0 packets received')
})

lab('17-default-bridge', 'the network that the engine comes with knows no names', async s => {
  await s.gantry('up --detach')
  expect(await says(s, 'new-a', 'ping', '-c', '1', 'new-b')).toContain('1 packets received')
  expect(await says(s, 'old-a', 'ping', '-c', '1', 'old-b')).toBe("ping: bad address 'old-b'")
  expect(await s.inside('new-a', 'cat', '/etc/resolv.conf')).toContain('nameserver 127.0.0.11')
  expect(await s.inside('old-a', 'cat', '/etc/resolv.conf')).not.toContain('127.0.0.11')
})

lab('18-two-projects', 'the same file under two names is two of everything', async s => {
  const two = `${s.project}-two`
  s.afterwards(() => s.engine.clear(two))
  await s.gantry('up --detach')
  await s.gantry(`--project-name ${two} up --detach`)
  for (const project of [s.project, two]) {
    const [visitor, web] = await s.engine.containers(project)
    const seen = await s.eventually(
      () => s.engine.exec(visitor!.Id, ['wget', '-qO-', 'http://web/']),
      ({ code }) => code === 0,
    )
    expect(seen.output.trim()).toBe(web!.Id.slice(0, 12))
  }
})

lab(
  '19-started-is-not-ready',
  'to have started is not to be ready, and a health check tells the two apart',
  async s => {
    await s.gantry('up --detach')
    await s.eventually(
      () => s.states(),
      states => states.filter(state => state.endsWith('exited')).length === 2,
    )
    expect(await logs(s, 'eager')).toContain('Connection refused')
    expect(await logs(s, 'patient')).toBe('ready')
    expect(await why(s)).toEqual(['eager: exit-app-error'])
  },
)

lab('20-mounts-hide', 'a folder hides what the image has there, and a new volume takes it over', async s => {
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ plain: 0, bind: 0, named: 0 })
  expect(await logs(s, 'plain')).toBe('index.html')
  expect(await logs(s, 'bind')).toBe('note.txt')
  expect(await logs(s, 'named')).toBe('index.html')
  expect(await why(s)).toEqual([])
})

lab('21-user-ids', 'files belong to numbers, the same inside and outside', async s => {
  const shared = join(s.folder, 'shared')
  await mkdir(shared)
  await chmod(shared, 0o777)
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ root: 0, user: 1, folder: 0 })
  expect(await logs(s, 'user')).toBe('touch: /data/by-user: Permission denied')
  expect((await stat(join(shared, 'by-user'))).uid).toBe(1000)
  expect(await why(s)).toEqual(['user: volume-permission'])
})

lab('22-read-only', 'a sealed root takes no writes, and a tmpfs on it does', async s => {
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ sealed: 1, 'with-scratch': 0 })
  expect(await logs(s, 'sealed')).toBe('touch: /tmp/note: Read-only file system')
  expect(await why(s)).toEqual(['sealed: read-only-fs'])
})

lab('23-capabilities', 'root without capabilities may not do what root may do', async s => {
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ usual: 0, dropped: 1 })
  expect(await logs(s, 'usual')).toMatch(/^0\nCapEff:\t00000000a80[0-9a-f]{5}\ndone$/)
  const dropped = (await logs(s, 'dropped')).split('\n').sort()
  expect(dropped).toEqual(['0', 'CapEff:\t0000000000000000', 'chown: /tmp: Operation not permitted'])
  expect(await why(s)).toEqual(['dropped: capability-missing'])
})

lab('24-secret-in-a-layer', 'what one instruction wrote and the next deleted is in the image', async s => {
  await s.gantry('up --detach')
  await ends(s)
  expect(await logs(s, 'app')).toContain('no key here')
  const { Image } = await s.container('app')
  const history = (await s.engine.call('GET', `/images/${Image}/history`)) as { readonly CreatedBy: string }[]
  expect(history.map(({ CreatedBy }) => CreatedBy).join('\n')).toContain('echo s3cret > /key')
  // With its line's end it stands in the layer's file alone, not in the history.
  expect((await s.engine.bytes('GET', `/images/${Image}/get`)).includes('s3cret\n\0')).toBe(true)
})

lab('25-entrypoint-and-command', 'an entrypoint drops the command of the image', async s => {
  await s.gantry('up --detach')
  await ends(s)
  expect(await logs(s, 'neither')).toBe('entrypoint command of the image')
  expect(await logs(s, 'command')).toBe('entrypoint another command')
  expect(await logs(s, 'entrypoint')).toBe('/')
  expect(await logs(s, 'both')).toBe('another entrypoint and another command')
  expect(await why(s)).toEqual(['entrypoint: entrypoint-drops-cmd'])
  const { stderr } = await s.gantry('down --rmi local')
  const removed = stderr.split('\n').filter(line => /^ Image .* Removed/.test(line))
  expect(removed).toHaveLength(4)
  expect(await s.engine.images(s.project)).toEqual([])
})

lab('26-one-kernel', 'two images have different files, and one kernel', async s => {
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ small: 0, large: 0 })
  const [small, smaller] = (await logs(s, 'small')).split('\n')
  const [large, larger] = (await logs(s, 'large')).split('\n')
  const { KernelVersion } = (await s.engine.call('GET', '/info')) as { readonly KernelVersion: string }
  expect([small, large]).toEqual([KernelVersion, KernelVersion])
  expect(smaller).not.toBe(larger)
})

lab('27-pause', 'a paused container stands still, and goes on where it was', async s => {
  await s.gantry('up --detach')
  const count = async () => Number((await logs(s, 'counter')).split('\n').at(-1))
  await s.eventually(count, reached => reached > 2)
  await s.gantry('pause')
  const held = await count()
  expect((await s.gantry('exec counter ls', { exit: 1 })).stderr).toContain('is paused')
  expect(await count()).toBe(held)
  await s.gantry('unpause')
  await s.eventually(count, reached => reached > held)
  const lines = (await logs(s, 'counter')).split('\n')
  expect(lines).toEqual(lines.map((_, i) => String(i + 1)))
})

lab('28-log-growth', 'a log keeps every line, unless it is told how much to keep', async s => {
  await s.gantry('up --detach')
  expect(await ends(s)).toEqual({ loud: 0, capped: 0 })
  expect((await logs(s, 'loud')).split('\n').length).toBe(50_000)
  const kept = (await logs(s, 'capped')).split('\n').length
  expect(kept).toBeGreaterThan(10_000)
  expect(kept).toBeLessThan(30_000)
})

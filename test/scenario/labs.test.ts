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

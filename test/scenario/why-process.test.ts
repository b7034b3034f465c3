import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'

interface Told {
  readonly service: string
  readonly code: string
  readonly message: string
}

/** Services are called as their causes; these go by another name. */
const elsewhere: Readonly<Record<string, string>> = {
  'mount-path-of-volume': 'mount-path-relative',
  'bind-folder-replaced': 'bind-file-replaced',
  'other-db': 'db-volume-shared',
  'no-module': 'mount-hides-content',
  'odd-code': 'exit-app-error',
  'folder-for-a-file': 'bind-source-missing',
}

/** The causes told of each service, as those that have one are called. */
const causes = (findings: readonly Told[]) => {
  const codes: Record<string, string[]> = {}
  for (const { service, code } of findings) (codes[service] ??= []).push(code)
  return codes
}

const own = (services: readonly string[]) =>
  Object.fromEntries(services.map(service => [service, [elsewhere[service] ?? service]]))

const why = async (s: Scene, file: string, exit: number, services = ''): Promise<readonly Told[]> =>
  JSON.parse((await s.gantry(`--file ${file} why --format json ${services}`, { exit })).stdout)

/** What is told while things are still happening: whether anything is yet does not matter. */
const soFar = async (s: Scene, file: string, env = {}): Promise<readonly Told[]> =>
  JSON.parse((await s.start(`--file ${file} why --format json`, { env }).ended).stdout)

interface Line extends Partial<Told> {
  readonly type: string
  readonly findings?: readonly Told[]
  readonly problem?: { readonly code: string; readonly message: string }
}

const lines = (stderr: string): readonly Line[] =>
  stderr
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line))

const toldBy = (stderr: string) =>
  causes(lines(stderr).flatMap(line => (line.type === 'finding' ? [line as Told] : (line.findings ?? []))))

scenario(
  'what an engine refuses to make is told by up, and so is what it makes and will not hold',
  'why-process',
  async s => {
    const taken = `${s.project}-taken`
    await s.engine.call('POST', `/containers/create?name=${taken}`, { Image: inject('images').busybox })
    s.afterwards(() => s.engine.call('DELETE', `/containers/${taken}`))
    const { stderr } = await s.gantry('--file refused.yaml --progress json up --detach', {
      exit: 1,
      env: { TAKEN: taken },
    })
    const services = Object.keys(toldBy(stderr))
    expect(toldBy(stderr)).toEqual(own(services))
    expect(services.toSorted()).toEqual([
      'bind-source-missing',
      'hook-failed',
      'mount-path-of-volume',
      'mount-path-relative',
      'name-conflict',
      'restart-policy-invalid',
      'secret-source-missing',
    ])
    // The set-up's machine cannot weigh block devices; where one can, nothing is to be told.
    for (const { problem } of lines(stderr))
      if (problem?.code === 'cgroup-limit-ignored') expect(problem.message).toContain('of "cgroup-limit-ignored-1"')
  },
)

scenario(
  'the root is told once, and the service that waits in vain where it is asked for alone',
  'why-process',
  async s => {
    const { stderr } = await s.gantry('--file waits.yaml --progress json up --detach', { exit: 1 })
    const roots = { mig: ['exit-app-error'], sick: ['health-never-passes'] }
    expect(toldBy(stderr)).toEqual({ ...roots, plain: ['dependency-no-healthcheck'] })
    expect(causes(await why(s, 'waits.yaml', 2))).toEqual({
      ...roots,
      'dependency-no-healthcheck': ['dependency-no-healthcheck'],
    })
    const waiting = ['dependency-exited', 'dependency-unhealthy', 'dependency-no-healthcheck']
    const alone = await why(s, 'waits.yaml', 2, waiting.join(' '))
    expect(causes(alone)).toEqual(own(waiting))
    expect(alone.find(({ service }) => service === 'dependency-exited')?.message).toBe(
      '"dependency-exited" was not started: "mig", for which it waits, ended with 4',
    )
    expect(await why(s, 'waits.yaml', 0, 'plain')).toEqual([])
  },
)

scenario('who ended a container is told: the one who stopped it in vain, or who killed it', 'why-process', async s => {
  await s.gantry('--file ends.yaml up --detach')
  const { Id } = await s.container('killed-from-outside')
  await s.engine.call('POST', `/containers/${Id}/kill`)
  await s.gantry('--file ends.yaml stop pid1-ignores-term ended-as-asked')
  await s.eventually(
    () => s.states(),
    states => states.every(state => state.endsWith('exited')),
  )
  const expected = own(['pid1-ignores-term', 'killed-from-outside', 'entrypoint-drops-cmd'])
  expect(causes(await why(s, 'ends.yaml', 2))).toEqual(expected)
})

scenario(
  'what holds a container back is told while it runs, and nothing of one that is well',
  'why-process',
  async s => {
    const machine = process.arch === 'arm64' ? 62 : 183
    const header = Buffer.alloc(64)
    header.write('\u007fELF\u0002\u0001\u0001', 'latin1')
    header.writeUInt16LE(2, 16)
    header.writeUInt16LE(machine, 18)
    await writeFile(join(s.folder, 'files/for-arm64'), header)
    await chmod(join(s.folder, 'files/for-arm64'), 0o755)
    await s.gantry('--file held-back.yaml up --detach')
    await writeFile(join(s.folder, 'files/app.conf.new'), 'a = 2\n')
    await rename(join(s.folder, 'files/app.conf.new'), join(s.folder, 'files/app.conf'))
    await rm(join(s.folder, 'files/dist'), { recursive: true })
    await mkdir(join(s.folder, 'files/dist'))
    const services = Object.keys(
      JSON.parse((await s.gantry('--file held-back.yaml config --format json')).stdout).services,
    )
    const expected: Readonly<Record<string, readonly string[]>> = {
      ...own(services.filter(service => service !== 'well')),
      'limit-not-seen': ['exit-oom', 'limit-not-seen'],
      'time-skew': ['time-skew', 'exit-app-error'],
    }
    const found = await s.eventually(
      async () => causes(await soFar(s, 'held-back.yaml')),
      codes => Object.keys(expected).every(service => codes[service]?.length === expected[service]?.length),
    )
    expect(found).toEqual(expected)
    expect(await why(s, 'held-back.yaml', 0, 'well')).toEqual([])
  },
)

scenario('of databases, what endangers or hides data is told, without their passwords', 'why-process', async s => {
  const image = `${s.project}/postgres:16`
  const [from, to] = [inject('images').busybox, `${s.project}/postgres`].map(encodeURIComponent)
  await s.engine.call('POST', `/images/${from}/tag?repo=${to}&tag=16`)
  s.afterwards(() => s.engine.call('DELETE', `/images/${encodeURIComponent(image)}`))
  const env = { STAND_IN: image }
  await s.gantry('--file databases.yaml up --detach', { env })
  const findings = await s.eventually(
    () => soFar(s, 'databases.yaml', env),
    told => causes(told)['db-init-skipped'] !== undefined,
  )
  expect(causes(findings)).toMatchObject(own(['db-volume-shared', 'other-db']))
  expect(causes(findings)['db-init-skipped']?.[0]).toBe('db-init-skipped')
  expect(JSON.stringify(findings)).not.toContain('new-s3cret')
  expect(Object.keys(causes(findings))).not.toContain('alone')
})

scenario(
  'what a newer image has is told to be hidden by an old volume, and a check that lacks a shell',
  'why-process',
  async s => {
    await s.gantry('--file stale.yaml up --detach')
    expect(Object.keys(causes(await why(s, 'stale.yaml', 0, 'stale-named-volume')))).toEqual([])
    // A cached layer would be as old as it was made.
    await s.edit('stale.yaml', 'echo first', `echo ${s.project}`)
    await s.gantry('--file stale.yaml up --detach --build')
    expect(await s.inside('stale-named-volume', 'cat', '/app/version')).toBe('first')
    await s.eventually(
      () => s.container('probe-no-shell'),
      ({ State }) => State.Health?.Status === 'unhealthy',
    )
    expect(causes(await why(s, 'stale.yaml', 2))).toEqual(own(['stale-named-volume', 'probe-no-shell']))
  },
)

scenario('a container that somebody removes while it is waited for is told to be removed', 'why-process', async s => {
  const waiting = s.start('--file removed.yaml --progress json up --detach --wait')
  await s.eventually(
    () => s.states('removed-outside'),
    ([state]) => state === 'removed-outside-1 running',
  )
  const { Id } = await s.container('removed-outside')
  await s.engine.call('DELETE', `/containers/${Id}?force=1`)
  const { code, stderr } = await waiting.ended
  expect(code).toBe(1)
  expect(toldBy(stderr)).toEqual(own(['removed-outside']))
})

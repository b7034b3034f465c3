import { expect } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'

interface Told {
  readonly service: string
  readonly code: string
}

/** The first cause of each service. */
const firstCodes = (findings: readonly Told[]): Readonly<Record<string, string>> =>
  Object.fromEntries(findings.toReversed().map(({ service, code }) => [service, code]))

const why = async (s: Scene, file: string, exit: number, services = ''): Promise<readonly Told[]> =>
  JSON.parse((await s.gantry(`--file ${file} why --format json ${services}`, { exit })).stdout)

/** Services are called as their causes; these go by another name. */
const elsewhere: Readonly<Record<string, string>> = {
  'a-directory': 'entrypoint-not-executable',
  'log-option-unknown': 'log-driver-failed',
  'cpus-impossible': 'limit-impossible',
  'exec-format-mark': 'exec-format',
  'no-common-network': 'dns-name-unknown',
}

const expected = (services: readonly string[]) =>
  Object.fromEntries(services.map(service => [service, elsewhere[service] ?? service]))

scenario('what keeps a container from starting is told by up, each with its cause', 'why', async s => {
  const { stderr } = await s.gantry('--file starts.yaml --progress json up --detach', { exit: 1 })
  const lines = stderr.split('\n').filter(line => line.startsWith('{'))
  const told = lines
    .map(line => JSON.parse(line))
    .flatMap(line => (line.type === 'finding' ? [line] : (line.findings ?? [])))
  const services = JSON.parse((await s.gantry('--file starts.yaml config --format json')).stdout).services
  expect(firstCodes(told)).toEqual(expected(Object.keys(services)))
})

scenario('why tells what ended a container, and says nothing of those that are well', 'why', async s => {
  await s.gantry('--file endings.yaml up --detach')
  const services = JSON.parse((await s.gantry('--file endings.yaml config --format json')).stdout).services
  for (const service of Object.keys(services).filter(service => service !== 'healthy'))
    await s.eventually(
      () => s.states(service),
      ([state]) => state === `${service}-1 exited`,
    )
  const failing = Object.keys(services).filter(service => !['healthy', 'job'].includes(service))
  expect(firstCodes(await why(s, 'endings.yaml', 2))).toEqual(expected(failing))
  expect(await why(s, 'endings.yaml', 0, 'healthy job')).toEqual([])
})

scenario('why tells what is wrong with containers that run, and is silent over one that is well', 'why', async s => {
  await s.gantry('--file running.yaml up --detach')
  const services = Object.keys(JSON.parse((await s.gantry('--file running.yaml config --format json')).stdout).services)
  const failing = services.filter(service => service !== 'well')
  await s.eventually(
    async () => firstCodes(await why(s, 'running.yaml', 2)),
    codes => failing.every(service => codes[service] === expected(failing)[service]),
  )
  expect(await why(s, 'running.yaml', 0, 'well')).toEqual([])
})

scenario('a card names the evidence, the fix and the line, and who waits', 'why', async s => {
  const { stdout } = await s.gantry('--file endings.yaml up --detach exit-oom')
  expect(stdout).toBe('')
  await s.eventually(
    () => s.states('exit-oom'),
    ([state]) => state === 'exit-oom-1 exited',
  )
  const card = (await s.gantry('--file endings.yaml why exit-oom', { exit: 2 })).stdout
  expect(card).toContain('"exit-oom" was ended by the kernel: it wanted more than its memory limit of 16 MiB')
  expect(card).toContain('  State.OOMKilled: true\n')
  expect(card).toMatch(/endings\.yaml:6:16:\n +mem_limit: 32m\n/)
  const run = await s.gantry('--file endings.yaml run --rm exit-oom', { exit: 137 })
  expect(run.stderr).toContain('"exit-oom" was ended by the kernel: it wanted more than its memory limit of 16 MiB')
  expect((await s.gantry('explain exit-oom')).stdout).toContain('What to do: Raise mem_limit')
})

scenario('doctor says how the engine is, and where the way to a service ends', 'why', async s => {
  expect((await s.gantry('doctor')).stdout).toMatch(/^✔ Docker \S+ \(API 1\.\d+/)
  const gone = await s.gantry('doctor', { exit: 2, env: { DOCKER_HOST: 'unix:///nowhere.sock' } })
  expect(gone.stdout).toContain('no such file (ENOENT)')
  await s.gantry('--file endings.yaml up --detach healthy exit-app-error')
  await s.gantry('--file running.yaml up --detach --wait well bind-loopback-only')
  const asked = async (target: string, exit: number) => (await s.gantry(`doctor well ${target}`, { exit })).stdout
  expect(await asked('healthy:5432', 0)).toMatch(/✔ healthy:5432 answered within \d+ ms/)
  expect(await asked('healthy:80', 2)).toContain('nothing listens on port 80 in')
  expect(await asked('bind-loopback-only:80', 2)).toContain('port 80 is open at 127.0.0.1 only')
  expect(await asked('exit-app-error:80', 2)).toContain('"exit-app-error" does not run')
})

scenario('debug opens a shell beside a container, running or not, and leaves nothing behind', 'why', async s => {
  await s.gantry('--file running.yaml up --detach --wait well')
  await s.gantry('--file endings.yaml up --detach exit-app-error')
  const all = async () =>
    ((await s.engine.call('GET', '/containers/json?all=1')) as { Id: string }[]).map(c => c.Id).sort()
  const before = await all()
  const beside = await s.gantry('debug well', {
    stdin: 'wget -qO- http://127.0.0.1/proc/1/comm; ps; exit 3\n',
    exit: 3,
  })
  expect(beside.stdout).toMatch(/httpd/)
  await s.eventually(
    () => s.states('exit-app-error'),
    ([state]) => state === 'exit-app-error-1 exited',
  )
  expect((await s.gantry('debug exit-app-error ls')).stdout).toContain('etc\n')
  expect(await all()).toEqual(before)
})

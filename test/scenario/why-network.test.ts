import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { expect } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'
import { causes, errorsBy, toldBy } from '../kit/told.ts'

/** Listens on this machine, where the set-up's engine runs too, at a port that no program is given by chance. */
async function listener(): Promise<Server> {
  for (;;) {
    const server = createServer().listen(randomInt(20_000, 30_000), '127.0.0.1')
    try {
      await once(server, 'listening')
      return server
    } catch {
      // Somebody has that one.
    }
  }
}

const portOf = (server: Server) => String((server.address() as { port: number }).port)

/** A project of somebody else, which has a port, a subnet, and a name on a network that both are on. */
async function neighbour(s: Scene) {
  const project = `${s.project}-other`
  const env = { SHARED: `${project}-shared` }
  s.afterwards(() => s.engine.clear(project))
  await s.gantry(`--file other.yaml --project-name ${project} up --detach`, { env })
  const { stdout } = await s.gantry(`--file other.yaml --project-name ${project} port db 80`, { env })
  const network = (await s.engine.call('GET', `/networks/${project}_default`)) as {
    readonly IPAM: { readonly Config: readonly { readonly Subnet: string }[] }
  }
  return { project, env: { ...env, HELD: stdout.trim().split(':').at(-1)!, SUBNET: network.IPAM.Config[0]!.Subnet } }
}

scenario(
  'ports, networks and namespaces that cannot be had are told by up, each with its holder',
  'why-network',
  async s => {
    const { project, env } = await neighbour(s)
    const [busy, free] = await Promise.all([listener(), listener()])
    s.afterwards(async () => void busy.close())
    const variables = { ...env, LISTENED: portOf(busy), FREE: portOf(free) }
    free.close()
    const { stderr } = await s.gantry('--file refused.yaml --progress json up --detach', { env: variables, exit: 1 })
    const told = toldBy(stderr)
    expect(causes(told)).toEqual({
      '': ['subnet-overlap'],
      'netns-owner-gone': ['netns-owner-gone'],
      'netns-ports-refused': ['netns-ports-refused'],
      'port-fixed-scaled': ['port-fixed-scaled'],
      'port-taken': ['port-taken'],
      'port-taken-by-process': ['port-taken-by-process'],
    })
    const of = (code: string) => told.find(one => one.code === code)!
    expect(of('port-taken').message).toBe(
      `"port-taken" did not start: port ${env.HELD} is held by container "${project}-db-1" of project "${project}"`,
    )
    expect(of('port-taken-by-process').fix).toMatch(/^ports:\n {2}- "127\.0\.0\.1:\d+:80"$/)
    expect(of('subnet-overlap').message).toBe(
      `the subnet ${env.SUBNET} of network "${s.project}_overlapping" overlaps with that of network "${project}_default" of project "${project}": ${env.SUBNET}`,
    )
    expect(of('subnet-overlap').at).toMatchObject({ file: 'refused.yaml', line: 32 })
  },
)

scenario(
  'networks and volumes that are said to be there and are not are told with their lines',
  'why-network',
  async s => {
    const { stderr } = await s.gantry('--file external.yaml --progress json up --detach', { exit: 1 })
    expect(errorsBy(stderr).map(({ code, at }) => [code, at?.line])).toEqual([
      ['external-missing', 8],
      ['external-missing', 10],
    ])
    expect(await s.containers()).toEqual([])
  },
)

scenario(
  'why tells of ports, names and namespaces that lead nowhere, and nothing of what is well',
  'why-network',
  async s => {
    const { env } = await neighbour(s)
    await s.gantry('--file running.yaml up --detach', { env })
    const [vpn, borrower] = [await s.container('vpn'), await s.container('netns-owner-gone')]
    await s.engine.call('POST', `/containers/${vpn.Id}/stop?t=0`)
    await s.engine.call('POST', `/containers/${borrower.Id}/stop?t=0`)
    await s.engine.call('POST', `/containers/${borrower.Id}/start`).catch(() => 'refused')
    const why = async (services = '', exit = 2) =>
      JSON.parse((await s.gantry(`--file running.yaml why --format json ${services}`, { env, exit })).stdout)
    const expected = {
      'dns-upstream-broken': ['dns-upstream-broken'],
      'netns-owner-gone': ['netns-owner-gone'],
      'port-wrong-target': ['port-wrong-target'],
      db: ['alias-collision'],
    }
    const { vpn: _, ...told } = await s.eventually(
      async () => causes(await why()),
      codes => Object.keys(expected).every(service => service in codes),
    )
    expect(told).toEqual(expected)
    expect(await why('well', 0)).toEqual([])
  },
)

scenario(
  'an engine that cannot be asked is told by a code that explain knows, and doctor says the same',
  'why-network',
  async s => {
    const wrong: readonly (readonly [code: string, env: Readonly<Record<string, string>>])[] = [
      ['engine-unreachable', { DOCKER_HOST: `unix://${s.folder}/nobody.sock` }],
      ['api-version', { DOCKER_API_VERSION: '1.99' }],
    ]
    for (const [code, env] of wrong) {
      const { stderr } = await s.gantry('--file external.yaml --progress json ps', { env, exit: 1 })
      expect(errorsBy(stderr).map(error => error.code)).toEqual([code])
      const checks = JSON.parse((await s.gantry('doctor --format json', { env, exit: 2 })).stdout)
      expect(checks).toMatchObject([{ code, state: 'error' }])
      expect((await s.gantry(`explain ${code}`)).stdout).toContain('What to do: ')
    }
  },
)

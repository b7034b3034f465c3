import { expect, inject } from 'vitest'
import { type Scene, scenario } from '../kit/scenario.ts'

interface Endpoint {
  readonly Aliases: string[] | null
  readonly IPAddress: string
  readonly MacAddress: string
}

const endpoint = async (s: Scene, service: string, network: string) => {
  const { NetworkSettings } = await s.container(service)
  return NetworkSettings.Networks[`${s.project}_${network}`] as unknown as Endpoint | undefined
}

scenario(
  'another subnet leaves containers running, and gives them back their names, addresses and MAC',
  'networks',
  async s => {
    await s.gantry('up --detach')
    const [before, was] = [await s.container('web'), await endpoint(s, 'web', 'front')]
    expect(was).toMatchObject({ IPAddress: '10.231.6.10', MacAddress: '02:42:0a:e7:06:aa' })
    await s.edit('compose.yaml', '10.231.6.0/24', '10.231.6.0/23')
    const { stdout } = await s.gantry('plan', { exit: 2 })
    expect(stdout).toMatch(
      /_front\s+recreate\s+networks\.front\.ipam\.subnet "10\.231\.6\.0\/24" -> "10\.231\.6\.0\/23"/,
    )
    await s.gantry('up --detach')
    const [after, is] = [await s.container('web'), (await endpoint(s, 'web', 'front'))!]
    expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt])
    expect([is.IPAddress, is.MacAddress]).toEqual([was!.IPAddress, was!.MacAddress])
    expect(is.Aliases).toEqual(expect.arrayContaining(['www', 'web', `${s.project}-web-1`]))
    await s.inside('look', 'nslookup', 'www')
    await s.gantry('plan', { exit: 0 })
  },
)

scenario('a network that somebody took away, or gave back without its names, is put right', 'networks', async s => {
  await s.gantry('up --detach')
  const { Id } = await s.container('web')
  await s.engine.call('POST', `/networks/${s.project}_front/disconnect`, { Container: Id })
  await s.engine.call('POST', `/networks/${s.project}_front/connect`, { Container: Id })
  await s.engine.call('POST', `/networks/${s.project}_back/disconnect`, { Container: Id })
  const { stdout } = await s.gantry('plan', { exit: 2 })
  expect(stdout).toMatch(/web-1\s+reattach\s/)
  expect(stdout).toMatch(/networks\.front\.aliases drifted -> ".*web.*"/)
  expect(stdout).toMatch(/networks\.back/)
  await s.gantry('up --detach')
  expect((await s.container('web')).Id).toBe(Id)
  expect(await endpoint(s, 'web', 'front')).toMatchObject({
    IPAddress: '10.231.6.10',
    MacAddress: '02:42:0a:e7:06:aa',
    Aliases: expect.arrayContaining(['www', 'web']),
  })
  expect(await endpoint(s, 'web', 'back')).toMatchObject({ Aliases: expect.arrayContaining(['web']) })
  await s.inside('look', 'nslookup', 'www')
  await s.gantry('plan', { exit: 0 })
})

scenario('a service moves to another network in the container that it has', 'networks', async s => {
  await s.gantry('up --detach')
  const { Id } = await s.container('web')
  await s.edit('compose.yaml', '      back:\n  look', '  look')
  expect((await s.gantry('plan', { exit: 2 })).stdout).toMatch(/web-1\s+reattach\s+networks\.back/)
  await s.gantry('up --detach')
  expect([(await s.container('web')).Id, await endpoint(s, 'web', 'back')]).toEqual([Id, undefined])
  await s.gantry('plan', { exit: 0 })
})

scenario('a network that a container of others is on is not taken from under anybody', 'networks', async s => {
  await s.gantry('up --detach')
  const name = `${s.project}-guest`
  const made = { Image: inject('images').busybox, Cmd: ['sleep', 'infinity'], HostConfig: { Init: true } }
  const { Id } = (await s.engine.call('POST', `/containers/create?name=${name}`, made)) as { Id: string }
  await s.engine.call('POST', `/containers/${Id}/start`)
  await s.engine.call('POST', `/networks/${s.project}_front/connect`, { Container: Id })
  await s.edit('compose.yaml', '10.231.6.0/24', '10.231.6.0/23')
  const { stderr } = await s
    .gantry('up --detach', { exit: 1 })
    .finally(() => s.engine.call('DELETE', `/containers/${Id}?force=1`))
  expect(stderr).toContain(
    `network "${s.project}_front" cannot be made anew while "${name}" of another project is on it`,
  )
  expect(await endpoint(s, 'web', 'front')).toMatchObject({ IPAddress: '10.231.6.10' })
  await s.gantry('up --detach')
  await s.gantry('plan', { exit: 0 })
})

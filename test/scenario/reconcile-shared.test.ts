import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

interface Borrowing {
  readonly Id: string
  readonly HostConfig: {
    readonly NetworkMode: string
    readonly PidMode: string
    readonly IpcMode: string
    readonly VolumesFrom: string[] | null
    readonly Links: string[] | null
  }
}

scenario('who borrows namespaces or volumes goes along when the other is replaced', 'shared', async s => {
  const borrowing = async (service: string) => (await s.container(service)) as unknown as Borrowing
  await s.gantry('up --detach')
  const before = await s.container('vpn')
  const volume = before.Mounts.find(m => m.Destination === '/kept')!.Name
  await s.inside('vpn', 'touch', '/kept/data')
  await s.edit('compose.yaml', 'ROUTE: one', 'ROUTE: two')
  const { stdout } = await s.gantry('plan', { exit: 2 })
  expect(stdout).toMatch(/behind-1\s+replace\s+network_mode of "vpn", which is replaced/)
  expect(stdout).toMatch(/beside-1\s+replace\s+(ipc|pid) of "vpn", which is replaced/)
  expect(stdout).toMatch(/reader-1\s+replace\s+volumes_from of "vpn", which is replaced/)
  await s.gantry('up --detach')
  const { Id, Mounts } = await s.container('vpn')
  expect(Id).not.toBe(before.Id)
  expect(Mounts.find(m => m.Destination === '/kept')!.Name).toBe(volume)
  expect((await borrowing('behind')).HostConfig.NetworkMode).toBe(`container:${Id}`)
  const beside = (await borrowing('beside')).HostConfig
  expect([beside.PidMode, beside.IpcMode]).toEqual([`container:${Id}`, `container:${Id}`])
  expect((await borrowing('reader')).HostConfig.VolumesFrom).toEqual([`${Id}:ro`])
  await s.inside('reader', 'ls', '/kept/data')
  await s.inside('caller', 'nslookup', 'gate')
  expect(await s.inside('behind', 'hostname', '-i')).toBe(await s.inside('vpn', 'hostname', '-i'))
  await s.gantry('plan', { exit: 0 })
})

scenario('what is external is used as it is, never made and never removed', 'external', async s => {
  const env = { NETWORK: `${s.project}-outside`, VOLUME: `${s.project}-outside` }
  const missing = await s.gantry('up --detach', { exit: 1, env })
  expect(missing.stderr).toContain(`network ${env.NETWORK} declared as external, but could not be found`)
  expect(missing.stderr).toContain(`external volume "${env.VOLUME}" not found`)
  await s.engine.call('POST', '/networks/create', { Name: env.NETWORK })
  await s.engine.call('POST', '/volumes/create', { Name: env.VOLUME })
  s.afterwards(() => s.engine.call('DELETE', `/networks/${env.NETWORK}`))
  s.afterwards(() => s.engine.call('DELETE', `/volumes/${env.VOLUME}`))
  await s.gantry('up --detach', { env })
  expect((await s.container('web')).NetworkSettings.Networks[env.NETWORK]!.Aliases).toContain('www')
  expect((await s.inside('web', 'stat', '-c', '%t:%T', '/dev/nothing', '/dev/zeroes')).split('\n')).toEqual([
    '1:3',
    '1:5',
  ])
  await s.inside('web', 'touch', '/data/kept')
  await s.gantry('plan', { exit: 0, env })
  await s.gantry('down --volumes', { env })
  await s.engine.call('GET', `/networks/${env.NETWORK}`)
  await s.engine.call('GET', `/volumes/${env.VOLUME}`)
})

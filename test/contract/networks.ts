import { describe, expect, test } from 'vitest'
import { notOnPodman, refusal, type Subject, stage } from './subject.ts'

export function networks(subject: Subject): void {
  describe('networks', () => {
    const s = stage(subject, 'networks')

    test('a network is found by name and by id, and listed under its project', async () => {
      const name = s.name('plain')
      const id = await s.network(name)
      expect(await s.engine.inspectNetwork(name)).toMatchObject({ id, name, labels: s.labels() })
      expect(await s.engine.inspectNetwork(id)).toMatchObject({ id, name })
      expect((await s.engine.listNetworks(s.project)).map(n => n.id)).toContain(id)
      expect(await s.engine.listNetworks('gantry-no-project')).toEqual([])
      expect((await s.engine.listNetworks()).map(n => n.id)).toContain(id)
    })

    test('a network that is not there is undefined, and cannot be removed', async () => {
      expect(await s.engine.inspectNetwork('gantry-nothing')).toBeUndefined()
      expect(await s.engine.listEndpoints('gantry-nothing')).toEqual([])
      expect((await refusal(s.engine.removeNetwork('gantry-nothing'))).reason).toBe('not-found')
    })

    test('a second network of a name is a conflict', async () => {
      const name = s.name('twice')
      await s.network(name)
      expect((await refusal(s.network(name))).reason).toBe('conflict')
    })

    test('what was asked for is read back', async context => {
      notOnPodman(s.engine, context, 'it does not tell attachable and ip_range')
      const [name, net] = [s.name('full'), s.subnet()]
      await s.engine.createNetwork(name, {
        driver: 'bridge',
        internal: true,
        attachable: true,
        labels: { ...s.labels(), a: 'b' },
        ipam: { config: [{ subnet: `${net}.0/24`, ip_range: `${net}.0/25`, gateway: `${net}.1` }] },
      })
      expect(await s.engine.inspectNetwork(name)).toMatchObject({
        driver: 'bridge',
        internal: true,
        attachable: true,
        labels: { ...s.labels(), a: 'b' },
        ipam: { config: [{ subnet: `${net}.0/24`, ip_range: `${net}.0/25`, gateway: `${net}.1` }] },
      })
    })

    test('a network in use is not removed', async () => {
      const network = s.name('used')
      const id = await s.network(network)
      const box = await s.run({ network_mode: network, networks: [{ network }] })
      expect((await refusal(s.engine.removeNetwork(id))).reason).toBe('conflict')
      await s.engine.removeContainer(box, { force: true })
      await s.engine.removeNetwork(id)
      expect(await s.engine.inspectNetwork(id)).toBeUndefined()
    })

    test('a container is created on several networks, with its aliases on each', async () => {
      const [front, back] = [s.name('front'), s.name('back')]
      const ids = [await s.network(front), await s.network(back)]
      const box = await s.run({
        network_mode: front,
        networks: [
          { network: front, aliases: ['web', 'www'] },
          { network: back, aliases: ['api'] },
        ],
      })
      const { networks } = await s.engine.inspectContainer(box)
      expect(networks.map(n => n.name).toSorted()).toEqual([back, front].toSorted())
      expect(networks.find(n => n.name === front)).toMatchObject({ id: ids[0], aliases: ['web', 'www'] })
      expect(networks.find(n => n.name === back)).toMatchObject({ id: ids[1], aliases: ['api'] })
      for (const { ip } of networks) expect(ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    })

    test('a network that is missing leaves no container behind', async () => {
      const [here, name] = [s.name('here'), s.name('half')]
      await s.network(here)
      const networks = [{ network: here }, { network: 'gantry-nothing' }]
      // Docker from 25.0 on looks at start only; the one or the other must refuse.
      const { reason } = await refusal(s.run({ network_mode: here, networks }, name))
      expect(reason).toBe('not-found')
      const left = (await s.engine.listContainers({ project: s.project, all: true })).filter(c => c.name === name)
      expect(left.map(c => c.state).filter(state => state !== 'created')).toEqual([])
    })

    test('a fixed address is given, and told as asked for', async context => {
      const [network, net] = [s.name('fixed'), s.subnet()]
      await s.engine.createNetwork(network, {
        labels: s.labels(),
        ipam: { config: [{ subnet: `${net}.0/24` }] },
      })
      const box = await s.run({ network_mode: network, networks: [{ network, ipv4_address: `${net}.77` }] })
      const [attached] = (await s.engine.inspectContainer(box)).networks
      expect(attached!.ip).toBe(`${net}.77`)
      notOnPodman(s.engine, context, 'it does not tell what was asked for')
      expect(attached!.ipv4_address).toBe(`${net}.77`)
    })

    test('a running container is connected and disconnected', async () => {
      const [first, second] = [s.name('first'), s.name('second')]
      await s.network(first)
      const id = await s.network(second)
      const box = await s.run({ network_mode: first, networks: [{ network: first }] })
      await s.engine.connectNetwork(id, box, { network: second, aliases: ['late'] })
      const joined = (await s.engine.inspectContainer(box)).networks.find(n => n.name === second)
      expect(joined).toMatchObject({ id, aliases: ['late'] })
      expect((await refusal(s.engine.connectNetwork(id, box, { network: second }))).reason).not.toBe('none')
      const { name } = await s.engine.inspectContainer(box)
      expect(await s.engine.listEndpoints(second)).toEqual([{ container: box, name }])
      await s.engine.disconnectNetwork(id, box)
      expect(await s.engine.listEndpoints(id)).toEqual([])
      expect((await s.engine.inspectContainer(box)).networks.map(n => n.name)).toEqual([first])
      expect((await refusal(s.engine.disconnectNetwork(id, box))).reason).not.toBe('none')
    })

    test('a container shares the network of another that is named by its id', async () => {
      const parent = await s.run()
      const child = await s.run({ network_mode: `container:${parent}` })
      expect((await s.engine.inspectContainer(child)).spec.network_mode).toBe(`container:${parent}`)
    })
  })
}

import fc from 'fast-check'
import type { Network, Project, Service, Volume } from '../../src/model/project.ts'
import { shop } from '../kit/shop.ts'
import { anySketch, serviceOf } from './sketch.ts'
import { external } from './world.ts'

const names = ['db', 'cache', 'job', 'api', 'web'] as const

const network: fc.Arbitrary<Partial<Network>> = fc.record({
  driver_opts: fc.constantFrom({}, { mtu: '1400' }),
  ipam: fc.constantFrom({}, { config: [{ subnet: '10.1.0.0/24' }] }),
  name: fc.constantFrom('shop_front', 'renamed'),
})

const volume: fc.Arbitrary<Partial<Volume>> = fc.record({ driver_opts: fc.constantFrom({}, {}, { size: '1g' }) })

/** What is in a secret's file is read from the disk: two that there are. */
const files = ['world.ts', 'sketch.ts'].map(name => `${import.meta.dirname}/${name}`)

/** A project as users write them: a few services in order, sharing networks, volumes, files and namespaces. */
export const anyProject: fc.Arbitrary<Project> = fc
  .record({
    sketches: fc.tuple(anySketch, anySketch, anySketch, anySketch, anySketch),
    front: network,
    data: volume,
    content: fc.constantFrom('a', 'b'),
    file: fc.constantFrom(...files),
  })
  .map(({ sketches, front, data, content, file }) => {
    const services = new Map<string, Service>()
    const disabled: Record<string, Service> = {}
    sketches.forEach((sketch, i) => {
      if (sketch.there === 'on') services.set(names[i]!, serviceOf(sketch, i, services))
      if (sketch.there === 'off') disabled[names[i]!] = { ...serviceOf(sketch, i, services), profiles: ['other'] }
    })
    return shop({
      services: Object.fromEntries(services),
      disabled,
      networks: { front, back: {}, outer: { name: external.network, external: true } },
      volumes: { data, logs: {}, kept: { name: external.volume, external: true } },
      configs: { settings: { content } },
      secrets: { secret: { content }, file: { file } },
    })
  })

/** The same project with its networks, or its volumes, told otherwise: what stands on them is as it was. */
export const anyOtherGround: fc.Arbitrary<(project: Project) => Project> = fc
  .constantFrom('front', 'back', 'default', 'data')
  .map(key => project => {
    const driver_opts = { changed: 'yes' }
    if (key === 'data')
      return { ...project, volumes: { ...project.volumes, data: { ...project.volumes.data!, driver_opts } } }
    return { ...project, networks: { ...project.networks, [key]: { ...project.networks[key]!, driver_opts } } }
  })

/** A project of the same name in another directory. */
export const neighbour: Project = {
  ...shop({
    services: { ghost: { networks: { back: null }, volumes: [{ type: 'volume', source: 'own', target: '/own' }] } },
    networks: { back: { name: 'ghost_back' } },
    volumes: { own: { name: 'ghost_own' } },
  }),
  working_dir: '/srv/elsewhere',
  files: ['/srv/elsewhere/compose.yaml'],
}

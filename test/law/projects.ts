import fc from 'fast-check'
import type { Dependency, Network, Project, Service, Volume } from '../../src/model/project.ts'
import type { FakeOptions } from '../kit/fake-engine.ts'
import { shop } from '../kit/shop.ts'

/** How many projects a law is tried on, and from which seed: more of both by night. */
export const runs = {
  numRuns: Number(process.env.GANTRY_LAW_RUNS ?? 300),
  seed: Number(process.env.GANTRY_LAW_SEED ?? 1),
}

export const world: FakeOptions = {
  images: { 'app:1': {}, 'app:2': { volumes: ['/data'] }, 'job:1': {} },
  behave: spec => (spec.image.startsWith('job') ? { exits: 0 } : {}),
}

/** Whether containers of a service end by themselves. */
export const isJob = (service: Service | undefined): boolean => service?.image?.startsWith('job') ?? false

const names = ['db', 'cache', 'job', 'api', 'web'] as const
const networkNames = ['front', 'back'] as const
const volumeNames = ['data', 'logs'] as const

const maybe = <T>(arbitrary: fc.Arbitrary<T>, rarely = 1) => fc.option(arbitrary, { nil: undefined, freq: rarely })

const network: fc.Arbitrary<Partial<Network>> = fc.record({
  driver_opts: fc.constantFrom({}, { mtu: '1400' }),
  name: fc.constantFrom('shop_front', 'renamed'),
})

const volume: fc.Arbitrary<Partial<Volume>> = fc.record({ driver_opts: fc.constantFrom({}, {}, { size: '1g' }) })

interface Sketch {
  readonly here: boolean
  readonly job: boolean
  readonly image: string
  readonly level: string
  readonly memory: number | undefined
  readonly restart: string | undefined
  readonly scale: number
  readonly healthy: boolean
  readonly networks: readonly string[]
  readonly aliases: boolean
  readonly volumes: readonly string[]
  readonly anonymous: boolean
  readonly config: boolean
  readonly port: boolean
  readonly fixedAddress: boolean
  readonly named: boolean
  readonly parent: number | undefined
  readonly borrows: 'network_mode' | 'ipc' | 'volumes_from'
  readonly needs: readonly { readonly on: number; readonly restart: boolean; readonly required: boolean }[]
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  here: fc.constantFrom(true, true, true, false),
  job: fc.boolean(),
  image: fc.constantFrom('app:1', 'app:2'),
  level: fc.constantFrom('info', 'debug'),
  memory: fc.constantFrom(undefined, undefined, 64e6, 128e6),
  restart: fc.constantFrom(undefined, undefined, 'always', 'on-failure:3'),
  scale: fc.constantFrom(1, 1, 1, 0, 2, 3),
  healthy: fc.boolean(),
  networks: fc.subarray([...networkNames]),
  aliases: fc.boolean(),
  volumes: fc.subarray([...volumeNames]),
  anonymous: fc.boolean(),
  config: fc.boolean(),
  port: fc.boolean(),
  fixedAddress: fc.boolean(),
  named: fc.boolean(),
  parent: maybe(fc.nat(3)),
  borrows: fc.constantFrom('network_mode', 'ipc', 'volumes_from'),
  needs: fc.array(fc.record({ on: fc.nat(3), restart: fc.boolean(), required: fc.boolean() }), { maxLength: 2 }),
})

/** What somebody does behind our back to the nth container that there is. */
export interface Meddling {
  readonly nth: number
  readonly what: 'stop' | 'remove' | 'limit' | 'restart' | 'disconnect' | 'realias' | 'remove network'
}

export const anyMeddling: fc.Arbitrary<Meddling> = fc.record({
  nth: fc.nat(6),
  what: fc.constantFrom('stop', 'remove', 'limit', 'restart', 'disconnect', 'realias', 'remove network'),
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

/** A project as users write them: a few services in order, sharing networks, volumes and namespaces. */
export const anyProject: fc.Arbitrary<Project> = fc
  .record({
    sketches: fc.tuple(sketch, sketch, sketch, sketch, sketch),
    front: network,
    data: volume,
    content: fc.constantFrom('a', 'b'),
  })
  .map(({ sketches, front, data, content }) => {
    const services: Record<string, Service> = {}
    sketches.forEach((s, i) => {
      if (!s.here) return
      const before = names.slice(0, i).filter(name => services[name])
      services[names[i]!] = serviceOf(s, i, before, services)
    })
    return shop({
      services,
      networks: { front, back: {} },
      volumes: { data, logs: {} },
      configs: { settings: { content } },
    })
  })

function serviceOf(
  s: Sketch,
  index: number,
  before: readonly string[],
  services: Readonly<Record<string, Service>>,
): Service {
  const job = s.job && names[index] === 'job'
  // A namespace is borrowed only from something that stays.
  const parents = before.filter(name => !isJob(services[name]) && (services[name]!.scale ?? 1) > 0)
  const parent = s.parent === undefined ? undefined : parents[s.parent]
  const needs = Object.fromEntries(
    s.needs
      .map(n => ({ ...n, name: before[n.on] }))
      .filter(n => n.name !== undefined && n.name !== parent)
      .map(
        n =>
          [n.name!, { condition: conditionOf(services[n.name!]!), restart: n.restart, required: n.required }] as const,
      ),
  ) satisfies Record<string, Dependency>
  const networked = parent === undefined || s.borrows !== 'network_mode'
  const alone = s.scale === 1
  return {
    image: job ? 'job:1' : s.image,
    environment: { LEVEL: s.level },
    scale: s.scale,
    ...(s.memory !== undefined && { mem_limit: s.memory }),
    ...(s.restart !== undefined && !job && { restart: s.restart }),
    ...(s.healthy && !job && { healthcheck: { test: ['CMD', 'true'] } }),
    ...(networked &&
      s.networks.length > 0 && {
        networks: Object.fromEntries(
          s.networks.map(n => [
            n,
            {
              ...(s.aliases && { aliases: ['other'] }),
              ...(s.fixedAddress && alone && { ipv4_address: `10.1.0.${index + 2}` }),
            },
          ]),
        ),
      }),
    volumes: [
      ...s.volumes.map(v => ({ type: 'volume' as const, source: v, target: `/${v}` })),
      ...(s.anonymous ? [{ type: 'volume' as const, target: '/scratch' }] : []),
    ],
    ...(s.config && { configs: [{ source: 'settings', target: '/settings' }] }),
    ...(s.port && alone && networked && { ports: [{ target: 80, published: String(8080 + index) }] }),
    ...(s.named && alone && { container_name: `my-${names[index]}` }),
    ...(parent !== undefined && s.borrows === 'network_mode' && { network_mode: `service:${parent}` }),
    ...(parent !== undefined && s.borrows === 'ipc' && { ipc: `service:${parent}` }),
    ...(parent !== undefined && s.borrows === 'volumes_from' && { volumes_from: [parent] }),
    depends_on: needs,
  }
}

function conditionOf(service: Service): Dependency['condition'] {
  if (isJob(service)) return 'service_completed_successfully'
  return service.healthcheck ? 'service_healthy' : 'service_started'
}

import fc from 'fast-check'
import type { Attachment, Dependency, Service } from '../../src/model/project.ts'
import { isJob } from './world.ts'

/** What is drawn for a service. What it becomes stands on the services before it. */
interface Sketch {
  /** `off` is declared, in a profile that is not on. */
  readonly there: 'on' | 'off' | 'not'
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
  readonly gets: readonly ('config' | 'secret' | 'file' | 'owned file')[]
  readonly hooks: readonly ('pre_start' | 'post_start' | 'pre_stop')[]
  readonly port: boolean
  readonly fixedAddress: boolean
  readonly named: boolean
  readonly linked: boolean
  readonly parent: number | undefined
  readonly borrows: 'network_mode' | 'ipc' | 'pid' | 'volumes_from'
  readonly needs: readonly {
    readonly on: number
    readonly started: boolean
    readonly restart: boolean
    readonly required: boolean
  }[]
}

const need = fc.record({
  on: fc.nat(3),
  started: fc.constantFrom(false, false, true),
  restart: fc.boolean(),
  required: fc.boolean(),
})

export const anySketch: fc.Arbitrary<Sketch> = fc.record({
  there: fc.constantFrom('on', 'on', 'on', 'on', 'on', 'on', 'off', 'not'),
  job: fc.boolean(),
  image: fc.constantFrom('app:1', 'app:2'),
  level: fc.constantFrom('info', 'debug'),
  memory: fc.constantFrom(undefined, undefined, 64e6, 128e6),
  restart: fc.constantFrom(undefined, undefined, 'always', 'on-failure:3'),
  scale: fc.constantFrom(1, 1, 1, 0, 2, 3),
  healthy: fc.boolean(),
  networks: fc.subarray(['front', 'back', 'outer']),
  aliases: fc.boolean(),
  volumes: fc.subarray(['data', 'logs', 'kept']),
  anonymous: fc.boolean(),
  // Seldom a secret: what is kept of one is made slowly on purpose.
  gets: fc.constantFrom([], [], [], ['config'], ['config'], ['config', 'secret'], ['file'], ['config', 'owned file']),
  hooks: fc.subarray(['pre_start', 'post_start', 'pre_stop'], { maxLength: 2 }),
  port: fc.boolean(),
  fixedAddress: fc.boolean(),
  named: fc.boolean(),
  linked: fc.boolean(),
  parent: fc.option(fc.nat(3), { nil: undefined, freq: 1 }),
  borrows: fc.constantFrom('network_mode', 'ipc', 'pid', 'volumes_from'),
  needs: fc.array(need, { maxLength: 2 }),
})

/** The service of a sketch; `before` are those that it may stand on, and `index` is its own place. */
export function serviceOf(s: Sketch, index: number, before: ReadonlyMap<string, Service>): Service {
  const names = [...before.keys()]
  const job = s.job && index === 2
  // A namespace is borrowed only from something that stays.
  const staying = names.filter(name => !isJob(before.get(name)) && (before.get(name)!.scale ?? 1) > 0)
  const parent = s.parent === undefined ? undefined : staying[s.parent]
  const networked = parent === undefined || s.borrows !== 'network_mode'
  // However many containers a service had whose profile is off now, they come back where their volume is made anew.
  const alone = s.scale === 1 && s.there === 'on'
  const attachment: Attachment = {
    ...(s.aliases && { aliases: ['other'] }),
    ...(s.fixedAddress && alone && { ipv4_address: `10.1.0.${index + 2}` }),
  }
  return {
    image: job ? 'job:1' : s.image,
    environment: { LEVEL: s.level },
    scale: s.scale,
    ...(s.memory !== undefined && { mem_limit: s.memory }),
    ...(s.restart !== undefined && !job && { restart: s.restart }),
    ...(s.healthy && !job && { healthcheck: { test: ['CMD', 'true'] } }),
    ...(networked && s.networks.length > 0 && { networks: Object.fromEntries(s.networks.map(n => [n, attachment])) }),
    volumes: [
      ...s.volumes.map(v => ({ type: 'volume' as const, source: v, target: `/${v}` })),
      ...(s.anonymous ? [{ type: 'volume' as const, target: '/scratch' }] : []),
    ],
    ...filesOf(s),
    ...(job ? {} : hooksOf(s)),
    ...(s.port && alone && networked && { ports: [{ target: 80, published: String(8080 + index) }] }),
    ...(s.named && alone && { container_name: `my-${index}` }),
    ...(s.linked && networked && { links: names.slice(0, 1).map(name => `${name}:linked`) }),
    ...(parent !== undefined && borrowed(s.borrows, parent)),
    depends_on: needsOf(s, before, parent),
  }
}

function needsOf({ needs }: Sketch, before: ReadonlyMap<string, Service>, parent: string | undefined) {
  const all: Record<string, Dependency> = {}
  for (const { on, started, restart, required } of needs) {
    const name = [...before.keys()][on]
    if (name === undefined || name === parent) continue
    all[name] = { condition: started ? 'service_started' : conditionOf(before.get(name)!), restart, required }
  }
  return all
}

function conditionOf(service: Service): Dependency['condition'] {
  if (isJob(service)) return 'service_completed_successfully'
  return service.healthcheck ? 'service_healthy' : 'service_started'
}

function filesOf({ gets }: Sketch): Partial<Service> {
  const configs = gets.filter(one => one === 'config').map(() => ({ source: 'settings', target: '/settings' }))
  const secrets = gets
    .filter(one => one !== 'config')
    .map(one => (one === 'owned file' ? { source: 'file', target: 'owned', mode: 0o400 } : { source: one }))
  return { ...(configs.length > 0 && { configs }), ...(secrets.length > 0 && { secrets }) }
}

const hooksOf = ({ hooks, level }: Sketch): Partial<Service> =>
  Object.fromEntries(hooks.map(hook => [hook, [{ command: ['hook', level] }]]))

const borrowed = (borrows: Sketch['borrows'], parent: string): Partial<Service> =>
  borrows === 'volumes_from' ? { volumes_from: [parent] } : { [borrows]: `service:${parent}` }

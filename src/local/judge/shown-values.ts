import { normalize } from 'node:path/posix'
import { humanDuration, humanSize } from '../../base/units.ts'
import type { ContainerDetail, LiveSpec } from '../../engine/engine.ts'
import type { Service } from '../../model/project.ts'
import type { DesiredService } from '../desired.ts'

/** What the engine says of a live container's attribute; undefined where it does not say, or says nothing that can be compared. */
export function liveValue(path: string, { spec, labels, state, ports }: ContainerDetail): string | undefined {
  const [first = '', ...rest] = path.split('.')
  const key = rest.join('.')
  const read = LIVE[path]
  if (read) return read(spec)
  switch (first) {
    case 'environment':
      return spec.env.find(e => e.startsWith(`${key}=`))?.slice(key.length + 1)
    case 'labels':
      return labels[key]
    case 'ports':
      // Of a container that does not run the engine shows none.
      return state === 'running' ? portsText(ports.filter(p => p.published > 0)) : undefined
    default:
      return undefined
  }
}

/** A declared value, as text, where it is short enough to be told in a line: sizes and durations as people write them. */
export function declaredValue(path: string, service: Service): string | undefined {
  const [first = '', ...rest] = path.split('.')
  if (path === 'ports') return declaredPorts(service)
  let value: unknown = (service as Readonly<Record<string, unknown>>)[first]
  for (let keys = rest; keys.length > 0; ) {
    if (typeof value !== 'object' || value === null) return undefined
    const entries = value as Readonly<Record<string, unknown>>
    const whole = keys.join('.')
    if (whole in entries) return text(path, entries[whole])
    value = entries[keys[0]!]
    keys = keys.slice(1)
  }
  return text(path, value)
}

/** Attributes that a live container shows to be others than declared, on any engine. */
export function visiblyOther({ model }: DesiredService, detail: ContainerDetail): string[] {
  const { environment = {}, labels = {} } = model
  const paths = [
    ...Object.keys(environment).map(key => `environment.${key}`),
    ...Object.keys(labels).map(key => `labels.${key}`),
    ...Object.keys(LIVE).filter(path => !isOverridden(path, model)),
    'ports',
  ]
  return paths.filter(path => {
    const from = liveValue(path, detail)
    // What is not declared is the image's, save what no image can say.
    const to = declaredValue(path, model) ?? UNSAID[path]
    if (to === undefined || (path === 'ports' && from === undefined)) return false
    // An empty list asks for the image's, or for none, as the other one is said or not.
    if (to === '' && (path === 'command' || path === 'entrypoint')) return false
    return to !== (from ?? UNSAID[path] ?? '') && !isSame(path, model, detail)
  })
}

/** Whether what reads otherwise is the same to the engine, which tells it in its own way. */
function isSame(path: string, model: Service, { spec }: ContainerDetail): boolean {
  switch (path) {
    case 'working_dir':
      return normalize(`${model.working_dir}/`) === normalize(`${spec.working_dir}/`)
    case 'stop_signal':
      // A number may be told as a name.
      return /^\d+$/.test(model.stop_signal ?? '')
    case 'stop_grace_period':
      // Whole seconds: docker compose rounds them down, and we up.
      return spec.stop_timeout !== undefined && Math.abs(spec.stop_timeout - model.stop_grace_period!) < 1000
    default:
      // A duration of nothing is not kept.
      return path.startsWith('healthcheck.') && declaredValue(path, model) === '0s'
  }
}

const UNSAID: Readonly<Record<string, string>> = {
  read_only: 'false',
  privileged: 'false',
  init: 'false',
  restart: 'no',
}

/** `deploy` wins over the older attributes of a service. */
function isOverridden(path: string, { deploy }: Service): boolean {
  const { memory, cpus, pids } = deploy?.resources?.limits ?? {}
  const { memory: reserved } = deploy?.resources?.reservations ?? {}
  switch (path) {
    case 'restart':
      return deploy?.restart_policy !== undefined
    case 'mem_limit':
      return memory !== undefined
    case 'mem_reservation':
      return reserved !== undefined
    case 'cpus':
      return cpus !== undefined
    case 'pids_limit':
      return pids !== undefined
    default:
      return false
  }
}

const amount = (n: number) => (n > 0 ? String(n) : undefined)
const size = (n: number) => (n > 0 ? humanSize(n) : undefined)
const duration = (n: number | undefined) => (n === undefined ? undefined : humanDuration(n))
const processors = ({ nano_cpus }: LiveSpec) => (nano_cpus > 0 ? String(nano_cpus / 1e9) : undefined)

/** How what an engine shows reads as the attribute that asked for it. */
const LIVE: Readonly<Record<string, (spec: LiveSpec) => string | undefined>> = {
  image: spec => spec.image,
  command: spec => spec.command?.join(' '),
  entrypoint: spec => spec.entrypoint?.join(' '),
  user: spec => spec.user || undefined,
  working_dir: spec => spec.working_dir || undefined,
  hostname: spec => spec.hostname || undefined,
  stop_signal: spec => spec.stop_signal || undefined,
  stop_grace_period: spec => duration(spec.stop_timeout),
  restart: spec => spec.restart || undefined,
  read_only: spec => String(spec.read_only),
  privileged: spec => String(spec.privileged),
  init: spec => String(spec.init ?? false),
  'healthcheck.test': spec => spec.healthcheck?.test?.join(' '),
  'healthcheck.interval': spec => duration(spec.healthcheck?.interval),
  'healthcheck.timeout': spec => duration(spec.healthcheck?.timeout),
  'healthcheck.start_period': spec => duration(spec.healthcheck?.start_period),
  'healthcheck.start_interval': spec => duration(spec.healthcheck?.start_interval),
  'healthcheck.retries': spec => amount(spec.healthcheck?.retries ?? 0),
  mem_limit: spec => size(spec.memory),
  mem_reservation: spec => size(spec.memory_reservation),
  memswap_limit: spec => (spec.memory_swap === 0 ? undefined : humanSize(spec.memory_swap)),
  cpus: processors,
  cpu_shares: spec => amount(spec.cpu_shares),
  cpu_quota: spec => amount(spec.cpu_quota),
  cpuset: spec => spec.cpuset_cpus || undefined,
  pids_limit: spec => (spec.pids_limit === 0 ? undefined : String(spec.pids_limit)),
  'deploy.resources.limits.memory': spec => size(spec.memory),
  'deploy.resources.limits.cpus': processors,
  'deploy.resources.limits.pids': spec => amount(spec.pids_limit),
  'deploy.resources.reservations.memory': spec => size(spec.memory_reservation),
}

function declaredPorts({ ports = [] }: Service): string | undefined {
  const fixed = ports.every(({ published = '' }) => /^\d+$/.test(published))
  if (ports.length === 0 || !fixed) return undefined
  return portsText(ports.map(p => ({ ...p, published: Number(p.published), protocol: p.protocol ?? 'tcp' })))
}

/** Each once: an engine shows a port of all addresses twice, for IPv4 and IPv6. */
function portsText(ports: readonly { published: number; target: number; protocol: string }[]): string {
  const each = ports.map(p => `${p.published}:${p.target}${p.protocol === 'tcp' ? '' : `/${p.protocol}`}`)
  return [...new Set(each)].toSorted().join(' ')
}

const SIZES = /^(mem_limit|mem_reservation|memswap_limit|shm_size|deploy\.resources\.(limits|reservations)\.memory)$/
const DURATIONS = /^healthcheck\.(interval|timeout|start_period|start_interval)$/

function text(path: string, value: unknown): string | undefined {
  if (typeof value === 'number' && SIZES.test(path)) return humanSize(value)
  // Engines count it in whole seconds, and round up.
  if (typeof value === 'number' && path === 'stop_grace_period') return humanDuration(Math.ceil(value / 1000) * 1000)
  if (typeof value === 'number' && DURATIONS.test(path)) return humanDuration(value)
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value) && value.every(v => typeof v === 'string')) return value.join(' ')
  return undefined
}

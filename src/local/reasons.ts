import type { ContainerDetail } from '../engine/engine.ts'
import type { Service } from '../model/project.ts'
import { shown } from '../model/secrets.ts'
import type { Reason } from '../plan/plan.ts'
import type { Origin } from '../text/origin.ts'
import type { DesiredService } from './desired.ts'
import { changedAttributes } from './attributes.ts'
import type { ObservedContainer } from './observe.ts'

/** Why something is to change, for machines; `ui` has a sentence for each. */
export type ReasonCode =
  | 'missing'
  | 'changed'
  | 'forced'
  | 'orphan'
  | 'scaled-down'
  | 'leftover'
  | 'duplicate'
  | 'created'
  | 'exited'
  | 'dead'
  | 'detached'
  | 'drifted'
  | 'renamed'
  | 'parent-replaced'
  | 'parent-started'
  | 'dependency-replaced'
  | 'network-recreated'
  | 'volume-recreated'
  | 'if-changed'
  | 'asked'

export function reason(code: ReasonCode, more: Omit<Reason, 'code'> = {}): Reason {
  return { code, ...more }
}

/** Each attribute in which a container is not what its service asks for, with both values where they are known. */
export function differences(container: ObservedContainer, service: DesiredService, origin: Origin): Reason[] {
  const { labels } = container
  const paths = changedAttributes(labels['dev.gantry.attributes'], service.attributes)
  const sameHash = service.hasHash(container.hash)
  if (paths === undefined) return sameHash ? [] : withoutLabel(container, service, origin)
  // With equal hashes only content, which is in no hash, can differ: what our label says besides may be of an older form.
  const told = sameHash ? paths.filter(p => p.startsWith('configs.') || p.startsWith('secrets.')) : paths
  return told.map(path => changed(path, container, service, origin))
}

/** What can be told of a container that has no label of ours: something changed, and perhaps what. */
function withoutLabel(container: ObservedContainer, service: DesiredService, origin: Origin): Reason[] {
  const { detail } = container
  const { environment = {}, labels = {} } = service.model
  const variables = [
    ...Object.keys(environment).map(key => `environment.${key}`),
    ...Object.keys(labels).map(key => `labels.${key}`),
  ]
  const others = [
    'image',
    'command',
    'entrypoint',
    'user',
    'working_dir',
    'hostname',
    'read_only',
    'privileged',
    'init',
  ]
  const known = detail
    ? [...variables, ...others].filter(path => {
        const to = newValue(path, service.model)
        return to !== undefined && to !== (oldValue(path, detail) ?? '')
      })
    : []
  return (known.length > 0 ? known : ['config']).map(path => changed(path, container, service, origin))
}

/** Where a service's attribute was written, for a path as our label has it: keys may contain dots. */
export function placeOf(origin: Origin, service: string, path: string): Pick<Reason, 'at'> {
  const [first = '', ...rest] = path.split('.')
  const keys = /^(environment|labels|annotations|sysctls|extra_hosts|storage_opt)$/.test(first)
    ? [first, rest.join('.')]
    : [first, ...rest]
  const at =
    first === 'configs' || first === 'secrets'
      ? origin.at(rest.length ? [first, rest.join('.')] : ['services', service, first])
      : origin.at(['services', service, ...keys.filter(k => k !== '')])
  return at ? { at } : {}
}

function changed(path: string, container: ObservedContainer, service: DesiredService, origin: Origin): Reason {
  const from = container.detail && oldValue(path, container.detail)
  const to = newValue(path, service.model)
  const name = path.slice(path.indexOf('.') + 1)
  return reason('changed', {
    path,
    ...(from !== undefined && { from: shown(name, from) }),
    ...(to !== undefined && { to: shown(name, to) }),
    ...placeOf(origin, service.name, path),
  })
}

/** What the engine says of a live container's attribute; undefined where it does not say, or says it in another form. */
function oldValue(path: string, { spec, labels }: ContainerDetail): string | undefined {
  const [first = '', ...rest] = path.split('.')
  const key = rest.join('.')
  switch (first) {
    case 'environment': {
      const entry = spec.env.find(e => e.startsWith(`${key}=`))
      return entry?.slice(key.length + 1)
    }
    case 'labels':
      return labels[key]
    case 'image':
      return spec.image
    case 'command':
      return spec.command?.join(' ')
    case 'entrypoint':
      return spec.entrypoint?.join(' ')
    case 'user':
    case 'working_dir':
    case 'hostname':
    case 'stop_signal':
    case 'restart':
      return spec[first] || undefined
    case 'read_only':
    case 'privileged':
    case 'init':
      return String(spec[first] ?? false)
    case 'mem_limit':
      return amount(spec.memory)
    case 'mem_reservation':
      return amount(spec.memory_reservation)
    case 'cpus':
      return spec.nano_cpus ? String(spec.nano_cpus / 1e9) : undefined
    case 'pids_limit':
      return amount(spec.pids_limit)
    case 'deploy':
      return { 'resources.limits.memory': amount(spec.memory), 'resources.limits.pids': amount(spec.pids_limit) }[key]
    default:
      return undefined
  }
}

const amount = (n: number) => (n > 0 ? String(n) : undefined)

/** A declared value, as text, where it is short enough to be told in a line. */
function newValue(path: string, service: Service): string | undefined {
  const [first = '', ...rest] = path.split('.')
  let value: unknown = (service as Readonly<Record<string, unknown>>)[first]
  for (let keys = rest; keys.length > 0; ) {
    if (typeof value !== 'object' || value === null) return undefined
    const entries = value as Readonly<Record<string, unknown>>
    const whole = keys.join('.')
    if (whole in entries) return text(entries[whole])
    value = entries[keys[0]!]
    keys = keys.slice(1)
  }
  return text(value)
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value) && value.every(v => typeof v === 'string')) return value.join(' ')
  return undefined
}

import type { Feature } from '../../engine/engine.ts'
import type { Network, Project, Service } from '../../model/project.ts'
import { nowhere, type Origin } from '../../text/origin.ts'
import type { Problem } from '../../text/problem.ts'
import { asksForOwner } from './file-contents.ts'
import { needsMountForm } from './mounts.ts'
import { byPriority } from './network-order.ts'

/** An attribute that this engine cannot honour: refused where leaving it out would change what runs, else only told. */
interface Row<T> {
  /** The attribute, as the file has it under a service or network: "deploy.placement". */
  readonly path: string
  readonly present: (value: T) => boolean
  /** 'none' without it. */
  readonly effect?: 'refused' | 'none'
  /** Only where the engine lacks this. */
  readonly feature?: Feature
  readonly why: string
}

/**
 * What a project asks for that this engine, or any single one, cannot do: one problem per attribute, with the places of
 * all services that have it. Errors are refusals; warnings name what has no effect.
 */
export function unsupported(
  project: Project,
  features: ReadonlySet<Feature>,
  origin: Origin = nowhere,
): readonly Problem[] {
  return [
    ...tell(SERVICE_ROWS, 'services', project.services, features, origin),
    ...tell(NETWORK_ROWS, 'networks', project.networks, features, origin),
  ]
}

const SWARM = 'only a swarm acts on it'

const SERVICE_ROWS: readonly Row<Service>[] = [
  {
    path: 'pre_start',
    present: s => s.pre_start?.some(hook => hook.per_replica) ?? false,
    effect: 'refused',
    why: '"per_replica" is not run yet: a hook runs once for the service',
  },
  {
    path: 'credential_spec',
    present: s => hasKeys(s.credential_spec),
    effect: 'refused',
    why: 'only Windows containers have credentials of their own',
  },
  {
    path: 'uts',
    present: s => Boolean(s.uts) && s.uts !== 'host',
    effect: 'refused',
    why: 'engines know no other value than "host"',
  },
  {
    path: 'volumes',
    present: s => s.volumes?.some(v => v.type === 'image') ?? false,
    effect: 'refused',
    feature: 'image-mount',
    why: 'a mount of type "image" needs Docker Engine 28.0',
  },
  {
    path: 'volumes',
    present: s => s.volumes?.some(v => v.volume?.subpath) ?? false,
    effect: 'refused',
    feature: 'volume-subpath',
    why: '"subpath" of a volume needs Docker Engine 26.0',
  },
  {
    path: 'volumes',
    // "writable" is how older engines mount anyway.
    present: s => s.volumes?.some(v => v.bind?.recursive === 'readonly') ?? false,
    effect: 'refused',
    feature: 'recursive-bind',
    why: '"recursive: readonly" of a bind mount needs Docker Engine 25.0',
  },
  {
    path: 'networks',
    present: s => attachments(s).some(a => a.interface_name !== undefined),
    effect: 'refused',
    feature: 'interface-name',
    why: '"interface_name" needs Docker Engine 28.1',
  },
  {
    path: 'networks',
    present: s => attachments(s).some(a => a.gw_priority),
    effect: 'refused',
    feature: 'gw-priority',
    why: '"gw_priority" needs Docker Engine 28.0',
  },
  {
    path: 'networks',
    present: s =>
      byPriority(s.networks ?? {})
        .slice(1)
        .some(key => s.networks?.[key]?.mac_address !== undefined),
    effect: 'refused',
    feature: 'endpoint-mac',
    why: '"mac_address" of another network than the first needs Docker Engine 25.0',
  },
  {
    path: 'annotations',
    present: s => hasKeys(s.annotations),
    feature: 'annotations',
    why: 'it needs Docker Engine 24.0',
  },
  {
    path: 'healthcheck.start_interval',
    present: s => s.healthcheck?.start_interval !== undefined,
    feature: 'start-interval',
    why: 'it needs Docker Engine 25.0',
  },
  {
    path: 'healthcheck.start_interval',
    present: s => s.healthcheck?.start_interval !== undefined && !s.healthcheck.start_period,
    why: 'there is no "start_period" for it to count in',
  },
  {
    path: 'volumes',
    present: s => s.volumes?.some(v => v.bind?.selinux && needsMountForm(v.bind)) ?? false,
    why: 'engines take "selinux" of a bind mount only without "recursive" and "create_host_path: false"',
  },
  {
    path: 'volumes',
    present: s =>
      s.volumes?.some(v => (['bind', 'volume', 'tmpfs', 'image'] as const).some(t => v[t] && v.type !== t)) ?? false,
    why: 'a mount has options of another type than its own',
  },
  {
    path: 'build.secrets',
    present: s => s.build?.secrets?.some(secret => asksForOwner(secret)) ?? false,
    why: 'a build gives its secrets the owner and mode that the Dockerfile asks for',
  },
  {
    path: 'deploy.restart_policy.max_attempts',
    present: s =>
      Boolean(s.deploy?.restart_policy?.max_attempts) && s.deploy?.restart_policy?.condition !== 'on-failure',
    why: 'engines count attempts only under "condition: on-failure"',
  },
  { path: 'deploy.restart_policy.delay', present: s => Boolean(s.deploy?.restart_policy?.delay), why: SWARM },
  { path: 'deploy.restart_policy.window', present: s => Boolean(s.deploy?.restart_policy?.window), why: SWARM },
  { path: 'deploy.mode', present: s => (s.deploy?.mode ?? 'replicated') !== 'replicated', why: SWARM },
  { path: 'deploy.endpoint_mode', present: s => Boolean(s.deploy?.endpoint_mode), why: SWARM },
  {
    path: 'deploy.labels',
    present: s => hasKeys(s.deploy?.labels),
    why: 'it labels services of a swarm, not containers',
  },
  { path: 'deploy.update_config', present: s => hasKeys(s.deploy?.update_config), why: SWARM },
  { path: 'deploy.rollback_config', present: s => hasKeys(s.deploy?.rollback_config), why: SWARM },
  { path: 'deploy.placement', present: s => hasKeys(s.deploy?.placement), why: SWARM },
  {
    path: 'deploy.resources.reservations.cpus',
    present: s => Boolean(s.deploy?.resources?.reservations?.cpus),
    why: SWARM,
  },
  {
    path: 'deploy.resources.reservations.generic_resources',
    present: s => hasItems(s.deploy?.resources?.reservations?.generic_resources),
    why: SWARM,
  },
]

const NETWORK_ROWS: readonly Row<Network>[] = [
  {
    path: 'enable_ipv4',
    present: n => n.enable_ipv4 === false && n.external !== true,
    effect: 'refused',
    feature: 'enable-ipv4',
    why: 'a network without IPv4 needs Docker Engine 28.0',
  },
]

/** What this file refuses or tells of, as the table of attributes has to say it too. */
export const unsupportedRows = [
  ...SERVICE_ROWS.map(({ path, effect = 'none' }) => ({ path: `services.*.${path}`, effect })),
  ...NETWORK_ROWS.map(({ path, effect = 'none' }) => ({ path: `networks.*.${path}`, effect })),
]

const EFFECT = { refused: 'cannot be honoured', none: 'has no effect' } as const

/** One problem per row that applies: at the first place, with notes for the others. */
function tell<T>(
  rows: readonly Row<T>[],
  kind: string,
  things: Readonly<Record<string, T>>,
  features: ReadonlySet<Feature>,
  origin: Origin,
): readonly Problem[] {
  return rows.flatMap(({ path, present, effect = 'none', feature, why }) => {
    if (feature !== undefined && features.has(feature)) return []
    const names = Object.keys(things).filter(name => present(things[name]!))
    if (names.length === 0) return []
    const quoted = names.map(name => `"${name}"`).join(', ')
    const [first, ...others] = names.flatMap(name => origin.at([kind, name, ...path.split('.')]) ?? [])
    return [
      {
        code: effect === 'refused' ? 'unsupported' : 'no-effect',
        severity: effect === 'refused' ? 'error' : 'warning',
        message: `"${path}" of ${quoted} ${EFFECT[effect]}: ${why}`,
        ...(first && { at: first }),
        ...(others.length > 0 && { notes: others.map(at => ({ message: 'here too', at })) }),
      } satisfies Problem,
    ]
  })
}

function attachments(service: Service) {
  return Object.values(service.networks ?? {}).filter(attachment => attachment !== null)
}

function hasKeys(object: object | undefined): boolean {
  return object !== undefined && Object.keys(object).length > 0
}

function hasItems(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0
}

import { humanSize } from '../../base/units.ts'
import type { ContainerDetail, ContainerSpec, LiveSettings } from '../../engine/engine.ts'
import { sha256 } from '../hash.ts'

/** Values by what they belong to: `nofile` of `ulimits`; '' is the attribute as a whole. */
type Values = Readonly<Record<string, string>>

/** An attribute that engines tell as it was asked for, and how both sides are written as texts. */
interface Setting {
  /** As services call it. */
  readonly path: string
  readonly asked: (spec: ContainerSpec) => Values
  readonly live: (live: LiveSettings) => Values
  /** No engine sets it by itself: what is live and not asked for was asked for once. */
  readonly own?: boolean
}

type Key = keyof LiveSettings & keyof ContainerSpec
type Same<T> = (value: T) => T

const word = (path: string, key: Key, more: Pick<Setting, 'own'> = {}): Setting => {
  const read = (from: LiveSettings | ContainerSpec): Values => {
    const value = from[key]
    // Whose namespace it is, is told by the hash: engines tell an id where a name was asked for.
    if (value === undefined || value === false || value === '' || String(value).startsWith('container:')) return {}
    return { '': path === 'shm_size' ? humanSize(Number(value)) : String(value) }
  }
  return { path, asked: read, live: read, ...more }
}

const words = (path: string, key: Key, same: Same<readonly string[]> = all => all): Setting => {
  const read = (from: LiveSettings | ContainerSpec): Values => {
    const all = same((from[key] as readonly string[] | undefined) ?? [])
    return all.length > 0 ? { '': all.join(' ') } : {}
  }
  return { path, asked: read, live: read, own: true }
}

const pairs = (path: string, key: Key, more: Pick<Setting, 'own'> = {}): Setting => {
  const read = (from: LiveSettings | ContainerSpec) => (from[key] as Values | undefined) ?? {}
  return { path, asked: read, live: read, ...more }
}

const sorted: Same<readonly string[]> = all => (all.length < 2 ? all : [...new Set(all)].toSorted())

/** Engines of different versions tell them with and without their prefix. */
const capabilities: Same<readonly string[]> = all => sorted(all.map(name => name.toUpperCase().replace(/^CAP_/, '')))

/** Profiles are whole files. Labels engines add themselves, to privileged containers and where namespaces are shared. */
const securityOptions: Same<readonly string[]> = all =>
  sorted(
    all
      .filter(o => !/^label[=:]/.test(o))
      .map(o => (o.startsWith('seccomp={') ? `seccomp=${sha256(o).slice(0, 8)}` : o)),
  )

const SETTINGS: readonly Setting[] = [
  pairs('annotations', 'annotations'),
  words('cap_add', 'cap_add', capabilities),
  words('cap_drop', 'cap_drop', capabilities),
  word('cgroup', 'cgroupns_mode'),
  word('cgroup_parent', 'cgroup_parent'),
  words('dns', 'dns'),
  words('dns_opt', 'dns_options'),
  words('dns_search', 'dns_search'),
  word('domainname', 'domainname', { own: true }),
  words('extra_hosts', 'extra_hosts', sorted),
  words('group_add', 'group_add'),
  word('ipc', 'ipc_mode'),
  {
    path: 'logging.driver',
    asked: ({ logging }): Values => (logging?.driver ? { '': logging.driver } : {}),
    live: ({ logging }): Values => (logging?.driver ? { '': logging.driver } : {}),
  },
  {
    path: 'logging.options',
    asked: ({ logging }) => logging?.options ?? {},
    live: ({ logging }) => logging?.options ?? {},
  },
  word('oom_score_adj', 'oom_score_adj'),
  word('pid', 'pid_mode', { own: true }),
  {
    path: 'ports',
    asked: ({ ports }) => portsText(ports),
    live: ({ ports }) => portsText(ports),
    own: true,
  },
  word('runtime', 'runtime'),
  words('security_opt', 'security_opt', securityOptions),
  word('shm_size', 'shm_size'),
  word('stdin_open', 'stdin_open', { own: true }),
  pairs('storage_opt', 'storage_opt'),
  pairs('sysctls', 'sysctls', { own: true }),
  pairs('tmpfs', 'tmpfs', { own: true }),
  word('tty', 'tty', { own: true }),
  word('userns_mode', 'userns_mode'),
  word('uts', 'uts_mode', { own: true }),
  {
    path: 'devices',
    asked: ({ resources }) => devicesText(resources?.devices),
    live: ({ resources }) => devicesText(resources.devices),
    own: true,
  },
  {
    path: 'device_cgroup_rules',
    asked: ({ resources }) => listText(resources?.device_cgroup_rules),
    live: ({ resources }) => listText(resources.device_cgroup_rules),
    own: true,
  },
  {
    path: 'ulimits',
    asked: ({ resources }) => ulimitsText(resources?.ulimits),
    live: ({ resources }) => ulimitsText(resources.ulimits),
  },
]

/** An attribute that is not as it was asked for: what it is, and what it is to be, where there is such a thing. */
export interface Difference {
  readonly path: string
  readonly from?: string
  readonly to?: string
}

/**
 * The settings in which a live container is not what is asked for. Of those that engines choose where nobody does, only
 * what is asked for is looked at.
 */
export function settingsUnlike(spec: ContainerSpec, { spec: { settings } }: ContainerDetail): Difference[] {
  return SETTINGS.flatMap(({ path, asked, live, own = false }) => {
    const [wanted, there] = [asked(spec), live(settings)]
    const parts = Object.keys(own ? { ...wanted, ...there } : wanted)
    return parts
      .filter(part => wanted[part] !== there[part])
      .map(part => ({
        path: part === '' ? path : `${path}.${part}`,
        ...(there[part] !== undefined && { from: there[part] }),
        ...(wanted[part] !== undefined && { to: wanted[part] }),
      }))
  })
}

const listText = (all: readonly string[] | undefined): Values => (all?.length ? { '': all.join(' ') } : {})

function portsText(ports: LiveSettings['ports']): Values {
  const each = (ports ?? []).map(({ container, host_ip, host_port }) => {
    const anywhere = host_ip === undefined || host_ip === '' || host_ip === '0.0.0.0' || host_ip === '::'
    const from = [...(anywhere ? [] : [host_ip]), ...(host_port === '' ? [] : [host_port])]
    return [...from, container.replace(/\/tcp$/, '')].join(':')
  })
  return listText(sorted(each))
}

function devicesText(devices: LiveSettings['resources']['devices']): Values {
  return listText(
    sorted(
      (devices ?? []).map(d => [d.host, d.container, ...(d.permissions === 'rwm' ? [] : [d.permissions])].join(':')),
    ),
  )
}

function ulimitsText(all: LiveSettings['resources']['ulimits']): Values {
  return Object.fromEntries(
    (all ?? []).map(({ name, soft, hard }) => [name, soft === hard ? String(soft) : `${soft}:${hard}`]),
  )
}

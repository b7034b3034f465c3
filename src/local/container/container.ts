import { defined } from '../../base/defined.ts'
import type { ContainerSpec } from '../../engine/engine.ts'
import type { Project, Service } from '../../model/project.ts'
import type { Given } from '../given.ts'
import { imageOf } from '../images/names.ts'
import { withApiSocket } from './api-socket.ts'
import { endpoints, links } from './endpoints.ts'
import { extraHosts } from './extra-hosts.ts'
import { healthcheck } from './healthcheck.ts'
import { containerLabels } from './labels.ts'
import { mounts } from './mounts.ts'
import { namespace, volumesFrom } from './namespaces.ts'
import { exposed, portBindings } from './ports.ts'
import { resources } from './resources.ts'
import { restartPolicy } from './restart-policy.ts'
import { security } from './security.ts'

/** What the engine is asked for, for one container of a service: labels and hashes included. */
export function containerSpec(project: Project, service: string, number: number, given: Given): ContainerSpec {
  const s = withApiSocket(project.services[service]!)
  const shared = (mode: string | undefined) => namespace(project, mode, given)
  const attached = endpoints(project, service, s, number, given)
  return defined({
    image: imageOf(project, service, given.separator),
    platform: s.platform ?? project.environment.DOCKER_DEFAULT_PLATFORM,
    command: s.command ?? undefined,
    entrypoint: s.entrypoint ?? undefined,
    env: environment(s, given.proxy),
    labels: containerLabels(project, service, number, given),
    user: s.user,
    working_dir: s.working_dir,
    hostname: s.hostname,
    domainname: s.domainname,
    ...attached,
    tty: s.tty,
    stdin_open: s.stdin_open,
    stop_signal: s.stop_signal,
    stop_timeout: s.stop_grace_period,
    exposed: exposed(s),
    healthcheck: healthcheck(s.healthcheck, given.features),
    ports: portBindings(s),
    ...mounts(project, s, given),
    tmpfs: s.tmpfs && Object.fromEntries(s.tmpfs.map(entry => cut(entry, ':'))),
    volumes_from: volumesFrom(project, s, given),
    links: links(project, s, given),
    dns: s.dns,
    dns_options: s.dns_opt,
    dns_search: s.dns_search,
    extra_hosts: extraHosts(s.extra_hosts),
    restart: restartPolicy(s),
    logging: s.logging && defined({ driver: s.logging.driver ?? '', options: s.logging.options }),
    cap_add: capabilities(s.cap_add),
    cap_drop: capabilities(s.cap_drop),
    privileged: s.privileged,
    read_only: s.read_only,
    init: s.init,
    ...security(project, s, given.seccomp),
    group_add: s.group_add,
    ipc_mode: shared(s.ipc),
    pid_mode: shared(s.pid),
    uts_mode: s.uts,
    userns_mode: s.userns_mode,
    cgroup_parent: s.cgroup_parent,
    cgroupns_mode: s.cgroup,
    isolation: s.isolation,
    runtime: s.runtime,
    shm_size: s.shm_size,
    sysctls: s.sysctls,
    storage_opt: s.storage_opt,
    annotations: s.annotations,
    oom_score_adj: s.oom_score_adj,
    resources: resources(s),
  })
}

/** `K=V`, sorted; a name without a value unsets what the image sets. */
function environment(service: Service, proxy: Readonly<Record<string, string>> = {}): readonly string[] | undefined {
  const entries = Object.entries({ ...proxy, ...service.environment })
  if (entries.length === 0) return undefined
  return entries.map(([key, value]) => (value === null ? key : `${key}=${value}`)).toSorted()
}

/** Capabilities as engines of every version compare them: upper case, with `CAP_`, each once, sorted. */
function capabilities(names: readonly string[] | undefined): readonly string[] | undefined {
  if (!names) return undefined
  const full = names
    .map(name => name.toUpperCase())
    .map(name => (name === 'ALL' || name.startsWith('CAP_') ? name : `CAP_${name}`))
  return [...new Set(full)].toSorted()
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

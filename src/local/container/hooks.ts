import { defined } from '../../base/defined.ts'
import type { ContainerSpec, ExecSpec } from '../../engine/engine.ts'
import { CONTRACT_VERSION, LABEL } from '../../model/names.ts'
import type { Hook, Mapping, Project } from '../../model/project.ts'
import type { Given } from '../given.ts'
import { containerSpec } from './container.ts'

/** What is run in a container right after it started. */
export function postStart(project: Project, service: string): readonly ExecSpec[] {
  return (declared(project, service)?.post_start ?? []).map(execOf)
}

/** What is run in a container right before it is stopped. */
export function preStop(project: Project, service: string): readonly ExecSpec[] {
  return (declared(project, service)?.pre_stop ?? []).map(execOf)
}

/** Containers of a service outlive its profile. */
const declared = ({ services, disabled }: Project, service: string) => services[service] ?? disabled[service]

function execOf(hook: Hook): ExecSpec {
  return defined({
    command: hook.command ?? [],
    user: hook.user,
    working_dir: hook.working_dir,
    env: hook.environment && environment(hook.environment),
    privileged: hook.privileged,
  })
}

/** A container that runs to its end before the first one of its service starts. */
export interface HookContainer {
  readonly name: string
  readonly spec: ContainerSpec
}

/**
 * The containers of a service's `pre_start` hooks, to be run one after another while no replica runs. Each is on the
 * service's networks under its names and sees the volumes of the lowest-numbered replica, `sibling`. They carry no config hash, so that
 * no look at the project's services sees them.
 */
export function preStart(project: Project, service: string, sibling: string, given: Given): readonly HookContainer[] {
  const { environment: own = {}, pre_start: hooks = [] } = project.services[service]!
  if (hooks.length === 0) return []
  const { networks, network_mode, image, platform, extra_hosts, dns, dns_options, dns_search } = containerSpec(
    project,
    service,
    1,
    given,
  )
  return hooks.map((hook, i) => ({
    name: [project.name, service, 'pre_start', String(i)].join(given.separator),
    spec: defined({
      image: hook.image ?? image,
      platform: hook.image === undefined ? platform : undefined,
      command: hook.command,
      user: hook.user,
      working_dir: hook.working_dir,
      privileged: hook.privileged,
      env: environment({ ...own, ...hook.environment }),
      volumes_from: [sibling],
      networks,
      network_mode,
      extra_hosts,
      dns,
      dns_options,
      dns_search,
      labels: {
        [LABEL.project]: project.name,
        [LABEL.service]: service,
        [LABEL.version]: CONTRACT_VERSION,
        [LABEL.working_dir]: project.working_dir,
        [LABEL.hook]: 'pre_start',
      },
    }),
  }))
}

function environment(all: Mapping): readonly string[] {
  return Object.entries(all)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
}

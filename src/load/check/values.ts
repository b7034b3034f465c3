import type { Service } from '../../model/project.ts'
import type { Complain } from './complain.ts'

/** Attributes of one service that exclude or contradict each other. */
export function checkValues(name: string, service: Service, unread: boolean, complain: Complain): void {
  const at = (...path: string[]) => ['services', name, ...path]
  const { build, deploy } = service
  if (service.image === undefined && !build && !service.provider && !unread)
    complain(
      'no-image',
      at(),
      `service "${name}" has neither an image nor a build context specified`,
      'write "image:" or "build:"',
    )
  if (build?.dockerfile !== undefined && build.dockerfile_inline !== undefined)
    complain(
      'conflict',
      at('build', 'dockerfile_inline'),
      `service "${name}" declares mutually exclusive "dockerfile" and "dockerfile_inline"`,
      'keep one of them',
      [{ message: 'the other one', path: at('build', 'dockerfile') }],
    )
  if (service.platform && build?.platforms?.length && !build.platforms.includes(service.platform))
    complain(
      'conflict',
      at('build', 'platforms'),
      `service.build.platforms MUST include service.platform "${service.platform}"`,
      'add it to the list',
      [{ message: '"platform" is set here', path: at('platform') }],
    )
  if (service.network_mode && Object.keys(service.networks ?? {}).length)
    complain(
      'conflict',
      at('network_mode'),
      `service "${name}" declares mutually exclusive "network_mode" and "networks"`,
      'keep one of them',
      [{ message: '"networks" is set here', path: at('networks') }],
    )
  const [word] = service.healthcheck?.test ?? []
  if (word !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(word))
    complain(
      'bad-healthcheck',
      at('healthcheck', 'test'),
      'healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"',
      `did you mean ${shownList(['CMD', ...(service.healthcheck?.test ?? [])])}?`,
    )
  checkScale(name, service, complain)
  if (deploy) checkLimits(name, service, complain)
  checkMounts(name, service, complain)
  service.develop?.watch?.forEach((rule, i) => {
    const place = at('develop', 'watch', String(i))
    if (!rule.target && !unread && rule.action !== 'rebuild' && rule.action !== 'restart')
      complain(
        'bad-watch',
        place,
        `a watch rule with the action "${rule.action}" needs a target`,
        'write "target:", the path in the container',
      )
  })
}

function checkScale(name: string, { scale, deploy, container_name }: Service, complain: Complain): void {
  const at = (...path: string[]) => ['services', name, ...path]
  const replicas = deploy?.replicas
  if (scale !== undefined && replicas !== undefined && scale !== replicas)
    complain(
      'distinct-values',
      at('scale'),
      `services.${name}: can't set distinct values on 'scale' and 'deploy.replicas'`,
      'keep one of them',
      [{ message: '"replicas" is set here', path: at('deploy', 'replicas') }],
    )
  if (scale !== undefined && scale < 0)
    complain('negative', at('scale'), `services.${name}.scale: must be greater than or equal to 0`, 'write 0 or more')
  if (replicas !== undefined && replicas < 0)
    complain(
      'negative',
      at('deploy', 'replicas'),
      `services.${name}.deploy.replicas: must be greater than or equal to 0`,
      'write 0 or more',
    )
  const count = scale ?? replicas ?? 1
  if (container_name && count > 1) {
    const attribute = scale === undefined ? 'deploy.replicas' : 'scale'
    complain(
      'conflict',
      at('container_name'),
      `services.${name}: "container_name" cannot be used with ${attribute} ${count}, as container names are unique`,
      'remove "container_name", or run one container',
      [{ message: `"${attribute}" is set here`, path: at(...attribute.split('.')) }],
    )
  }
}

/** As docker compose, a limit that `deploy` leaves out while it gives others counts as 0 there. */
function checkLimits(name: string, service: Service, complain: Complain): void {
  const { limits, reservations } = service.deploy?.resources ?? {}
  const pairs = [
    ['cpus', service.cpus, 'limits', 'cpus', limits && Math.fround(limits.cpus ?? 0)],
    ['mem_limit', service.mem_limit, 'limits', 'memory', limits && (limits.memory ?? 0)],
    ['pids_limit', service.pids_limit, 'limits', 'pids', limits && (limits.pids ?? 0)],
    ['mem_reservation', service.mem_reservation, 'reservations', 'memory', reservations && (reservations.memory ?? 0)],
  ] as const
  for (const [attribute, own, group, key, other] of pairs) {
    if (!own || other === undefined || (attribute === 'cpus' ? Math.fround(own) : own) === other) continue
    const path = ['services', name, 'deploy', 'resources', group]
    complain(
      'distinct-values',
      ['services', name, attribute],
      `services.${name}: can't set distinct values on '${attribute}' and 'deploy.resources.${group}.${key}'`,
      other === 0
        ? `write "${key}" under deploy.resources.${group} as well, or move all limits there`
        : 'keep one of them',
      [
        {
          message: other === 0 ? `no "${key}" is set here` : `"${key}" is set here`,
          path: other === 0 ? path : [...path, key],
        },
      ],
    )
  }
}

function checkMounts(name: string, service: Service, complain: Complain): void {
  const taken = new Map<string, readonly string[]>()
  const take = (target: string, path: readonly string[]) => {
    const before = taken.get(target)
    if (before)
      complain(
        'duplicate-mount',
        path,
        `services.${name}: two mounts have the target "${target}"`,
        'remove one of them',
        [{ message: 'the other one', path: before }],
      )
    else taken.set(target, path)
  }
  service.volumes?.forEach((mount, i) => take(mount.target, ['services', name, 'volumes', String(i)]))
  service.tmpfs?.forEach((text, i) => take(text.split(':')[0]!, ['services', name, 'tmpfs', String(i)]))
}

function shownList(items: readonly string[]): string {
  return `[${items.map(item => JSON.stringify(item)).join(', ')}]`
}

import type { Mount, Project, WatchRule } from '../model/project.ts'

interface Platform {
  readonly windows: boolean
  /** A path with its links followed. */
  readonly real: (path: string) => string
}

/**
 * Paths as this machine has them: links are followed where changes are watched, since what changes is told of the place they lead
 * to; and on Windows, with COMPOSE_CONVERT_WINDOWS_PATHS, sources of mounts are named as a Linux engine names them.
 */
export function withPlatformPaths(project: Project, { windows, real }: Platform): Project {
  const convert = windows && /^(?:1|true)$/i.test(project.environment['COMPOSE_CONVERT_WINDOWS_PATHS'] ?? '')
  const followed = (rule: WatchRule): WatchRule => ({ ...rule, path: real(rule.path) })
  const converted = (mount: Mount): Mount =>
    mount.type === 'bind' && mount.source !== undefined ? { ...mount, source: linuxPath(mount.source) } : mount
  const services = Object.entries(project.services).map(([name, service]) => {
    const { develop, volumes } = service
    const changed = {
      ...service,
      ...(develop?.watch && { develop: { ...develop, watch: develop.watch.map(followed) } }),
      ...(convert && volumes && { volumes: volumes.map(converted) }),
    }
    return [name, develop?.watch || convert ? changed : service] as const
  })
  return { ...project, services: Object.fromEntries(services) }
}

/** `C:\a\b` as `/c/a/b`; a path without a drive stays. */
export function linuxPath(path: string): string {
  const drive = /^([A-Za-z]):(?=[\\/])/.exec(path)
  return drive ? `/${drive[1]!.toLowerCase()}${path.slice(2).replaceAll('\\', '/')}` : path
}

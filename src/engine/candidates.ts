import { posix } from 'node:path'
import { EngineError } from './errors.ts'

/** What decides where an engine is looked for. */
export interface Wanted {
  /** `--host` */
  readonly host?: string
  /** `--context` */
  readonly context?: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: NodeJS.Platform
  /** Of config.json. */
  readonly current?: string
  /** Numeric, where the system has such. */
  readonly uid?: number
}

/** A place to try, by whom it was named. */
export type Candidate =
  | { readonly by: string; readonly host: string }
  | { readonly by: string; readonly context: string }

/**
 * Where to look, in order. What the user named stands alone: another engine than the one that was asked for is never taken.
 * The order of the names is docker's (docker/cli, resolveContextName).
 */
export function candidates(wanted: Wanted): readonly Candidate[] {
  const { host, context, env, current } = wanted
  if (host && context)
    throw new EngineError('invalid', '"--host" and "--context" exclude each other', { hint: 'leave one of them out' })
  const byName = (name: string, by: string): readonly Candidate[] =>
    name === 'default' ? (named(env['DOCKER_HOST'], 'DOCKER_HOST') ?? usual(wanted)) : [{ by, context: name }]
  if (context) return byName(context, '--context')
  const direct = named(host, '--host') ?? named(env['DOCKER_HOST'], 'DOCKER_HOST')
  if (direct) return direct
  if (env['DOCKER_CONTEXT']) return byName(env['DOCKER_CONTEXT'], 'DOCKER_CONTEXT')
  if (current) return byName(current, 'the current docker context')
  return usual(wanted)
}

function named(host: string | undefined, by: string): readonly Candidate[] | undefined {
  if (!host) return undefined
  // A bare path or "host:port" is what people mean by it; docker reads the second as tcp, too.
  const full = host.startsWith('/') ? `unix://${host}` : host.includes('://') ? host : `tcp://${host}`
  return [{ by, host: full }]
}

function usual({ env, home, platform, uid }: Wanted): readonly Candidate[] {
  if (platform === 'win32')
    return [
      { by: 'default pipe', host: 'npipe:////./pipe/docker_engine' },
      { by: 'Docker Desktop', host: 'npipe:////./pipe/dockerDesktopLinuxEngine' },
      { by: 'Podman', host: 'npipe:////./pipe/podman-machine-default' },
    ]
  const at = (by: string, ...path: readonly string[]) => ({ by, host: `unix://${posix.join(...path)}` })
  const runtime = env['XDG_RUNTIME_DIR'] || (uid === undefined ? undefined : `/run/user/${uid}`)
  return [
    at('default socket', '/var/run/docker.sock'),
    ...(runtime ? [at('rootless', runtime, 'docker.sock')] : []),
    at('rootless', home, '.docker/run/docker.sock'),
    at('Docker Desktop', home, '.docker/desktop/docker.sock'),
    at('Colima', home, '.colima/default/docker.sock'),
    ...(platform === 'darwin'
      ? [at('Podman', home, '.local/share/containers/podman/machine/podman.sock')]
      : [
          ...(runtime ? [at('rootless Podman', runtime, 'podman/podman.sock')] : []),
          at('Podman', '/run/podman/podman.sock'),
        ]),
  ]
}

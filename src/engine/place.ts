import { EngineError } from './errors.ts'

/** Where an engine listens. */
export type Place =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly base: string; readonly tls?: Tls }
  | { readonly kind: 'ssh'; readonly destination: string; readonly port?: number; readonly path?: string }

/** Contents of PEM files. */
export interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly verify: boolean
}

/** What DOCKER_HOST, `--host` and contexts write: unix://, npipe://, tcp://, http(s)://, ssh://. Throws EngineError `invalid`. */
export function parsePlace(host: string, tls?: Tls): Place {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/s.exec(host) ?? []
  switch (scheme) {
    case 'unix':
      if (rest === '') break
      return { kind: 'socket', path: rest }
    case 'npipe':
      // npipe:////./pipe/docker_engine is \\.\pipe\docker_engine
      return { kind: 'socket', path: rest.replaceAll('/', '\\') }
    case 'tcp':
    case 'http':
    case 'https': {
      const url = URL.parse(`http://${rest}`)
      if (!url?.hostname) break
      const secure = tls ?? (scheme === 'https' ? { verify: true } : undefined)
      return {
        kind: 'tcp',
        host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
        // URL drops port 80, the default of its scheme.
        port: url.port
          ? Number(url.port)
          : /:80(?:\/|$)/.test(rest) || scheme === 'http'
            ? 80
            : scheme === 'https'
              ? 443
              : secure
                ? 2376
                : 2375,
        base: url.pathname.replace(/\/+$/, ''),
        ...(secure && { tls: secure }),
      }
    }
    case 'ssh': {
      const url = URL.parse(host)
      if (!url?.hostname || url.password !== '') break
      // What begins with a dash would be read as an option by ssh.
      const destination = `${url.username && `${decodeURIComponent(url.username)}@`}${url.hostname.replace(/^\[(.*)\]$/, '$1')}`
      if (destination.startsWith('-')) break
      return {
        kind: 'ssh',
        destination,
        ...(url.port && { port: Number(url.port) }),
        ...(url.pathname.length > 1 && { path: url.pathname }),
      }
    }
  }
  throw new EngineError('invalid', `"${withoutPassword(host)}" is not the address of an engine`, {
    hint: 'write unix:///path, tcp://host:port, ssh://user@host or npipe:////./pipe/name',
  })
}

function withoutPassword(host: string): string {
  return host.replace(/:\/\/([^/@:]*):[^/@]*@/, '://$1@')
}

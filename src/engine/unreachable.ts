import { readFile, stat } from 'node:fs/promises'
import { EngineError } from './errors.ts'

/** A place that was asked for an engine, by whom it was named, and why it gave none. */
export interface Tried {
  readonly host: string
  readonly by: string
  readonly because: string
}

/** No place has an engine, each with its reason. The first sentence is docker's, which scripts look for. */
export async function unreachable(tried: readonly Tried[]): Promise<EngineError> {
  const first = `Cannot connect to the Docker daemon at ${tried[0]!.host}. Is the docker daemon running?`
  const rows = tried.map(({ host, by, because }) => `${host} (${by}): ${because}`)
  const closed = tried.find(({ because }) => /\((?:EACCES|EPERM)\)/.test(because))
  return new EngineError(
    'unreachable',
    tried.length === 1 ? `${first} ${rows[0]}` : `${first} Tried:\n  ${rows.join('\n  ')}`,
    closed
      ? { code: 'socket-permission', hint: await wayIn(closed.host) }
      : { hint: tried.length === 1 ? hintOf(tried[0]!) : start },
  )
}

const start = 'start the engine, or name another with DOCKER_HOST or a docker context'

const hints: readonly (readonly [because: RegExp, hint: string])[] = [
  [/^no answer/, 'it takes calls and answers none: restart it; over a network, look at what is in between'],
  [
    /ENOENT/,
    'no engine has made this socket: start or install one, or name another with DOCKER_HOST or a docker context',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'correct the name of the host in DOCKER_HOST or the docker context'],
  [
    /certificate required|bad certificate|ECONNRESET|answered 400/,
    'it may want TLS and a certificate of yours: DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH for their folder',
  ],
  [
    /certificate/i,
    'give the certificate of whoever signed the engine’s: ca.pem in the folder that DOCKER_CERT_PATH names',
  ],
  [/^ssh /, 'see whether ssh alone gets there, without being asked for anything, and whether "docker" is there'],
]

const hintOf = ({ host, because }: Tried): string =>
  hints.find(([says]) => says.test(because) && (!says.test('ECONNRESET') || host.startsWith('tcp:')))?.[1] ?? start

/** How to be let in at a socket: the group that may, where there is one. */
async function wayIn(host: string): Promise<string> {
  const usual = 'become a member of the group that owns the socket (usually "docker"), or use a rootless engine'
  const found = await stat(host.replace(/^unix:\/\//, '')).catch(() => undefined)
  if (!found) return usual
  const groups = await readFile('/etc/group', 'utf8').catch(() => '')
  const group = groups.split('\n').find(line => line.split(':')[2] === String(found.gid))
  if (found.gid === 0 || group === undefined || (found.mode & 0o060) !== 0o060) return usual
  const [name] = group.split(':')
  return process.getgroups?.().includes(found.gid)
    ? usual
    : `the socket is for members of group "${name}": "sudo usermod -aG ${name} $USER", then log in again; or use a rootless engine`
}

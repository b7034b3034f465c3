import { EngineError, type EngineReason } from '../errors.ts'

/** An answer that says no: its status and the engine's own words. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Sentences of engines, in the order in which they are looked for, and what they mean. `$1` of the hint is what was found. */
const SENTENCES: readonly {
  readonly says: RegExp
  readonly reason: EngineReason
  readonly hint?: string
  readonly code?: string
}[] = [
  {
    // 20.10: "Bind for 0.0.0.0:80 failed: port is already allocated", "listen tcp4 0.0.0.0:80: bind: address already in use";
    // 28: "failed to bind host port for 0.0.0.0:80:172.18.0.2:80/tcp: address already in use"; Podman: "bind: address already in use".
    says: /(?:Bind for|listen (?:tcp|udp|sctp)[46]?|bind host port(?: for)?|failed to bind(?: host)? port(?: for)?) \S*?:(\d+)(?=[^\d.].*|$).*(?:already allocated|address already in use)/s,
    reason: 'port-taken',
    hint: 'stop what uses port $1 of this machine, or publish another port',
  },
  {
    says: /port is already allocated|address already in use/,
    reason: 'port-taken',
    hint: 'stop what uses that port, or publish another',
  },
  {
    says: /The container name "\/?([^"]+)" is already in use|name "([^"]+)" is (?:already )?in use/,
    reason: 'conflict',
    hint: 'remove or rename the container "$1"',
  },
  {
    says: /client version \S+ is too (?:new|old)/,
    reason: 'unsupported',
    code: 'api-version',
    hint: 'leave DOCKER_API_VERSION unset: the version is then agreed on',
  },
  { says: /toomanyrequests|rate limit/i, reason: 'failed', hint: 'log in to the registry, or wait' },
  {
    says: /pull access denied|unauthorized|authentication required|no basic auth credentials|requested access to the resource is denied/i,
    reason: 'denied',
    hint: 'check the image\'s name, or log in with "docker login"',
  },
  { says: /No such image: (\S+)/i, reason: 'not-found', hint: 'pull or build "$1" first' },
  // An engine that is ending has closed what it keeps its networks in, and still answers (20.10.24).
  {
    says: /failed to (?:update|get|delete) .*object type \*?libnetwork\S*: open : no such file or directory/,
    reason: 'unreachable',
    hint: 'check that the engine is running',
  },
  // Two tags of one image, removed at the same time (20.10: 500).
  { says: /unrecognized image ID/, reason: 'not-found' },
  // Podman answers 500 where Docker answers 409 and 404 (4.3.1, 5.8.6).
  {
    says: /container state improper|network already exists|has dependent containers|UNIQUE constraint failed: ContainerConfig\.Name/,
    reason: 'conflict',
  },
  { says: /unable to find network with name or ID/, reason: 'not-found' },
  {
    says: /has active endpoints|network is being used/,
    reason: 'conflict',
    hint: 'disconnect or remove the containers that use it',
  },
  { says: /volume is in use/, reason: 'conflict', hint: 'remove the containers that use it' },
  {
    says: /could not find an available, non-overlapping IPv4 address pool|all predefined address pools have been fully subnetted/,
    reason: 'failed',
    hint: 'remove networks that nothing uses ("docker network prune"), or declare a subnet',
  },
  {
    says: /no space left on device/,
    reason: 'failed',
    hint: 'free space where the engine keeps its data ("docker system prune")',
  },
]

const STATUSES: Readonly<Record<number, EngineReason>> = {
  400: 'invalid',
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  405: 'unsupported',
  406: 'unsupported',
  409: 'conflict',
  501: 'unsupported',
}

/** What the operating system says, in words. */
const ERRNO: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ECONNREFUSED: 'nothing listens there',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no network to it',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name does not resolve',
  ENOTSOCK: 'not a socket',
  ECONNRESET: 'the engine closed the connection',
  EPIPE: 'the engine closed the connection',
}

/** Anything that a call threw, as the port's only error. An aborted `signal` makes it `cancelled`, whatever came of the call. */
export function engineError(error: unknown, signal?: AbortSignal): EngineError {
  if (error instanceof EngineError) return error
  if (signal?.aborted) return new EngineError('cancelled', 'cancelled', { cause: signal.reason })
  if (error instanceof Refused) return refused(error)
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== undefined && ERRNO[code] !== undefined) {
    const mayNot = code === 'EACCES' || code === 'EPERM'
    return new EngineError('unreachable', `cannot reach the container engine: ${unreachableBecause(error)}`, {
      cause: error,
      ...(mayNot && { code: 'socket-permission' }),
      hint: mayNot ? 'join the group that owns the socket' : 'check that the engine is running',
    })
  }
  return new EngineError('failed', message ?? String(error), { cause: error })
}

/** Why a place does not answer, in words: "permission denied (EACCES)". */
export function unreachableBecause(error: unknown): string {
  if (error instanceof Refused) return `it answered ${error.status}: ${error.message}`
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined) return message
  // Ours says how long it was waited for.
  if (code === 'ETIMEDOUT' && message.startsWith('no answer')) return `${message} (${code})`
  if (code.startsWith('ERR_SSL_'))
    return /alert (?:[a-z ]*)/.exec(message)?.[0].trim().replace('alert', 'its TLS says:') ?? message
  return ERRNO[code] === undefined ? message : `${ERRNO[code]} (${code})`
}

function refused({ status, message }: Refused): EngineError {
  for (const { says, reason, hint, code } of SENTENCES) {
    const found = says.exec(message)
    if (!found) continue
    const word = found.slice(1).find(w => w !== undefined)
    return new EngineError(reason, message, {
      status,
      ...(hint !== undefined && { hint: hint.replace('$1', word ?? '') }),
      ...(code !== undefined && { code }),
    })
  }
  return new EngineError(STATUSES[status] ?? 'failed', message, { status })
}

import { nearest } from '../../diagnose/ports.ts'
import type { Listening } from '../../diagnose/scene.ts'
import type { ContainerDetail } from '../../engine/engine.ts'
import type { LiveEngine } from '../../engine/live.ts'
import { type Member, membersOf } from '../members.ts'
import { listening } from '../why/probe.ts'
import { bad, type CheckUp, ok, unknown, warning } from './check-up.ts'
import { openToolbox, type Toolbox } from './toolbox.ts'

export interface Connection {
  /** The service that asks. */
  readonly from: string
  /** The name that it asks for: a service, an alias, or a host outside. */
  readonly host: string
  readonly port: number
}

/**
 * Whether one service reaches another, and where it fails if not: name, network, container, port, answer. Asked from inside the first
 * one's network namespace, by a container of an image that the engine has, so that no shell is needed; that is removed again.
 */
export async function examineConnection(
  project: string,
  { from, host, port }: Connection,
  { engine, signal }: { readonly engine: LiveEngine; readonly signal: AbortSignal },
): Promise<readonly CheckUp[]> {
  const members = await membersOf(engine, project)
  const asking = members.find(m => m.service === from && m.summary.state === 'running')
  const paused = (service: string) => members.some(m => m.service === service && m.summary.state === 'paused')
  for (const service of [from, host])
    if (paused(service))
      return [
        bad(
          'running',
          `"${service}" is paused: it asks and answers nothing`,
          `go on with it: "gantry unpause ${service}"`,
        ),
      ]
  if (!asking)
    return [
      bad('asking', `"${from}" does not run: nothing can be asked from inside it`, `start it: "gantry up ${from}"`),
    ]
  const web = await engine.inspectContainer(asking.id)
  const targets = await Promise.all(
    members
      .filter(m => m.service === host && !m.oneoff)
      .map(async m => ({ member: m, detail: await engine.inspectContainer(m.id) })),
  )
  const running = targets.filter(({ detail }) => detail.state === 'running')
  const checks = [
    ...declaredChecks(
      from,
      host,
      web,
      targets,
      members.map(m => m.service),
    ),
  ]
  const toolbox = await openToolbox(engine, signal)
  for (const { member, detail } of running)
    checks.push(...listeningChecks(member, port, await listenersOf(detail, toolbox)))
  const answers = await answerChecks(web, { from, host, port }, toolbox)
  // What was found before says why already.
  const known = checks.some(check => check.state === 'error')
  return [
    ...checks,
    ...answers.map(({ hint, ...check }) => ({ ...check, ...(hint !== undefined && !known && { hint }) })),
  ]
}

type Target = { readonly member: Member; readonly detail: ContainerDetail }

/** What the engine's own records say of name, network and state. */
function declaredChecks(
  from: string,
  host: string,
  web: ContainerDetail,
  targets: readonly Target[],
  services: readonly string[],
): readonly CheckUp[] {
  if (/^(?:localhost$|127\.)/.test(host))
    return [
      warning(
        'localhost-trap',
        `"${host}" is "${from}" itself, asked from inside it`,
        'ask for another service by its name',
      ),
    ]
  if (targets.length === 0)
    return [
      unknown(
        'target',
        `"${host}" is no service of this project, and asked for as a name outside${nearest(host, services)}`,
      ),
    ]
  const down = targets.filter(({ detail }) => detail.state !== 'running')
  const checks =
    down.length === targets.length
      ? [
          bad(
            'running',
            `"${host}" does not run: a stopped container has no name`,
            `start it: "gantry up ${host}"; "gantry why ${host}" says why it ended`,
          ),
        ]
      : [ok('running', `"${host}" runs`)]
  const mine = new Set(web.networks.map(n => n.id))
  const shared = targets.flatMap(({ detail }) => detail.networks).filter(n => mine.has(n.id))
  const same =
    web.spec.network_mode === 'host' || targets.some(({ detail }) => detail.spec.network_mode === `container:${web.id}`)
  return [
    ...checks,
    shared.length > 0 || same
      ? ok('network', same ? 'both share one network namespace' : `both are on network "${shared[0]!.name}"`)
      : bad(
          'network',
          `"${from}" and "${host}" share no network: the name is not known there`,
          `put both on one network ("networks" of each service)`,
        ),
  ]
}

async function listenersOf(
  { id }: ContainerDetail,
  toolbox: Toolbox | undefined,
): Promise<readonly Listening[] | undefined> {
  const text = await toolbox?.(id, ['cat', '/proc/net/tcp', '/proc/net/tcp6'])
  return text && listening(text.output)
}

/** Who listens in the target: on the port, and at an address that others reach. */
export function listeningChecks(
  { name }: Pick<Member, 'name'>,
  port: number,
  open: readonly Listening[] | undefined,
): readonly CheckUp[] {
  if (!open) return [unknown('listening', `who listens in ${name} cannot be looked at`)]
  const outer = open.filter(s => s.address !== '127.0.0.11')
  const here = outer.filter(s => s.port === port)
  if (here.some(s => !/^127\.|^::1$/.test(s.address)))
    return [ok('listening', `something listens on port ${port} in ${name}`)]
  if (here.length > 0)
    return [
      bad(
        'bind-loopback-only',
        `in ${name} port ${port} is open at ${here[0]!.address} only: nobody else can reach it`,
        'let the program listen on 0.0.0.0',
      ),
    ]
  const others = [...new Set(outer.map(s => s.port))]
  return [
    bad(
      'listening',
      `nothing listens on port ${port} in ${name}${others.length > 0 ? `; open are ${others.join(', ')}` : ''}`,
      others.length > 0 ? `ask for port ${others[0]}` : 'the program has not opened its port: look at its output',
    ),
  ]
}

/** What comes back from inside the asking container's network, and how soon. */
async function answerChecks(
  web: ContainerDetail,
  { host, port }: Connection,
  toolbox: Toolbox | undefined,
): Promise<readonly CheckUp[]> {
  const script = `
    if ! nslookup ${host} >/dev/null 2>&1 && ! getent hosts ${host} >/dev/null 2>&1 && ! ping -c 1 -W 1 ${host} 2>&1 | grep -q PING; then echo unknown-name; exit 0; fi
    begin=$(cut -d' ' -f1 /proc/uptime)
    if nc -z -w 3 ${host} ${port} 2>/dev/null || nc -w 3 ${host} ${port} </dev/null >/dev/null 2>&1; then echo answered $begin $(cut -d' ' -f1 /proc/uptime); else echo refused; fi`
  const told = await toolbox?.(web.id, ['sh', '-c', script])
  if (!told) return [unknown('answer', 'the engine has no image with a shell to ask from: pull "busybox"')]
  const [word, begin, end] = told.output.trim().split(/\s+/)
  if (word === 'unknown-name')
    return [
      bad(
        'dns-name-unknown',
        `the name "${host}" is not known inside ${web.name}`,
        'correct the name; a service is known by its name, on networks that both are on',
      ),
    ]
  if (word === 'answered')
    return [
      ok(
        'answer',
        `${host}:${port} answered within ${Math.max(10, Math.round((Number(end) - Number(begin)) * 1000))} ms from inside ${web.name}`,
      ),
    ]
  if (word === 'refused')
    return [
      bad(
        'answer',
        `${host}:${port} does not answer from inside ${web.name}`,
        'see who listens there, and at which address',
      ),
    ]
  return [
    warning('answer', `asking ${host}:${port} from inside ${web.name} gave no result`, 'try "gantry debug" there'),
  ]
}

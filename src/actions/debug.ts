import { randomBytes } from 'node:crypto'
import type { ContainerDetail, ContainerSpec, ExecOptions } from '../engine/engine.ts'
import { isEngineError } from '../engine/errors.ts'
import type { LiveEngine } from '../engine/live.ts'
import { userError } from '../text/problem.ts'
import { toolboxImage } from './doctor/toolbox.ts'
import { checkServices, membersOf } from './members.ts'

export interface DebugOptions extends ExecOptions {
  readonly engine: LiveEngine
  /** Whose programs there are; an image that the engine has and that has a shell without it. */
  readonly image?: string
  /** This container of the service; without it that of the lowest number. */
  readonly index?: number
  /** What to run; a shell without it. */
  readonly command?: readonly string[]
  readonly tty: boolean
  readonly signal: AbortSignal
  /** Told before the shell begins: where the container's files are, and what the shell shares with it. */
  readonly tell: (about: Debugged) => void
}

export interface Debugged {
  readonly container: string
  readonly image: string
  /** Where in the shell the container's files are. */
  readonly files: string
  /** Whether they are the container's own, or a copy of what it left. */
  readonly live: boolean
}

/**
 * A shell with tools beside a container: in its network and among its processes where it runs, with a copy of its files where it has
 * ended. The container itself is not touched, and what is made for it is removed again, also when we are killed. Gives the exit
 * code of the shell. Throws UserError where there is no such container, or no image with a shell.
 */
export async function debug(project: string, service: string, options: DebugOptions): Promise<number> {
  const { engine, index, tell, signal, tty } = options
  const members = (await membersOf(engine, project)).filter(m => !m.oneoff)
  checkServices([service], undefined, members)
  const member = members.filter(m => m.service === service && (index === undefined || m.number === index))[0]
  if (!member)
    throw userError(
      'no-container',
      `service "${service}" has no container${index === undefined ? '' : ` #${index}`}`,
      'see "gantry ps --all"',
    )
  const image = options.image ?? (await toolboxImage(engine))
  if (image === undefined)
    throw userError(
      'no-toolbox',
      'the engine has no image with a shell to look from',
      'name one with --image, or pull "busybox"',
    )
  const detail = await engine.inspectContainer(member.id)
  const live = detail.state === 'running' || detail.state === 'paused'
  const id = await engine.createContainer(
    `gantry-debug-${randomBytes(6).toString('hex')}`,
    beside(detail, image, live),
    { signal },
  )
  try {
    if (!live) await engine.putArchive(id, LEFT, await engine.getArchive(member.id, '/', { signal }))
    // Its main process ends with our connection, and the engine removes it then: nothing stays when we are killed.
    await engine.attachWithInput(id, untilAborted(signal))
    await engine.startContainer(id, { signal })
    const files = live ? '/proc/1/root' : LEFT
    tell({ container: member.name, image, files, live })
    const command = options.command?.length ? options.command : ['sh', '-c', 'exec $(command -v bash || echo sh)']
    const { onOutput, stdin, onStart } = options
    return await engine.exec(
      id,
      { command, tty, working_dir: live ? '/' : files },
      { signal, ...(onOutput && { onOutput }), ...(stdin && { stdin }), ...(onStart && { onStart }) },
    )
  } finally {
    await engine.removeContainer(id, { force: true, volumes: true }).catch((error: unknown) => {
      if (!isEngineError(error)) throw error
    })
  }
}

/** Where a copy of what an ended container left is put: a volume without a name, which goes with the toolbox. */
const LEFT = '/left'

function beside({ id, spec }: ContainerDetail, image: string, live: boolean): ContainerSpec {
  const own = {
    image,
    entrypoint: ['cat'],
    command: [],
    labels: {},
    stdin_open: true,
    stdin_once: true,
    auto_remove: true,
  }
  if (!live) return { ...own, mounts: [{ type: 'volume', target: LEFT }] }
  // A container in another one's network has no host name of its own to give away.
  const network = spec.network_mode === 'host' ? 'host' : `container:${id}`
  return { ...own, network_mode: network, pid_mode: `container:${id}`, cap_add: ['SYS_PTRACE'] }
}

async function* untilAborted(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield new Uint8Array()
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

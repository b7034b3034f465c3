import { connect } from 'node:net'
import { type Message, message, read } from '../../../base/protobuf.ts'
import type { Credentials } from '../../../registry/credentials.ts'
import type { BlobStore, BuildFolder } from '../../build.ts'
import type { Docker } from '../docker.ts'
import { CONTENT } from './content.ts'
import { sendFolder } from './file-sync.ts'
import { type Asked, CallFailed, CODE, serve } from './grpc.ts'

/** What BuildKit may ask of us while it builds. All of it goes over this one connection, and nothing of it into the image. */
export interface Offer {
  /** Equal from build to build of one context: the engine compares with what it was sent last. */
  readonly key: string
  /** By the name under which BuildKit asks for them. */
  readonly folders: Readonly<Record<string, BuildFolder>>
  /** Likewise. */
  readonly stores: Readonly<Record<string, BlobStore>>
  readonly secrets: Readonly<Record<string, () => Promise<Uint8Array>>>
  /** Sockets of agents by id. */
  readonly agents: Readonly<Record<string, string>>
  credentials(registry: string): Promise<Credentials | undefined>
}

export interface Session {
  readonly id: string
  /** What went wrong on our side, which the engine knows only as a call that failed. */
  failure(): unknown
  close(): void
}

type Answer = (asked: Asked, offer: Offer) => Promise<void>

/** Registers what we offer with the engine. It calls us, over the connection that we have opened. */
export async function openSession({ modem }: Docker, offer: Offer, signal?: AbortSignal): Promise<Session> {
  const id = crypto.randomUUID()
  const headers = {
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'gantry',
    'X-Docker-Expose-Session-Sharedkey': offer.key,
    'X-Docker-Expose-Session-Grpc-Method': Object.keys(ANSWERS),
  }
  const { socket } = await modem.hijack({ method: 'POST', path: '/session', headers, ...(signal && { signal }) })
  let failure: unknown
  const { close } = serve(socket, async asked => {
    const answer = ANSWERS[asked.path]
    if (!answer) throw new CallFailed(CODE.unimplemented, `unknown method ${asked.path}`)
    try {
      await answer(asked, offer)
    } catch (error) {
      if (!(error instanceof CallFailed)) failure ??= error
      throw error
    }
  })
  return { id, failure: () => failure, close }
}

/** By the method that BuildKit calls. Source: api/services and session/*.proto of moby/buildkit. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  '/grpc.health.v1.Health/Check': unary(async () => message([[1, 1]])),
  '/moby.filesync.v1.FileSync/DiffCopy': async (asked, { folders }) => {
    const name = asked.header('dir-name')[0] ?? ''
    const folder = folders[name]
    if (!folder) throw new CallFailed(CODE.notFound, `there is no folder "${name}"`)
    await sendFolder(asked, folder)
  },
  '/moby.buildkit.secrets.v1.Secrets/GetSecret': unary(async (request, { secrets }) => {
    const secret = secrets[request.text(1)]
    if (!secret) throw new CallFailed(CODE.notFound, `there is no secret "${request.text(1)}"`)
    return message([[1, await secret()]])
  }),
  '/moby.filesync.v1.Auth/Credentials': unary(async (request, { credentials }) => {
    const host = request.text(1)
    const known = await credentials(host === 'registry-1.docker.io' ? 'https://index.docker.io/v1/' : host)
    // An identity token goes without a name, as docker's own client sends it.
    if (known?.identitytoken) return message([[2, known.identitytoken]])
    return message([
      [1, known?.username],
      [2, known?.password],
    ])
  }),
  '/moby.sshforward.v1.SSH/CheckAgent': unary(async (request, { agents }) => {
    agentOf(request.text(1), agents)
    return message([])
  }),
  '/moby.sshforward.v1.SSH/ForwardAgent': async (asked, { agents }) => {
    // The id comes as metadata where messages are a stream.
    await forward(asked, agentOf(asked.header('buildkit.ssh.id')[0] ?? '', agents))
  },
  ...Object.fromEntries(
    Object.entries(CONTENT).map(([path, answer]): [string, Answer] => [
      path,
      (asked, { stores }) => answer(asked, stores),
    ]),
  ),
}

function unary(answer: (request: Message, offer: Offer) => Promise<Uint8Array>): Answer {
  return async (asked, offer) => {
    let request: Buffer = Buffer.alloc(0)
    // To the end: a stream that is left while it is read cannot be answered any more.
    for await (const bytes of asked.messages) request = bytes
    await asked.send(await answer(read(request), offer))
  }
}

function agentOf(id: string, agents: Offer['agents']): string {
  const socket = agents[id || 'default']
  if (socket === undefined) throw new CallFailed(CODE.notFound, `no SSH agent was given for "${id || 'default'}"`)
  return socket
}

/** Both directions between a step of the build and an agent's socket. */
async function forward(asked: Asked, path: string): Promise<void> {
  const agent = connect(path)
  const told = (async () => {
    for await (const bytes of agent) await asked.send(message([[1, bytes as Buffer]]))
  })()
  told.catch(() => agent.destroy())
  try {
    for await (const bytes of asked.messages) agent.write(read(bytes).bytes(1))
  } finally {
    agent.end()
  }
  await told
}

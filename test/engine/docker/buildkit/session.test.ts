import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Field, message, read } from '../../../../src/base/protobuf.ts'
import { type Offer, openSession } from '../../../../src/engine/docker/buildkit/session.ts'
import type { Docker } from '../../../../src/engine/docker/docker.ts'
import type { Call as ModemCall } from '../../../../src/engine/docker/modem.ts'
import { aFolder } from '../../../kit/folder.ts'
import { aConnection, buildkitSide } from './buildkit-side.ts'

const nothing: Offer = {
  key: 'k',
  folders: {},
  stores: {},
  secrets: {},
  agents: {},
  credentials: async () => undefined,
}

/** A session with an engine that is no more than the other end of a connection. */
async function aSession(offer: Partial<Offer>) {
  const [ours, theirs] = await aConnection()
  const calls: ModemCall[] = []
  const hijack = async (call: ModemCall) => {
    calls.push(call)
    return { socket: ours, contentType: undefined }
  }
  const session = await openSession({ modem: { hijack } } as unknown as Docker, { ...nothing, ...offer })
  const open = buildkitSide(theirs)
  const ask = async (path: string, ...fields: Field[]) => {
    const call = open(path)
    call.send(message(fields))
    call.end()
    const answers = []
    for await (const answer of call.messages) answers.push(read(answer))
    return { answer: answers[0], ended: await call.ended }
  }
  return { session, calls, open, ask }
}

test('the engine is told what it may ask, and for which context', async () => {
  const { calls, session } = await aSession({ key: 'of the context' })
  expect(calls[0]).toMatchObject({
    path: '/session',
    headers: {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': session.id,
      'X-Docker-Expose-Session-Sharedkey': 'of the context',
      'X-Docker-Expose-Session-Grpc-Method': expect.arrayContaining(['/moby.buildkit.secrets.v1.Secrets/GetSecret']),
    },
  })
})

test('a secret is given by its id, and only one that there is', async () => {
  const { ask } = await aSession({ secrets: { token: async () => Buffer.from('hunter2') } })
  const path = '/moby.buildkit.secrets.v1.Secrets/GetSecret'
  expect((await ask(path, [1, 'token'])).answer?.text(1)).toBe('hunter2')
  expect((await ask(path, [1, 'other'])).ended).toEqual(['5', 'there is no secret "other"'])
})

test('credentials are those of the registry; Docker Hub’s go by their own name, and a token by none', async () => {
  const asked: string[] = []
  const { ask } = await aSession({
    async credentials(registry) {
      asked.push(registry)
      if (registry === 'token.example') return { serveraddress: registry, username: '<token>', identitytoken: 'it' }
      return { serveraddress: registry, username: 'me', password: 'it is me' }
    },
  })
  const of = async (host: string) => {
    const { answer } = await ask('/moby.filesync.v1.Auth/Credentials', [1, host])
    return [answer?.text(1), answer?.text(2)]
  }
  expect(await of('registry-1.docker.io')).toEqual(['me', 'it is me'])
  expect(await of('token.example')).toEqual(['', 'it'])
  expect(asked).toEqual(['https://index.docker.io/v1/', 'token.example'])
})

test('what it does not know is not implemented, and that it is there it says', async () => {
  const { ask, session } = await aSession({})
  expect((await ask('/grpc.health.v1.Health/Check')).answer?.number(1)).toBe(1)
  expect((await ask('/moby.filesync.v1.Auth/FetchToken')).ended[0]).toBe('12')
  expect(session.failure()).toBeUndefined()
})

test('a step speaks with the agent of its id in both directions', async () => {
  const socket = join(aFolder(), 'agent')
  const agent = createServer(peer => peer.on('data', data => peer.end(`answer to ${String(data)}`))).listen(socket)
  onTestFinished(() => void agent.close())
  const { ask, open } = await aSession({ agents: { default: socket } })
  expect((await ask('/moby.sshforward.v1.SSH/CheckAgent', [1, 'default'])).ended).toEqual(['0', ''])
  expect((await ask('/moby.sshforward.v1.SSH/CheckAgent', [1, 'other'])).ended[0]).toBe('5')
  const call = open('/moby.sshforward.v1.SSH/ForwardAgent', { 'buildkit.ssh.id': 'default' })
  call.send(message([[1, 'a question']]))
  for await (const bytes of call.messages) {
    expect(read(bytes).text(1)).toBe('answer to a question')
    call.end()
    break
  }
})

test('what goes wrong on our side is kept, since the engine knows only that a call failed', async () => {
  const gone = new Error('the file of the secret is gone')
  const { ask, session } = await aSession({ secrets: { token: () => Promise.reject(gone) } })
  await ask('/moby.buildkit.secrets.v1.Secrets/GetSecret', [1, 'token'])
  expect(session.failure()).toBe(gone)
})

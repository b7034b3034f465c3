import { expect, test } from 'vitest'
import { unreachable } from '../../src/engine/unreachable.ts'

const hintFor = async (host: string, because: string) =>
  (await unreachable([{ host, by: 'DOCKER_HOST', because }])).hint

test('one place is told with its reason, several in rows; the first sentence is the one that scripts look for', async () => {
  const one = { host: 'unix:///x.sock', by: 'DOCKER_HOST', because: 'no such file (ENOENT)' }
  const sentence = 'Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?'
  expect(await unreachable([one])).toMatchObject({
    reason: 'unreachable',
    code: 'engine-unreachable',
    message: `${sentence} unix:///x.sock (DOCKER_HOST): no such file (ENOENT)`,
  })
  const other = { host: 'unix:///y.sock', by: 'rootless', because: 'nothing listens there (ECONNREFUSED)' }
  expect((await unreachable([one, other])).message).toBe(
    `${sentence} Tried:\n  unix:///x.sock (DOCKER_HOST): no such file (ENOENT)\n  unix:///y.sock (rootless): nothing listens there (ECONNREFUSED)`,
  )
})

test.each([
  ['unix:///x.sock', 'no answer within 10 s (ETIMEDOUT)', 'it takes calls and answers none'],
  ['unix:///x.sock', 'nothing listens there (ECONNREFUSED)', 'start the engine'],
  ['unix:///x.sock', 'the engine closed the connection (ECONNRESET)', 'start the engine'],
  ['tcp://h:2376', 'the engine closed the connection (ECONNRESET)', 'it may want TLS'],
  ['tcp://h:2376', 'it answered 400: Client sent an HTTP request to an HTTPS server.', 'it may want TLS'],
  ['tcp://h:2376', 'its TLS says: certificate required', 'it may want TLS'],
  ['tcp://h:2376', 'self-signed certificate in certificate chain', 'give the certificate of whoever signed'],
  ['tcp://nosuch:2375', 'no such host (ENOTFOUND)', 'correct the name of the host'],
  ['ssh://h', 'ssh h: Permission denied (publickey).', 'see whether ssh alone gets there'],
])('%s, %s: what to do follows from why', async (host, because, hint) => {
  expect(await hintFor(host, because)).toMatch(hint)
})

test('a socket that may not be opened has a code of its own, wherever it stands in the list', async () => {
  const error = await unreachable([
    { host: 'unix:///nowhere/x.sock', by: 'default socket', because: 'permission denied (EACCES)' },
    { host: 'unix:///y.sock', by: 'rootless', because: 'no such file (ENOENT)' },
  ])
  expect(error.code).toBe('socket-permission')
  expect(error.hint).toMatch(/^become a member of the group that owns the socket/)
})

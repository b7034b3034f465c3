import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { together } from '../../../src/engine/docker/together.ts'
import { aFolder } from '../../kit/folder.ts'

type Answering = (request: IncomingMessage, response: ServerResponse) => void

/** A server, questions to it, and what came of them: which connection each came over, and which were asked by themselves. */
async function asking(answer: Answering) {
  const path = join(aFolder(), 'socket')
  const server = createServer(answer).listen(path)
  let met = 0
  server.on('connection', () => met++)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const alone: string[] = []
  const { ask, close } = together({
    connect: () => connect({ path }),
    question: asked => `GET ${asked} HTTP/1.1\r\nHost: engine\r\n\r\n`,
    ask: async asked => {
      alone.push(asked)
      return 'alone'
    },
  })
  return { ask, close, alone, connections: () => met }
}

const paths = (n: number) => Array.from({ length: n }, (_, i) => `/things/${i}`)
const json: Answering = ({ url }, response) => void response.end(JSON.stringify({ url }))

test('fifty questions of one moment share four connections, and each has its own answer', async () => {
  const { ask, alone, connections } = await asking(json)
  expect(await Promise.all(paths(50).map(ask))).toEqual(paths(50).map(url => ({ url })))
  expect({ alone, connections: connections() }).toEqual({ alone: [], connections: 4 })
})

test('a few are asked one by one', async () => {
  const { ask, alone, connections } = await asking(json)
  await Promise.all(paths(7).map(ask))
  expect({ alone, connections: connections() }).toEqual({ alone: paths(7), connections: 0 })
})

test('a refusal is of the question that it answers', async () => {
  const { ask, alone } = await asking((request, response) => {
    if (request.url !== '/things/5') return json(request, response)
    response.statusCode = 404
    response.end('{"message":"no such thing"}')
  })
  const answers = await Promise.allSettled(paths(9).map(ask))
  expect(answers.filter(a => a.status === 'rejected')).toMatchObject([
    { reason: { message: 'no such thing', status: 404 } },
  ])
  expect(answers[5]?.status).toBe('rejected')
  expect(alone).toEqual([])
})

test.each<[string, Answering]>([
  ['is cut', ({ socket }) => void socket.destroy()],
  [
    'is cut in the middle of an answer',
    ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'),
  ],
  ['does not say how long an answer is', ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\n\r\n{}')],
])('what is open when a connection %s is asked by itself', async (_, fault) => {
  const { ask, alone } = await asking((request, response) =>
    request.url === '/things/1' ? fault(request, response) : json(request, response),
  )
  const answers = await Promise.all(paths(8).map(ask))
  expect(answers[1]).toBe('alone')
  expect(answers.slice(2)).toEqual(
    paths(8)
      .slice(2)
      .map(url => ({ url })),
  )
  expect(alone.at(-1)).toBe('/things/1')
})

test('what comes after an answer that closes its connection is asked by itself', async () => {
  const { ask, alone } = await asking((request, response) => {
    if (request.url === '/things/2') response.setHeader('Connection', 'close')
    json(request, response)
  })
  expect(await Promise.all(paths(8).map(ask))).toEqual(paths(8).map(url => (url === '/things/3' ? 'alone' : { url })))
  expect(alone).toEqual(['/things/3'])
})

test('what is not answered yet is asked no more once all is closed', async () => {
  const { ask, close, alone } = await asking(() => close())
  const answers = await Promise.allSettled(paths(8).map(ask))
  expect(answers.every(a => a.status === 'rejected' && (a.reason as NodeJS.ErrnoException).code === 'ECONNRESET')).toBe(
    true,
  )
  expect(alone).toEqual([])
})

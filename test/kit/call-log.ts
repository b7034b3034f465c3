import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpoint } from './engine-api.ts'

/** A door to the engine that writes down every call that goes through it. */
export interface CallLog extends AsyncDisposable {
  /** To be given as DOCKER_HOST. */
  readonly host: string
  /** Method and path without query, in order of arrival. */
  readonly calls: readonly string[]
  /** Those that can change something. */
  changes(): readonly string[]
}

export async function logCalls(host: string): Promise<CallLog> {
  const calls: string[] = []
  const folder = await mkdtemp(join(tmpdir(), 'calls-'))
  const socket = join(folder, 'docker.sock')
  const server = createServer((incoming, answer) => {
    calls.push(`${incoming.method} ${new URL(incoming.url!, 'http://engine').pathname}`)
    const { method, url: path, headers } = incoming
    const outgoing = request({ ...endpoint(host), method, path, headers }, reply => {
      answer.writeHead(reply.statusCode!, reply.headers)
      answer.flushHeaders()
      reply.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
  // Attach and exec leave HTTP after the answer's headers: from there on bytes are passed on as they are.
  server.on('upgrade', (incoming, socket, head) => {
    calls.push(`${incoming.method} ${new URL(incoming.url!, 'http://engine').pathname}`)
    const { method, url: path, headers } = incoming
    const outgoing = request({ ...endpoint(host), method, path, headers })
    outgoing.on('upgrade', (reply, engine, first) => {
      const lines = Object.entries(reply.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
      socket.write(`HTTP/1.1 ${reply.statusCode} ${reply.statusMessage}\r\n${lines.join('')}\r\n`)
      if (first.length > 0) socket.write(first)
      engine.pipe(socket).pipe(engine)
      engine.on('error', () => socket.destroy())
      socket.on('error', () => engine.destroy())
    })
    outgoing.on('error', () => socket.destroy())
    outgoing.end(head)
  })
  await new Promise<void>(resolve => server.listen(socket, resolve))
  return {
    host: `unix://${socket}`,
    calls,
    changes: () => calls.filter(call => !/^(GET|HEAD) /.test(call)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

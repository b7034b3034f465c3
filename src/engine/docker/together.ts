import type { Duplex } from 'node:stream'
import { refused, valueOf } from './body.ts'
import { wholeAnswer } from './whole-answer.ts'

export interface Asking {
  connect(): Duplex
  /** What is sent for a path: a GET without a body, as RFC 9112, 9.3.2 has it for questions that do not wait for each other. */
  question(path: string): string
  /** Asks one by itself. */
  ask(path: string): Promise<unknown>
}

export interface Together {
  /** As `ask`. Paths of the same moment share connections. */
  ask(path: string): Promise<unknown>
  close(): void
}

interface Asked {
  readonly path: string
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

/** As many as an engine of two to four cores works at. */
const connections = 4
/** Fewer are asked one by one: connections for them are there. */
const worthwhile = 8

/**
 * Asks many things at once over few connections, none waiting for the answer to the one before: fifty inspections take a third of the time
 * and a quarter of our CPU. What a connection leaves open when it ends, or says in a way that is not understood, is asked by itself.
 */
export function together({ connect, question, ask }: Asking): Together {
  const open = new Set<Duplex>()
  let closed = false
  let gathering: Asked[] = []

  const alone = ({ path, resolve, reject }: Asked) => void ask(path).then(resolve, reject)

  const inOneGo = (asked: readonly Asked[]) => {
    const socket = connect()
    open.add(socket)
    let come: Buffer = Buffer.alloc(0)
    let answered = 0
    const take = (piece: Buffer) => {
      come = come.length > 0 ? Buffer.concat([come, piece]) : piece
      let at = 0
      for (let next = wholeAnswer(come, at); next; next = wholeAnswer(come, at)) {
        const { resolve, reject } = asked[answered++]!
        if (next.status < 400) resolve(valueOf(next.body))
        else reject(refused(next.status, next.body))
        at = next.end
        if (answered === asked.length || !next.goesOn) return void socket.destroy()
      }
      come = come.subarray(at)
    }
    socket.on('data', (piece: Buffer) => {
      try {
        take(piece)
      } catch {
        socket.destroy()
      }
    })
    socket.on('error', () => {}) // asked by itself, it says what is wrong
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      open.delete(socket)
      for (const left of asked.slice(answered))
        if (closed) left.reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }))
        else alone(left)
    })
    socket.write(asked.map(({ path }) => question(path)).join(''), 'latin1')
  }

  const go = () => {
    const asked = gathering
    gathering = []
    if (asked.length < worthwhile) return asked.forEach(alone)
    const each = Math.ceil(asked.length / connections)
    for (let i = 0; i < asked.length; i += each) inOneGo(asked.slice(i, i + each))
  }

  return {
    ask: path =>
      new Promise((resolve, reject) => {
        gathering.push({ path, resolve, reject })
        if (gathering.length === 1) setImmediate(go)
      }),
    close: () => {
      closed = true
      for (const socket of open) socket.destroy()
    },
  }
}

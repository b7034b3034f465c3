import type { Readable } from 'node:stream'
import type { Dechunker } from './chunked.ts'
import { passing } from './swept.ts'

/** Bytes that are read of a connection before anybody asks for them: the engine goes on meanwhile, whose socket holds some 200 lines. */
const most = 1 << 17

/**
 * What a connection brings, read as soon as it comes and handed on in one piece for each time that somebody asks: what is done for each
 * piece on the way costs more than the lines in it. With `chunks` their bytes, and an error where they break off.
 */
export async function* gathered(socket: Readable, chunks?: Dechunker): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let held = 0
  let ended = false
  let failure: Error | undefined
  let changed = Promise.withResolvers<void>()
  const change = () => changed.resolve()
  const take = (piece: Uint8Array) => {
    const bytes = chunks ? chunks.push(piece) : piece
    if (bytes.length > 0) waiting.push(bytes)
    passing(piece.length)
    held += bytes.length
    if (held > most) socket.pause()
  }
  socket
    .on('data', (piece: Buffer) => {
      try {
        take(piece)
      } catch (error) {
        failure = error as Error
      }
      change()
    })
    .on('end', () => {
      ended = true
      change()
    })
    .on('error', (error: Error) => {
      failure = error
      change()
    })
    .on('close', change)
  try {
    for (;;) {
      if (waiting.length > 0) {
        const piece = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting)
        waiting = []
        held = 0
        socket.resume()
        yield piece
      } else if (failure !== undefined) throw failure
      else if (chunks ? chunks.complete : ended) return
      // As node:http says it.
      else if (ended || socket.destroyed)
        throw socket.errored ?? Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
      else {
        await changed.promise
        changed = Promise.withResolvers()
      }
    }
  } finally {
    socket.destroy()
  }
}

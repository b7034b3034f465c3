import type { Readable } from 'node:stream'
import { passing } from '../../base/swept.ts'
import type { Dechunker } from './chunked.ts'
import { type Inlet, inlet } from './inlet.ts'

/** Bytes that are read of a connection before anybody asks for them: the engine goes on meanwhile, whose socket holds some 200 lines. */
const most = 1 << 17

export interface Gathering {
  /** What came together with the answer's head. */
  readonly head?: Uint8Array
  /** The bytes are in chunks; where these break off is an error. */
  readonly chunks?: Dechunker | undefined
  readonly through?: Inlet
}

/**
 * What a connection brings, read as soon as it comes and handed on in one piece for each time that somebody asks: what is done for each
 * piece on the way costs more than the lines in it.
 */
export function gathered(socket: Readable, options: Gathering = {}): AsyncGenerator<Uint8Array> {
  const { head, chunks, through = inlet() } = options
  let room = Buffer.allocUnsafeSlow(most + (1 << 16))
  let held = 0
  let paused = false
  let ended = false
  let failure: Error | undefined
  let changed = Promise.withResolvers<void>()
  const change = () => changed.resolve()
  const keep = (bytes: Uint8Array) => {
    if (held + bytes.length > room.length) {
      const larger = Buffer.allocUnsafeSlow(held + bytes.length)
      room.copy(larger, 0, 0, held)
      room = larger
    }
    room.set(bytes, held)
    held += bytes.length
  }
  const take = (piece: Uint8Array) => {
    try {
      keep(chunks ? chunks.push(piece) : piece)
    } catch (error) {
      failure = error as Error
    }
    if (held > most && !paused) {
      paused = true
      socket.pause()
    }
    change()
  }
  /** All that is held; a copy, since whoever gets it may keep it, and the room is used again. */
  const given = () => {
    const piece = Buffer.from(room.subarray(0, held))
    passing(held)
    held = 0
    if (paused) {
      paused = false
      socket.resume()
    }
    return piece
  }
  async function* pieces() {
    try {
      for (;;) {
        if (held > 0) yield given()
        else if (failure !== undefined) throw failure
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

  socket
    .on('end', () => {
      ended = true
      change()
    })
    .on('error', (error: Error) => {
      failure = error
      change()
    })
    .on('close', change)
  if (head && head.length > 0) take(head)
  through.open(socket, take)
  return pieces()
}

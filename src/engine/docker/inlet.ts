import type { NetConnectOpts, Socket } from 'node:net'
import type { Readable } from 'node:stream'

/** The reading side of one connection. */
export interface Inlet {
  /** Makes the connection, where that is ours to make. */
  connect(to: NetConnectOpts): Socket
  /** From then on what comes goes to `take`. The bytes are lost once it returns. */
  open(socket: Readable, take: (piece: Uint8Array) => void): void
}

/** What connections are read into, one after the other: each piece is dealt with before the next is read. */
let place: Buffer | undefined

/**
 * Reads a connection without a buffer for each read, which Node makes for 64 KB and of which a log's lines fill some hundred bytes: making
 * and collecting them costs as much as all else. Over TLS and ssh, whose sockets are not ours to make, it is read as usual.
 */
export function inlet(): Inlet {
  let own = false
  let taker: ((piece: Uint8Array) => void) | undefined
  return {
    connect(to) {
      own = true
      place ??= Buffer.allocUnsafeSlow(1 << 16)
      const callback = (size: number, bytes: Uint8Array) => {
        const piece = bytes.subarray(0, size)
        if (taker) taker(piece)
        // The answer's head is for node:http, which waits for events that such a socket has not.
        else socket.emit('data', Buffer.from(piece))
        return true
      }
      const socket = process.getBuiltinModule('node:net').connect({ ...to, onread: { buffer: place, callback } })
      return socket
    },
    open(socket, take) {
      taker = take
      if (!own) socket.on('data', take)
    },
  }
}

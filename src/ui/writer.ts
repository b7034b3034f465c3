/** Writes of many small pieces, gathered: one system call for some 64 KB, or for what came until the event loop turns. */
export interface Writer {
  write(piece: string | Uint8Array): void
  /** Undefined while the stream keeps up; else resolves when it does again. */
  ready(): Promise<void> | undefined
  flush(): void
}

const most = 1 << 16

/** `framed` gives what is really written, for whoever has something at the bottom of the same terminal. */
export function writer(
  stream: NodeJS.WriteStream & { readonly fd?: number },
  framed: (bytes: Uint8Array) => Uint8Array = bytes => bytes,
): Writer {
  let room = Buffer.allocUnsafe(most)
  let used = 0
  let scheduled = false
  let full = false
  const send = (bytes: Uint8Array) => {
    full = !stream.write(framed(bytes)) || full
  }
  const flush = () => {
    if (used === 0) return
    send(room.subarray(0, used))
    // What the stream keeps until later is not written over. A descriptor keeps nothing once it has taken all: 30 MB of lines would leave
    // as much behind.
    if (stream.fd === undefined || stream.writableLength > 0) room = Buffer.allocUnsafe(most)
    used = 0
  }
  return {
    write(piece) {
      const length = typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length
      if (length > most - used) flush()
      if (length > most) return send(typeof piece === 'string' ? Buffer.from(piece) : piece)
      if (typeof piece === 'string') room.write(piece, used)
      else room.set(piece, used)
      used += length
      if (scheduled) return
      scheduled = true
      setImmediate(() => {
        scheduled = false
        flush()
      })
    },
    ready() {
      if (!full || !stream.writableNeedDrain) {
        full = false
        return undefined
      }
      return new Promise(resolve => {
        const go = () => {
          full = false
          for (const end of ['drain', 'close', 'error']) stream.off(end, go)
          resolve()
        }
        for (const end of ['drain', 'close', 'error']) stream.on(end, go)
      })
    },
    flush,
  }
}

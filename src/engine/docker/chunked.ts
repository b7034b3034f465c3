const LINE_FEED = 10
const RETURN = 13
const SEMICOLON = 59

/**
 * The bytes of an answer with `Transfer-Encoding: chunked` (RFC 9112, 7.1), as many at once as came at once. The engine makes a chunk
 * of every line of a log, and Node's parser makes a call, a buffer and an event of every chunk: 3 µs a line, where this takes a tenth.
 * The pieces are the caller's to lose: their bytes are moved together in place. Throws where the answer breaks off.
 */
export async function* dechunked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  /** Bytes of the chunk under way that have not come. */
  let left = 0
  let size = 0
  let sized = false
  let extension = false
  for await (const piece of source) {
    let used = 0
    for (let at = 0; at < piece.length; ) {
      if (left > 0) {
        const end = Math.min(at + left, piece.length)
        piece.copyWithin(used, at, end)
        used += end - at
        left -= end - at
        at = end
        continue
      }
      const byte = piece[at++]!
      if (byte === LINE_FEED) {
        // The one behind a chunk's bytes ends no size.
        if (!sized) continue
        if (size === 0) {
          if (used > 0) yield piece.subarray(0, used)
          return
        }
        left = size
        size = 0
        sized = false
        extension = false
      } else if (byte === SEMICOLON) extension = true
      else if (byte !== RETURN && !extension) {
        size = size * 16 + digit(byte)
        sized = true
      }
    }
    if (used > 0) yield piece.subarray(0, used)
  }
  // As node:http says it.
  throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
}

function digit(byte: number): number {
  const value = byte <= 57 ? byte - 48 : (byte | 32) - 87
  if (value >= 0 && value < 16) return value
  throw Object.assign(new Error('a chunk of the answer has no size'), { code: 'HPE_INVALID_CHUNK_SIZE' })
}

/**
 * The same pieces, fetched before they are asked for until more than `most` wait (as `size` counts them): whoever sends them goes on
 * while we are at others'.
 */
export async function* readAhead<T>(
  source: AsyncIterable<T>,
  most: number,
  size: (piece: T) => number,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  const waiting: T[] = []
  let held = 0
  let end: { readonly error?: unknown } | undefined
  let closed = false
  let changed = Promise.withResolvers<void>()
  const change = () => {
    changed.resolve()
    changed = Promise.withResolvers()
  }
  const fetch = async () => {
    try {
      while (!closed) {
        const { done, value } = await iterator.next()
        if (done) break
        waiting.push(value)
        held += size(value)
        change()
        while (held > most && !closed) await changed.promise
      }
      end = {}
    } catch (error) {
      end = { error }
    }
    change()
  }
  void fetch()
  try {
    for (;;) {
      while (waiting.length > 0) {
        const piece = waiting.shift()!
        held -= size(piece)
        change()
        yield piece
      }
      if (end) break
      await changed.promise
    }
    if ('error' in end) throw end.error
  } finally {
    closed = true
    change()
    // Not waited for: a generator that waits for its next piece ends only when that has come.
    if (!end) void iterator.return?.().catch(() => {})
  }
}

import { Readable } from 'node:stream'
import { extract } from 'tar-stream'

/** The owner and the beginning of the first file in an archive; the rest is not read. */
export async function fileHead(
  archive: AsyncIterable<Uint8Array>,
  longest = 4096,
): Promise<{ readonly uid: number; readonly head: string }> {
  const entries = extract()
  const source = Readable.from(archive, { objectMode: false })
  source.on('error', error => entries.destroy(error))
  try {
    for await (const entry of source.pipe(entries)) {
      const pieces: Uint8Array[] = []
      let held = 0
      for await (const piece of entry) {
        pieces.push(piece)
        held += piece.length
        if (held >= longest) break
      }
      return { uid: entry.header.uid ?? 0, head: Buffer.concat(pieces).toString('latin1', 0, Math.min(held, longest)) }
    }
    return { uid: 0, head: '' }
  } finally {
    source.destroy()
    entries.destroy()
  }
}

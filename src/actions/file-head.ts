const block = 512

/** The owner and the beginning of the first file in a tar archive; the rest is not read. */
export async function fileHead(
  archive: AsyncIterable<Uint8Array>,
  longest = 4096,
): Promise<{ readonly uid: number; readonly head: string }> {
  let held = Buffer.alloc(0)
  let begin = 0
  for await (const piece of archive) {
    held = Buffer.concat([held, piece])
    for (;;) {
      const header = headerAt(held, begin)
      if (!header) break
      const content = begin + block
      // "x" and "g" tell more of what follows (pax); what follows is the file.
      if (header.type === 'x' || header.type === 'g') {
        begin = content + Math.ceil(header.size / block) * block
        continue
      }
      const size = Math.min(header.size, longest)
      if (held.length >= content + size)
        return { uid: header.uid, head: held.toString('latin1', content, content + size) }
      break
    }
  }
  return { uid: 0, head: '' }
}

function headerAt(
  bytes: Buffer,
  at: number,
): { readonly type: string; readonly size: number; readonly uid: number } | undefined {
  if (bytes.length < at + block) return undefined
  const octal = (from: number, length: number) =>
    Number.parseInt(bytes.toString('latin1', at + from, at + from + length), 8) || 0
  return { uid: octal(108, 7), size: octal(124, 11), type: String.fromCharCode(bytes[at + 156]!) }
}

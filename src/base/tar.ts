/** One thing in an archive. Paths are relative with "/" between; sizes are bytes. */
export type TarEntry = TarMeta &
  (
    | { readonly type: 'file'; readonly size: number; readonly content: AsyncIterable<Uint8Array> }
    | { readonly type: 'file'; readonly content: Uint8Array }
    | { readonly type: 'directory' | 'fifo' }
    /** Of a type that no reader knows: refused, after what is in its way was taken away where a reader does that first. */
    | { readonly type: 'unknown' }
    | { readonly type: 'symlink'; readonly target: string }
    /** Another name of a file that stands before it in the archive. */
    | { readonly type: 'link'; readonly target: string }
  )

interface TarMeta {
  readonly path: string
  /** Permission bits, those for set-id and sticky included. */
  readonly mode: number
  /** Milliseconds since the epoch; 0 without it. */
  readonly mtime?: number
  readonly uid?: number
  readonly gid?: number
}

const BLOCK = 512
const CHUNK = 65_536

/**
 * An archive as it is read, in pieces of about 64 KiB and never whole in memory (those of contents that are as large come through
 * uncopied, before the next is asked for): POSIX ustar, with pax records for what
 * does not fit. Throws where a file does not have the size that was told.
 */
export async function* tar(entries: Iterable<TarEntry> | AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const piece of pieces(entries)) {
    if (piece.length >= CHUNK) {
      // Large as it is: copying it would only make more to be collected.
      if (size > 0) yield Buffer.concat(held)
      held = []
      size = 0
      yield piece
      continue
    }
    held.push(piece)
    size += piece.length
    if (size < CHUNK) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  yield Buffer.concat([...held, new Uint8Array(2 * BLOCK)])
}

async function* pieces(entries: Iterable<TarEntry> | AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    yield* head(entry)
    if (entry.type !== 'file') continue
    const size = sizeOf(entry)
    let sent = 0
    for await (const bytes of entry.content instanceof Uint8Array ? [entry.content] : entry.content) {
      sent += bytes.length
      if (sent > size) break
      yield bytes
    }
    if (sent !== size) throw new Error(`"${entry.path}" changed while it was read`)
    yield padding(size)
  }
}

/** The entry's header, after a pax record where a field is too long or not ASCII. */
function* head(entry: TarEntry): Generator<Uint8Array> {
  const path = entry.type === 'directory' && !entry.path.endsWith('/') ? `${entry.path}/` : entry.path
  const target = entry.type === 'symlink' || entry.type === 'link' ? entry.target : ''
  const split = splitPath(path)
  const records: Record<string, string> = {}
  if (!split) records.path = path
  if (!fits(target, 100)) records.linkpath = target
  if (sizeOf(entry) > 0o77777777777) records.size = String(sizeOf(entry))
  if (Object.keys(records).length > 0) {
    const body = Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)))
    yield header({ name: 'PaxHeaders/entry', prefix: '', target: '', type: 'x', size: body.length, mode: 0o644 })
    yield body
    yield padding(body.length)
  }
  const { name, prefix } = split ?? { name: ascii(path).slice(0, 100), prefix: '' }
  yield header({
    name,
    prefix,
    target: ascii(target).slice(0, 100),
    type: { file: '0', link: '1', symlink: '2', directory: '5', fifo: '6', unknown: 'Z' }[entry.type],
    size: Math.min(sizeOf(entry), 0o77777777777),
    mode: entry.mode & 0o7777,
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    mtime: Math.max(0, Math.floor((entry.mtime ?? 0) / 1000)),
  })
}

interface Header {
  readonly name: string
  readonly prefix: string
  readonly target: string
  readonly type: string
  readonly size: number
  readonly mode: number
  readonly uid?: number
  readonly gid?: number
  readonly mtime?: number
}

function header({ name, prefix, target, type, size, mode, uid = 0, gid = 0, mtime = 0 }: Header): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  block.write(name, 0, 'latin1')
  octal(mode, 100, 8)
  octal(uid, 108, 8)
  octal(gid, 116, 8)
  octal(size, 124, 12)
  octal(mtime, 136, 12)
  block.fill(' ', 148, 156)
  block.write(type, 156, 'latin1')
  block.write(target, 157, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  block.write(prefix, 345, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** A path over the two fields that ustar has for it; undefined where it does not fit. */
function splitPath(path: string): { name: string; prefix: string } | undefined {
  if (fits(path, 100)) return { name: path, prefix: '' }
  if (!isAscii(path)) return undefined
  for (let at = path.indexOf('/'); at >= 0 && at <= 155; at = path.indexOf('/', at + 1)) {
    const name = path.slice(at + 1)
    if (at > 0 && name.length > 0 && name.length <= 100) return { name, prefix: path.slice(0, at) }
  }
  return undefined
}

/** "LENGTH key=value\n", where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + String(rest).length
  if (rest + String(length).length !== length) length = rest + String(length).length
  return Buffer.from(`${length} ${key}=${value}\n`)
}

function sizeOf(entry: TarEntry): number {
  if (entry.type !== 'file') return 0
  return 'size' in entry ? entry.size : entry.content.length
}

function padding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)
}

function fits(text: string, length: number): boolean {
  return text.length <= length && isAscii(text)
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

/** What old readers are shown of a name that pax carries. */
function ascii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '_')
}

/** A field to be written: its number and its value; undefined leaves it out. Texts, bytes and messages are written alike. */
export type Field = readonly [number: number, value: string | Uint8Array | number | bigint | boolean | undefined]

/** A message in protobuf's wire format: as much of it as BuildKit speaks (varints and lengths). Numbers are whole and not negative. */
export function message(fields: readonly Field[]): Buffer {
  const pieces: Uint8Array[] = []
  for (const [number, value] of fields) {
    if (value === undefined) continue
    if (typeof value === 'string' || value instanceof Uint8Array) {
      const bytes = typeof value === 'string' ? Buffer.from(value) : value
      pieces.push(varint(number * 8 + 2), varint(bytes.length), bytes)
    } else pieces.push(varint(number * 8), varint(Number.isInteger(value) ? (value as number) : BigInt(value)))
  }
  return Buffer.concat(pieces)
}

/** The beginning of a field of bytes whose content follows: the last field of a message that is too large to be copied. */
export function opening(number: number, length: number): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(length)])
}

/** A map of texts, bytes or messages: each entry a message of its own. */
export function entries(number: number, map: Readonly<Record<string, string | Uint8Array>>): Field[] {
  const fields: Field[] = []
  for (const [key, value] of Object.entries(map)) {
    const entry: Field[] = [
      [1, key],
      [2, value],
    ]
    fields.push([number, message(entry)])
  }
  return fields
}

/** A message that was read. What is not there reads as empty, as protobuf has it. */
export interface Message {
  has(number: number): boolean
  text(number: number): string
  bytes(number: number): Buffer
  /** Exact up to 2^53. */
  number(number: number): number
  /** Every occurrence of a repeated field of texts, bytes or messages. */
  all(number: number): readonly Buffer[]
}

/** Throws where the bytes are no message. */
export function read(bytes: Uint8Array): Message {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields = new Map<number, (Buffer | number)[]>()
  let at = 0
  const number = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = buffer[at++]
      if (byte === undefined || factor > 2 ** 63) throw new Error('a message ends within a number')
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  const take = (length: number): Buffer => {
    if (at + length > buffer.length) throw new Error('a message ends within a field')
    at += length
    return buffer.subarray(at - length, at)
  }
  while (at < buffer.length) {
    const tag = number()
    const kind = tag % 8
    if (kind === 3 || kind === 4 || kind > 5) throw new Error(`a message has a field of the unknown kind ${kind}`)
    const value = kind === 0 ? number() : take(kind === 1 ? 8 : kind === 5 ? 4 : number())
    const key = Math.floor(tag / 8)
    const known = fields.get(key)
    if (known) known.push(value)
    else fields.set(key, [value])
  }
  const last = (key: number) => fields.get(key)?.at(-1)
  const lastBytes = (key: number) => {
    const value = last(key)
    return value instanceof Buffer ? value : Buffer.alloc(0)
  }
  return {
    has: key => fields.has(key),
    bytes: lastBytes,
    text: key => lastBytes(key).toString('utf8'),
    number: key => {
      const value = last(key)
      return typeof value === 'number' ? value : 0
    },
    all: key => (fields.get(key) ?? []).flatMap(value => (value instanceof Buffer ? [value] : [])),
  }
}

/** Seven bits a byte, the lowest first. */
function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = []
  if (typeof value === 'bigint') {
    for (; value > 127n; value >>= 7n) bytes.push(Number(value & 127n) | 128)
    bytes.push(Number(value))
  } else {
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128)
    bytes.push(value)
  }
  return Uint8Array.from(bytes)
}

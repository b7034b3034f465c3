import type { EventMessage } from '@docker/node-sdk'
import type { EngineEvent, LogChunk } from '../engine.ts'
import { EngineError } from '../errors.ts'

const HEADER = 8

/** One message of a container, as its log keeps it: mostly a line. */
export interface Frame {
  readonly stream: LogChunk['stream']
  readonly bytes: Buffer
}

/** The frames of the engine's multiplexed stream, those that arrive together in one list. */
export async function* frames(source: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Frame[]> {
  let rest: Buffer | undefined
  for await (const piece of source) {
    const next = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const chunk = rest ? Buffer.concat([rest, next]) : next
    const batch: Frame[] = []
    let at = 0
    while (chunk.length - at >= HEADER) {
      const size = chunk.readUInt32BE(at + 4)
      if (chunk.length - at - HEADER < size) break
      const bytes = chunk.subarray(at + HEADER, at + HEADER + size)
      batch.push({ stream: chunk[at] === 2 ? 'stderr' : 'stdout', bytes })
      at += HEADER + size
    }
    rest = at < chunk.length ? chunk.subarray(at) : undefined
    if (batch.length > 0) yield batch
  }
}

/**
 * Container output, in the pieces in which it arrives and without waiting for whole messages. Short ones that arrive together are
 * handed on together, so that 200 000 short lines are some hundreds of chunks; they are moved together in place, so the pieces are
 * the caller's to lose.
 */
export async function* demultiplexed(source: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk> {
  const header = Buffer.alloc(HEADER)
  /** How much of the header is there, and how much of the message is not. */
  let known = 0
  let left = 0
  let stream: LogChunk['stream'] = 'stdout'
  for await (const piece of source) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    let of: LogChunk['stream'] = stream
    let begin = 0
    let end = 0
    for (let at = 0; at < chunk.length; ) {
      if (left === 0) {
        const part = Math.min(HEADER - known, chunk.length - at)
        for (let i = 0; i < part; i++) header[known + i] = chunk[at + i]!
        known += part
        at += part
        if (known < HEADER) break
        known = 0
        left = header.readUInt32BE(4)
        stream = header[0] === 2 ? 'stderr' : 'stdout'
        continue
      }
      const size = Math.min(left, chunk.length - at)
      // What is long is not worth moving.
      if (end > begin && (stream !== of || size > LONG)) {
        yield { stream: of, bytes: chunk.subarray(begin, end) }
        end = begin
      }
      if (end > begin) chunk.copyWithin(end, at, at + size)
      else begin = end = at
      of = stream
      end += size
      at += size
      left -= size
    }
    if (end > begin) yield { stream: of, bytes: chunk.subarray(begin, end) }
  }
}

const LONG = 8192

/** Frames of one stream that follow each other, as one chunk. */
export function* together(batch: readonly Frame[]): Generator<LogChunk> {
  let run: Buffer[] = []
  for (const [i, { stream, bytes }] of batch.entries()) {
    run.push(bytes)
    if (batch[i + 1]?.stream === stream) continue
    yield { stream, bytes: run.length === 1 ? bytes : Buffer.concat(run) }
    run = []
  }
}

/** Output of a container with a terminal: one stream, as it comes. */
export async function* raw(source: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk> {
  for await (const bytes of source) yield { stream: 'stdout', bytes }
}

/** JSON values, one after the other; lines and characters may be cut anywhere. Throws EngineError `failed` for what is no JSON. */
export async function* jsonLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  // Lines that come in many pieces (a build's, of megabytes) are put together once.
  let pieces: string[] = []
  for await (const bytes of source) {
    const lines = decoder.decode(bytes, { stream: true }).split('\n')
    for (const line of lines.slice(0, -1)) {
      const whole = pieces.length > 0 ? pieces.join('') + line : line
      pieces = []
      if (whole.trim() !== '') yield parsed(whole)
    }
    if (lines.at(-1) !== '') pieces.push(lines.at(-1)!)
  }
  const last = pieces.join('') + decoder.decode()
  if (last.trim() !== '') yield parsed(last)
}

/** For Podman's (4.3.1). */
const DOCKERS_WORD: Readonly<Record<string, string>> = { died: 'die', remove: 'destroy', exec: 'exec_start' }

/** What happened, in our words; `health_status: healthy` and `exec_create: sh` are an action and its detail. */
export function engineEvent(message: EventMessage): EngineEvent {
  const attributes = message.Actor?.Attributes ?? {}
  const [action = '', ...detail] = (message.Action ?? '').split(': ')
  // Podman's word for the code (4.3.1).
  const exitCode = attributes.exitCode ?? attributes.containerExitCode
  return {
    id: message.Actor?.ID ?? '',
    name: attributes.name ?? '',
    action: DOCKERS_WORD[action] ?? action,
    detail: detail.join(': '),
    time: message.timeNano ? message.timeNano / 1e6 : (message.time ?? 0) * 1000,
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
    attributes,
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new EngineError('failed', `the engine answered "${line.slice(0, 80)}" where JSON was expected`, { cause })
  }
}

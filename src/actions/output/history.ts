import { passing } from '../../base/swept.ts'
import type { LogChunk, LogOptions } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import type { Emit, LogEvent } from '../event.ts'
import type { Member } from '../members.ts'
import { gone } from '../steady.ts'
import { readingAhead } from './ahead.ts'
import { compareStamps, lineCutter, lineEnd, lineOf, type StampedLine, timed } from './lines.ts'
import type { Telling } from './stream.ts'

/** Bytes that are read of all logs together before their turn has come. */
const most = 8 << 20

/** One container's lines without times: the engine has less to write and we less to read. */
export async function plainly(
  member: Member,
  range: LogOptions,
  { engine, emit, signal, ready }: Telling,
): Promise<void> {
  const cutter = (stream: 'stdout' | 'stderr') =>
    lineCutter(line => emit({ type: 'log', container: member.label, service: member.service, stream, line }))
  const cutters = { stdout: cutter('stdout'), stderr: cutter('stderr') }
  try {
    for await (const { stream, bytes } of engine.logs(member.id, { ...range, signal })) {
      cutters[stream].push(bytes)
      passing(bytes.length, 'major')
      await ready?.()
    }
  } catch (error) {
    unreadable(member, error, emit)
  }
  cutters.stdout.end()
  cutters.stderr.end()
}

/** Lines of many containers in the order in which they were printed: of all that come next, the earliest. */
export async function merged(
  members: readonly Member[],
  range: LogOptions,
  telling: Telling,
  { times }: { readonly times: boolean },
): Promise<void> {
  const { emit, ready } = telling
  const ahead = readingAhead(most)
  const sources = members.map(member => source(member, range, telling, ahead))
  const open = (await Promise.all(sources.map(async s => ((await s.fill()) ? [s] : [])))).flat()
  while (open.length > 0) {
    let first = 0
    for (let i = 1; i < open.length; i++) if (compareStamps(open[i]!.head, open[first]!.head) < 0) first = i
    const from = open[first]!
    // It goes on as long as it stays the earliest, so that two quiet neighbours are not asked for every line.
    let next: StampedLine | undefined
    for (const { head } of open)
      if (head !== from.head && (next === undefined || compareStamps(head, next) < 0)) next = head
    let more = true
    while (more && (next === undefined || compareStamps(from.head, next) <= 0)) {
      emit(from.told(times))
      more = from.advance()
    }
    await ready?.()
    if (!more && !(await from.fill())) open.splice(first, 1)
  }
}

/** One container's lines, each with its time; nothing is made of a line before it is told. */
function source(
  member: Member,
  range: LogOptions,
  { engine, emit, signal }: Telling,
  ahead: ReturnType<typeof readingAhead>,
) {
  const whose = { type: 'log', container: member.label, service: member.service } as const
  const pieces = ahead(engine.logs(member.id, { ...range, timestamps: true, signal }))
  let piece: Buffer = Buffer.alloc(0)
  let at = 0
  let stream: LogChunk['stream'] = 'stdout'
  const head = { bytes: piece, from: 0, to: 0 }
  /** What has come of a line whose end has not. */
  const kept: Record<LogChunk['stream'], Buffer[]> = { stdout: [], stderr: [] }

  const set = (bytes: Buffer, from: number, to: number) => {
    head.bytes = bytes
    head.from = from
    head.to = to
  }
  const setWhole = (end: Buffer) => {
    const bytes = Buffer.concat([...kept[stream], end])
    kept[stream] = []
    set(bytes, 0, bytes.length)
  }
  /** Whether there is another line in the piece. */
  const advance = (): boolean => {
    const end = piece.indexOf(lineEnd, at)
    if (end < 0) {
      if (at < piece.length) kept[stream].push(piece.subarray(at))
      return false
    }
    if (kept[stream].length > 0) setWhole(piece.subarray(at, end))
    else set(piece, at, end)
    at = end + 1
    return true
  }
  return {
    head: head as StampedLine,
    advance,
    told(times: boolean): LogEvent {
      const { type, container, service } = whose
      if (!times) return { type, container, service, stream, line: lineOf(head) }
      return { ...whose, stream, ...timed(head.bytes.subarray(head.from, head.to)) }
    },
    /** Whether there is another line in what comes. */
    async fill(): Promise<boolean> {
      for (;;) {
        const next = await pieces.next().catch((error: unknown) => {
          unreadable(member, error, emit)
          return { done: true as const, value: undefined }
        })
        if (next.done) break
        const { bytes } = next.value
        stream = next.value.stream
        piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
        at = 0
        if (advance()) return true
      }
      // A last line counts even when nothing ended it.
      const unended = (['stdout', 'stderr'] as const).find(which => kept[which].length > 0)
      if (unended === undefined) return false
      stream = unended
      piece = Buffer.alloc(0)
      setWhole(piece)
      return true
    },
  }
}

/** A log driver that cannot be read, or a container that has gone meanwhile, does not end the others' output. */
export function unreadable({ name }: Pick<Member, 'name'>, error: unknown, emit: Emit): void {
  if (gone(error)) return
  if (!isEngineError(error, 'unsupported', 'invalid')) throw error
  emit({
    type: 'problem',
    problem: {
      code: 'logs-unreadable',
      severity: 'warning',
      message: `the output of ${name} cannot be read: ${error.message}`,
    },
  })
}

import type { LogOptions } from '../engine/engine.ts'
import { isEngineError } from '../engine/errors.ts'
import type { Emit, LogEvent } from './event.ts'
import { compareTimes, lineCutter, timed } from './lines.ts'
import type { Member } from './members.ts'
import { gone } from './steady.ts'
import type { Telling } from './stream.ts'

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
      await ready?.()
    }
  } catch (error) {
    unreadable(member, error, emit)
  }
  cutters.stdout.end()
  cutters.stderr.end()
}

/** Lines of many containers in the order in which they were printed: of all that come next, the earliest. */
export async function merged(members: readonly Member[], range: LogOptions, telling: Telling): Promise<void> {
  const { emit, ready } = telling
  const sources = members.map(member => source(member, range, telling))
  const open = (await Promise.all(sources.map(async s => ((await s.fill()) ? [s] : [])))).flat()
  while (open.length > 0) {
    let first = 0
    for (let i = 1; i < open.length; i++)
      if (compareTimes(open[i]!.head().time, open[first]!.head().time) < 0) first = i
    const from = open[first]!
    // It goes on as long as it stays the earliest, so that two quiet neighbours are not asked for every line.
    const next = open.reduce<string | undefined>(
      (least, s) =>
        s !== from && (least === undefined || compareTimes(s.head().time, least) < 0) ? s.head().time : least,
      undefined,
    )
    while (from.has() && (next === undefined || compareTimes(from.head().time, next) <= 0)) emit(from.take())
    await ready?.()
    if (!from.has() && !(await from.fill())) open.splice(first, 1)
  }
}

type Timed = LogEvent & { readonly time: string }

/** One container's lines, fetched as they are wanted. */
function source(member: Member, range: LogOptions, { engine, emit, signal }: Telling) {
  let lines: Timed[] = []
  let at = 0
  const cutter = (stream: 'stdout' | 'stderr') =>
    lineCutter(bytes =>
      lines.push({ type: 'log', container: member.label, service: member.service, stream, ...timed(bytes) }),
    )
  const cutters = { stdout: cutter('stdout'), stderr: cutter('stderr') }
  const pieces = engine.logs(member.id, { ...range, timestamps: true, signal })[Symbol.asyncIterator]()
  let ended = false
  return {
    head: () => lines[at]!,
    has: () => at < lines.length,
    take: () => lines[at++]!,
    /** Whether there is another line. */
    async fill(): Promise<boolean> {
      lines = []
      at = 0
      while (lines.length === 0 && !ended) {
        const next = await pieces.next().catch((error: unknown) => {
          unreadable(member, error, emit)
          return { done: true as const, value: undefined }
        })
        if (!next.done) cutters[next.value.stream].push(next.value.bytes)
        else {
          ended = true
          cutters.stdout.end()
          cutters.stderr.end()
        }
      }
      return lines.length > 0
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

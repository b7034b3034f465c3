/**
 * Cuts a container's stream into lines, without their line ends. Pieces may end anywhere; what stands after the last line end is
 * kept until more comes, and `end` gives it: a last line counts even when nothing ended it.
 */
export function lineCutter(line: (bytes: Uint8Array) => void): { push(bytes: Uint8Array): void; end(): void } {
  let kept: Uint8Array[] = []
  return {
    push(piece) {
      // Buffer's search is memchr; Uint8Array's is not.
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      let from = 0
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
        const end = bytes.subarray(from, at)
        line(kept.length === 0 ? end : Buffer.concat([...kept, end]))
        kept = []
        from = at + 1
      }
      if (from < bytes.length) kept.push(bytes.subarray(from))
    },
    end() {
      if (kept.length > 0) line(Buffer.concat(kept))
      kept = []
    },
  }
}

/** A line as the engine gives it when it is asked for times: RFC 3339, a blank, then what the container printed. */
export interface TimedLine {
  readonly time: string
  readonly line: Uint8Array
}

/**
 * Takes the time off. The engine keeps long lines in parts of 16 KiB and puts a time before each, so those within the line go
 * as well (moby's json-file and local drivers, `defaultBufSize`).
 */
export function timed(bytes: Uint8Array): TimedLine {
  const blank = bytes.subarray(0, longestTime).indexOf(0x20)
  if (blank < 0) return { time: '', line: bytes }
  const time = Buffer.from(bytes.buffer, bytes.byteOffset, blank).toString('latin1')
  const line = bytes.subarray(blank + 1)
  return { time, line: line.length > part ? joined(line) : line }
}

const longestTime = 40
const part = 16384

function joined(line: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let rest = line
  while (rest.length > part) {
    parts.push(rest.subarray(0, part))
    rest = rest.subarray(part)
    const head = Buffer.from(rest.subarray(0, longestTime)).toString('latin1')
    const stamp = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) /.exec(head)?.[0]
    if (stamp) rest = rest.subarray(stamp.length)
  }
  return Buffer.concat([...parts, rest])
}

/** Which of two times of the engine is earlier, to the nanosecond. Docker writes them all alike; Podman in local time and shortened. */
export function compareTimes(a: string, b: string): number {
  if (a.length === b.length && a.endsWith('Z') && b.endsWith('Z')) return a < b ? -1 : a > b ? 1 : 0
  const [first, second] = [instant(a), instant(b)]
  return first.milliseconds - second.milliseconds || (first.rest < second.rest ? -1 : first.rest > second.rest ? 1 : 0)
}

function instant(time: string): { readonly milliseconds: number; readonly rest: string } {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? ''
  return { milliseconds: Date.parse(time) || 0, rest: fraction.slice(3).padEnd(6, '0') }
}

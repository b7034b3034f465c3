import type { FollowingEvent, LogEvent, StatusEvent, WatchEnabledEvent, WatchEvent } from '../actions/event.ts'
import { codeWords } from '../base/exit-code.ts'
import { clean, cleanLog } from './clean.ts'
import type { Colour, Paint } from './paint.ts'
import { watchText } from './watching.ts'
import type { Writer } from './writer.ts'

export interface LogStyle {
  readonly paint: Paint
  /** Names before the lines. */
  readonly names: boolean
  readonly timestamps: boolean
  /** To a terminal: take out what would move its cursor. Into a pipe or file every byte passes. */
  readonly terminal: boolean
  /** Says whom it follows, as attached `up` does. */
  readonly announce: boolean
  /** An object a line instead, for programs. */
  readonly json?: boolean
}

const lineEnd = Buffer.from('\n')

/** In the order in which containers get them, as docker compose has it. */
const colours: readonly Colour[] = [
  'cyan',
  'yellow',
  'green',
  'magenta',
  'blue',
  'brightCyan',
  'brightYellow',
  'brightGreen',
  'brightMagenta',
  'brightBlue',
]

/** Writes lines of containers with who said them: `web-1  | listening`. `errors` is where a container's standard error goes. */
export function logs(
  out: Writer,
  errors: Writer,
  style: LogStyle,
): (event: LogEvent | StatusEvent | FollowingEvent | WatchEvent | WatchEnabledEvent) => void {
  const { paint, names, timestamps, terminal, announce } = style
  const colour = new Map<string, Colour>()
  const prefixes = new Map<string, Buffer>()
  let widest = 0

  const meet = (container: string) => {
    if (colour.has(container)) return
    colour.set(container, colours[colour.size % colours.length]!)
    if (container.length <= widest) return
    widest = container.length
    prefixes.clear()
  }
  const prefix = (container: string) => {
    let known = prefixes.get(container)
    if (known === undefined) {
      meet(container)
      known = Buffer.from(paint(colour.get(container)!, `${clean(container).padEnd(widest + 1)} | `))
      prefixes.set(container, known)
    }
    return known
  }

  if (style.json)
    return event => {
      if (event.type === 'log' || event.type === 'status') out.write(`${JSON.stringify(objectOf(event))}\n`)
    }

  return event => {
    switch (event.type) {
      case 'following':
        event.containers.forEach(meet)
        if (announce) out.write(`Attaching to ${event.containers.map(clean).join(', ')}\n`)
        return
      case 'log': {
        const to = event.stream === 'stderr' ? errors : out
        if (to !== out) out.flush()
        else if (errors !== out) errors.flush()
        if (names) to.write(prefix(event.container))
        if (timestamps && event.time !== undefined) to.write(`${event.time} `)
        to.write(
          terminal ? cleanLog(Buffer.from(event.line.buffer, event.line.byteOffset, event.line.length)) : event.line,
        )
        to.write(lineEnd)
        return
      }
      case 'status': {
        errors.flush()
        out.write(`${statusText(event)}\n`)
        return
      }
      case 'watched':
      case 'watch-enabled': {
        errors.flush()
        // Among lines of containers it has a mark of its own.
        if (announce) out.write(paint('brightGreen', '⦿ '))
        out.write(`${watchText(event)}\n`)
        out.flush()
      }
    }
  }
}

/** A line's bytes that are no UTF-8 become U+FFFD: JSON has no bytes. */
function objectOf(event: LogEvent | StatusEvent): object {
  if (event.type !== 'log') return event
  const { container, service, stream, time, line } = event
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8')
  return { type: 'log', container, service, stream, ...(time !== undefined && { time }), line: text }
}

function statusText({ container, state, exitCode: code = 0, outOfMemory, slow }: StatusEvent): string {
  const name = clean(container)
  switch (state) {
    case 'exited':
      return `${name} exited with code ${codeWords(code, outOfMemory)}`
    case 'restarting':
      return `${name} exited with code ${codeWords(code, outOfMemory)} (restarting)`
    case 'recreated':
      return `${name} has been recreated`
    case 'attached':
      return `${name} is followed`
    case 'stopping':
      if (!slow) return `${name} is being stopped`
      return slow.ignored
        ? `${name}: its first process ignores ${clean(slow.signal)}, and is killed in ${seconds(slow.left)} ("init: true" makes it listen)`
        : `${name} has not ended since ${clean(slow.signal)}, and is killed in ${seconds(slow.left)}`
  }
}

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)}s`

import { type Dashboard, holds, type LogLine, servicesOf, shownLines } from '../../actions/dashboard/dashboard.ts'
import { clean } from '../clean.ts'
import type { Colour, Paint } from '../paint.ts'
import { fit, width } from '../width.ts'
import type { Size } from './services.ts'
import { cell, wrap } from './wrap.ts'

const colours: readonly Colour[] = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'brightCyan', 'brightYellow']

/** What the logs show, in words: of whom, which lines, and whether they are followed. */
export function logTitle({ logs, selected }: Dashboard): string {
  const parts = [
    `logs of ${logs.merged ? 'all' : clean(selected ?? 'nothing')}`,
    ...(logs.filter ? [`only lines with "${clean(logs.filter)}" (Esc shows all)`] : []),
    ...(logs.search ? [`search "${clean(logs.search)}"`] : []),
    logs.follow ? 'following' : logs.back > 0 ? `${logs.back} lines below, f follows` : 'not following, f follows',
  ]
  return parts.join(' · ')
}

/** The lines that fit, newest at the bottom; `whole` shows long ones in several rows instead of cutting them. */
export function logLines(state: Dashboard, { columns, rows }: Size, paint: Paint, whole: boolean): readonly string[] {
  const { logs } = state
  const all = shownLines(state)
  const lines = all.slice(0, all.length - logs.back).slice(-rows)
  const labelled = Math.min(20, Math.max(0, ...lines.map(line => width(clean(line.container)))))
  const names = servicesOf(state)
  const room = Math.max(10, columns - labelled - 4)
  const drawn: string[] = []
  for (const line of lines.toReversed()) {
    if (drawn.length >= rows) break
    const text = clean(line.text)
    const pieces = whole ? wrap(text, room) : [fit(text, room)]
    drawn.unshift(...pieces.map((piece, i) => rowOf(line, piece, i === 0)))
  }
  if (drawn.length === 0) drawn.push(paint('dim', fit(emptyText(state), columns)))
  return drawn.slice(-rows)

  function rowOf(line: LogLine, piece: string, first: boolean): string {
    const colour = colours[Math.max(0, names.indexOf(line.service)) % colours.length]!
    const found = first && logs.search !== '' && holds(line, logs.search)
    const label = cell(first ? clean(line.container) : '', labelled)
    const text = found ? paint('bold', piece) : piece
    return `${found ? '*' : ' '}${paint(colour, label)} | ${text}`.trimEnd()
  }
}

function emptyText({ logs, selected }: Dashboard): string {
  if (logs.filter) return ` no line holds "${clean(logs.filter)}"`
  return logs.merged ? ' nothing was printed yet' : ` ${clean(selected ?? '')} has printed nothing yet`
}

import { hidden } from '../model/hidden.ts'
import { frame } from '../text/frame.ts'
import { type Problem, problemJson } from '../text/problem.ts'
import { position, type Span } from '../text/source.ts'
import { clean, cleanLines } from './clean.ts'
import type { Paint } from './paint.ts'
import { count } from './words.ts'

/** One problem: place first, so that editors and terminals link it, then the lines around it, then what to do. */
export function problemText(problem: Problem, paint: Paint): string {
  const { severity, at, hint, notes = [] } = problem
  const kind = severity === 'error' ? '' : paint('yellow', `${severity}: `)
  const place = at ? `${paint('bold', placeOf(at))}: ` : ''
  const out = [`${place}${kind}${cleanLines(problem.message).join('\n')}`]
  // A warning is not what the user came for, so it takes few lines.
  if (at && severity === 'error') out.push(shown(at, paint))
  for (const note of notes) {
    out.push(`${placeOf(note.at)}: ${clean(note.message)}`)
    if (severity === 'error') out.push(shown(note.at, paint))
  }
  if (hint !== undefined) out.push(`  ${paint('cyan', 'hint:')} ${clean(hint)}`)
  return `${out.join('\n')}\n`
}

/** All problems, errors last so that they stay on the screen, and how many there are where there is more than one. */
export function problemsText(problems: readonly Problem[], paint: Paint): string {
  const errors = problems.filter(p => p.severity === 'error')
  const sorted = [...problems.filter(p => p.severity !== 'error'), ...errors]
  const total = errors.length > 1 ? `${count(errors.length, 'error')}; nothing was touched\n` : ''
  return sorted.map(problem => problemText(problem, paint)).join('') + total
}

/** An error as `--progress json` tells it. */
export function errorJson(problem: Problem): string {
  return `${JSON.stringify({ error: true, ...problemJson(problem) })}\n`
}

/** A warning as `--progress json` tells it. */
export function warningJson(problem: Problem): string {
  return `${JSON.stringify({ level: problem.severity, msg: problem.message, ...problemJson(problem) })}\n`
}

/** `compose.yaml:14:5`. */
export function placeOf(at: Span): string {
  const { line, column } = position(at)
  return `${clean(at.source.name)}:${line}:${column}`
}

function shown(at: Span, paint: Paint): string {
  return frame(at, 1, hidden)
    .split('\n')
    .map(line => (/^ +\| +\^+$/.test(line) ? line.replace(/\^+$/, marks => paint('red', marks)) : line))
    .join('\n')
}

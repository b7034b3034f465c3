import type { Finding } from '../lint/lint.ts'
import { hidden } from '../model/hidden.ts'
import { frame } from '../text/frame.ts'
import type { Problem } from '../text/problem.ts'
import { position, type Span } from '../text/source.ts'
import { clean } from './clean.ts'
import type { Paint } from './paint.ts'
import { placeOf } from './problems.ts'
import { count } from './words.ts'

const colours = { error: 'red', warning: 'yellow', hint: 'cyan' } as const

/** Every finding with its place, its line and what to do, and how many there are. */
export function checkText(findings: readonly Finding[], paint: Paint): string {
  return `${findings.map(finding => `${findingText(finding, paint)}\n`).join('')}${summary(findings)}\n`
}

function findingText({ problem, severity, edits }: Finding, paint: Paint): string {
  const { at, message, hint, notes = [], code } = problem
  const place = at ? `${paint('bold', placeOf(at))}: ` : ''
  const lines = [`${place}${paint(colours[severity], severity)}: ${clean(message)} ${paint('dim', `(${code})`)}`]
  if (at) lines.push(frame(at, 0, hidden))
  for (const note of notes) lines.push(`  ${placeOf(note.at)}: ${clean(note.message)}`)
  if (hint !== undefined)
    lines.push(`  ${paint('cyan', 'fix:')} ${clean(hint)}${edits.length > 0 ? paint('dim', ' (--fix does it)') : ''}`)
  return `${lines.join('\n')}\n`
}

function summary(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'nothing to remark'
  const kinds = (['error', 'warning', 'hint'] as const).flatMap(kind => {
    const those = findings.filter(({ severity }) => severity === kind).length
    return those > 0 ? [count(those, kind)] : []
  })
  const fixable = findings.filter(({ edits }) => edits.length > 0).length
  return `${kinds.join(', ')}${fixable > 0 ? `; "gantry check --fix" mends ${fixable}` : ''}`
}

/** As `--format json` tells them: an array. */
export function checkJson(findings: readonly Finding[], errors: readonly Problem[]): string {
  const told = [
    ...errors.map(problem => findingJson({ problem, severity: 'error', edits: [] })),
    ...findings.map(findingJson),
  ]
  return `${JSON.stringify(told, undefined, 2)}\n`
}

function findingJson({ problem: { code, message, hint, at, notes }, severity, edits }: Finding): object {
  return {
    code,
    severity,
    message,
    ...(at && { at: range(at) }),
    ...(hint !== undefined && { hint }),
    ...(notes && { notes: notes.map(note => ({ message: note.message, at: range(note.at) })) }),
    fixable: edits.length > 0,
  }
}

/** From and to, as editors count; the end is the column behind the last letter. */
function range(at: Span) {
  const end = position({ ...at, start: at.end })
  return { file: at.source.name, ...position(at), endLine: end.line, endColumn: end.column }
}

/** Workflow commands, which GitHub shows beside the lines of a change (docs.github.com: workflow commands). */
export function checkGithub(findings: readonly Finding[], errors: readonly Problem[]): string {
  const kinds = { error: 'error', warning: 'warning', hint: 'notice' } as const
  const all = [...errors.map(problem => ({ problem, severity: 'error' as const })), ...findings]
  return all
    .map(({ problem: { at, code, message, hint }, severity }) => {
      const place = at && range(at)
      const parts = [
        ...(place
          ? [
              `file=${property(place.file)}`,
              `line=${place.line}`,
              `endLine=${place.endLine}`,
              ...(place.line === place.endLine ? [`col=${place.column}`, `endColumn=${place.endColumn}`] : []),
            ]
          : []),
        `title=${property(code)}`,
      ]
      return `::${kinds[severity]} ${parts.join(',')}::${data(hint === undefined ? message : `${message}\n${hint}`)}\n`
    })
    .join('')
}

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

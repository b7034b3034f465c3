import type { FailureEvent } from '../actions/event.ts'
import type { Finding } from '../diagnose/finding.ts'
import type { Ended, PlanFailed } from '../plan/execute.ts'
import type { Problem } from '../text/problem.ts'
import { clean, cleanLines } from './clean.ts'
import { causeLines } from './findings.ts'
import type { Paint } from './paint.ts'
import { problemText } from './problems.ts'
import { count } from './words.ts'

/**
 * What is known of a container that did not come up: what happened and why, its last words, its last probe, and what waits for it.
 * Empty where that is no more than the error itself says.
 */
export function failureCard(event: FailureEvent, paint: Paint): string {
  const { container, alike = [], cause, findings, log, probe, waiting, hint } = event
  if (findings.length === 0 && log.length === 0 && !probe && waiting.length === 0 && hint === undefined) return ''
  const out = [`${paint('red', '✘')} ${paint('bold', clean(container))}: ${clean(findings[0]?.message ?? cause)}`]
  if (alike.length > 0) out.push(`  and so did ${alike.map(clean).join(', ')}`)
  if (findings.length > 0 && log.length > 0) out.push(`  ${clean(cause)}`)
  for (const [i, finding] of findings.entries()) out.push(...causeLines(besides(finding, event), paint, i > 0))
  if (log.length > 0) out.push('  its last lines:', ...log.map(line => `  ${paint('dim', '|')} ${clean(line)}`))
  if (probe && findings.length === 0) {
    const said = cleanLines(probe.output.trim()).filter(line => line !== '')
    out.push(
      `  its last health probe (${clean(probe.command)}) ended with ${probe.exitCode}${said.length > 0 ? ':' : ''}`,
    )
    out.push(...said.slice(-5).map(line => `  ${paint('dim', '|')} ${line}`))
  }
  if (waiting.length > 0) out.push(`  waiting for it: ${waiting.map(clean).join(', ')}`)
  if (hint !== undefined) out.push(`  ${paint('cyan', 'hint:')} ${clean(hint)}`)
  return `${out.join('\n')}\n`
}

/** The engine's words come below the card anyway, and so do the last lines where they are shown. */
const besides = (finding: Finding, { cause, log }: FailureEvent): Finding => ({
  ...finding,
  evidence: finding.evidence.filter(
    ({ field, value }) => value !== cause && !(field === 'last line' && log.includes(value)),
  ),
})

/** What failed, each with what the engine said, and what was left undone because of it. */
export function failureText({ outcome }: PlanFailed, problemOf: (error: unknown) => Problem, paint: Paint): string {
  // An engine that is lost ends every step that runs, with the same words.
  const problems = outcome.failed.map(({ error, told }) => (told ? withoutHint(problemOf(error)) : problemOf(error)))
  const failed = distinct(problems)
    .map(problem => problemText(problem, paint))
    .join('')
  const left = units([...outcome.failed, ...outcome.skipped])
  const shown = left.slice(0, 8).map(clean).join(', ')
  const more = left.length > 8 ? ` and ${left.length - 8} more` : ''
  return `${failed}left undone: ${shown}${more} (${count(outcome.done.length, 'step')} done); run again to go on\n`
}

/** What to do stands on a card, with the lines to write. */
const withoutHint = ({ hint: _, ...problem }: Problem): Problem => problem

/** What failed, for programs: each error is by itself, so that it says what to do, and where, as the cause does that was told before it. */
export function failureProblems({ outcome }: PlanFailed, problemOf: (error: unknown) => Problem): readonly Problem[] {
  return distinct(outcome.failed.map(({ error, told }) => ({ ...problemOf(error), ...told })))
}

/** Each once: two waits for one container fail alike, one of them with words before it. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(
    ({ message }, i) =>
      !problems.some((other, j) => (other.message === message ? j < i : other.message.endsWith(`: ${message}`))),
  )
}

const units = (steps: readonly Ended[]) => [...new Set(steps.map(step => step.unit.short))]

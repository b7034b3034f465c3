import type { Finding } from '../diagnose/finding.ts'
import { position } from '../text/source.ts'
import { clean } from './clean.ts'
import type { Paint } from './paint.ts'
import { placeOf } from './problems.ts'

/** Causes as cards. Replicas of a service that fail alike are told once, with how many and which they are. */
export function findingsText(findings: readonly Finding[], paint: Paint): string {
  const alike = Map.groupBy(findings, ({ container: _, ...told }) => JSON.stringify(told))
  const cards = [...alike.values()].map(([first, ...more]) => {
    const card = findingText(first!, paint)
    const which = [first!, ...more].map(({ container }) => container).join(', ')
    return more.length === 0
      ? card
      : card.replace('\n', `\n  ${paint('dim', 'containers:')} ${more.length + 1}: ${which}\n`)
  })
  return cards.join('\n')
}

/** A cause as a card: what is so, how it is known, what to do, and the lines to write with their place. */
export function findingText(finding: Finding, paint: Paint): string {
  const { message, severity } = finding
  const mark = severity === 'error' ? paint('red', '✘') : paint('yellow', '!')
  return `${[`${mark} ${clean(message)}`, ...causeLines(finding, paint, false)].join('\n')}\n`
}

/** What a card says below its first line; with the sentence as well where it is not the first cause. */
export function causeLines(finding: Finding, paint: Paint, withSentence: boolean): readonly string[] {
  const { message, code, evidence, certainty, hint, fix, at } = finding
  const sure = certainty === 'likely' ? 'likely: ' : ''
  return [
    ...(withSentence ? [`  ${sure}${clean(message)}`] : []),
    ...evidence.map(({ field, value }) => `  ${paint('dim', `${field}:`)} ${clean(value)}`),
    `  ${paint('cyan', 'fix:')} ${hint === undefined ? '' : `${clean(hint)} `}${paint('dim', `(${certainty}, ${code})`)}`,
    ...(at ? [`  ${paint('bold', placeOf(at))}${fix === undefined ? '' : ':'}`] : []),
    ...(fix === undefined ? [] : fix.split('\n').map(line => `      ${clean(line)}`)),
  ]
}

/** A cause as `--format json` tells it. */
export function findingJson(finding: Finding): object {
  const { code, service, container, severity, message, certainty, evidence, fix, hint, at } = finding
  return {
    code,
    service,
    container,
    severity,
    message,
    certainty,
    evidence,
    ...((fix ?? hint) !== undefined && { fix: fix ?? hint }),
    ...(hint !== undefined && { hint }),
    ...(at && { at: { file: at.source.name, ...position(at) } }),
  }
}

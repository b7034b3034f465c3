import type { Finding } from '../diagnose/finding.ts'
import { position } from '../text/source.ts'
import { clean } from './clean.ts'
import type { Paint } from './paint.ts'
import { placeOf } from './problems.ts'

/** A cause as a card: what is so, how it is known, what to do, and the lines to write with their place. */
export function findingText(finding: Finding, paint: Paint): string {
  const { message, code, evidence, certainty, hint, fix, at, severity } = finding
  const mark = severity === 'error' ? paint('red', '✘') : paint('yellow', '!')
  const sure = certainty === 'likely' ? ` ${paint('dim', '(likely)')}` : ''
  const out = [`${mark} ${clean(message)}${sure} ${paint('dim', `[${code}]`)}`]
  for (const { field, value } of evidence) out.push(`  ${paint('dim', `${field}:`)} ${clean(value)}`)
  if (hint !== undefined) out.push(`  ${paint('cyan', 'fix:')} ${clean(hint)}`)
  if (fix !== undefined) {
    out.push(at ? `  ${paint('bold', placeOf(at))}` : '  below the service:')
    out.push(...fix.split('\n').map(line => `      ${clean(line)}`))
  }
  return `${out.join('\n')}\n`
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

import type { Report } from '../../text/problem.ts'
import type { Span } from '../../text/source.ts'
import { BadTemplate, fill, parseTemplate } from './template.ts'

export type Lookup = (name: string) => string | undefined

interface Telling {
  readonly report: Report
  /** The place of a part of the text. */
  readonly at: (start: number, end: number) => Span
  /** Where a variable can be set: what comes after "set it in". */
  readonly where: string
}

/** A text with its variables filled in, for values in Compose files and in env files; undefined where it cannot be read, which is told. */
export function filledIn(text: string, lookup: Lookup, { report, at, where }: Telling): string | undefined {
  try {
    return fill(parseTemplate(text), {
      lookup,
      unset: ({ name, start, end }) =>
        report({
          code: 'unset-variable',
          severity: 'warning',
          message: `The "${name}" variable is not set. Defaulting to a blank string.`,
          hint: `set it in ${where}, or give a default: \${${name}:-…}`,
          at: at(start, end),
        }),
      missing: ({ name, start, end }, message) =>
        report({
          code: 'missing-variable',
          severity: 'error',
          message: `required variable ${name} is missing a value${message && `: ${message}`}`,
          hint: `set ${name} in ${where}`,
          at: at(start, end),
        }),
    })
  } catch (error) {
    if (!(error instanceof BadTemplate)) throw error
    report({
      code: 'bad-interpolation',
      severity: 'error',
      message: error.why,
      hint: error.hint,
      at: at(error.start, error.end),
    })
    return undefined
  }
}

import type { Origin } from '../../text/origin.ts'
import type { Problem, Report } from '../../text/problem.ts'
import type { Span } from '../../text/source.ts'

/** Reports what is wrong with an attribute, at the nearest place that is known. */
export interface Complain {
  (code: string, path: readonly string[], message: string, hint?: string, notes?: readonly Note[]): void
}

interface Note {
  readonly message: string
  readonly path: readonly string[]
}

/** Complaints of one severity, into a report. A note that would show the line of its problem again is left out. */
export function complaining(severity: Problem['severity'], origin: Origin, report: Report): Complain {
  return (code, path, message, hint, notes = []) => {
    const at = origin.at(path)
    const placed = notes.flatMap(note => {
      const place = origin.at(note.path)
      return place && !sameSpan(place, at) ? [{ message: note.message, at: place }] : []
    })
    report({
      code,
      severity,
      message,
      ...(hint !== undefined && { hint }),
      ...(at && { at }),
      ...(placed.length && { notes: placed }),
    })
  }
}

function sameSpan(a: Span, b: Span | undefined): boolean {
  return a.source === b?.source && a.start === b.start && a.end === b.end
}

import type { Source } from '../text/source.ts'
import type { Edit } from './rule.ts'

/** What all belong to one finding: either all are made or none. */
export type Mending = readonly Edit[]

/** Sources with the edits made; of two that touch the same words the first one's finding is mended, and the other waits for the next run. */
export function mended(mendings: readonly Mending[]): ReadonlyMap<Source, string> {
  const kept: Edit[] = []
  const same = (a: Edit, b: Edit) => a.at.start === b.at.start && a.at.end === b.at.end && a.text === b.text
  for (const edits of mendings) {
    const fresh = edits.filter(edit => !kept.some(other => other.at.source === edit.at.source && same(other, edit)))
    if (!fresh.some(edit => kept.some(other => overlap(edit, other)))) kept.push(...fresh)
  }
  const bySource = Map.groupBy(kept, ({ at }) => at.source)
  return new Map([...bySource].map(([source, edits]) => [source, applied(source.text, edits)]))
}

function applied(text: string, edits: readonly Edit[]): string {
  let done = ''
  let from = 0
  for (const { at, text: put } of edits.toSorted((a, b) => a.at.start - b.at.start || a.at.end - b.at.end)) {
    done += text.slice(from, at.start) + put
    from = at.end
  }
  return done + text.slice(from)
}

/** Two insertions at one place do not: they stand one after the other. */
function overlap({ at: a }: Edit, { at: b }: Edit): boolean {
  if (a.source !== b.source) return false
  return a.start === a.end || b.start === b.end
    ? (a.start > b.start && a.start < b.end) || (b.start > a.start && b.start < a.end)
    : a.start < b.end && b.start < a.end
}

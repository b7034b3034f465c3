import { agrees, asWritten, problemAsWritten } from './as-written.ts'
import { loosened } from './loosen.ts'
import { furtherMistakes } from './mistakes.ts'
import type { Node } from './node.ts'
import type { ParsedDocument } from './parsed.ts'
import type { Problem, Report } from './problem.ts'
import { type Quick, quick } from './quick.ts'
import { partsOf, within } from './ranges.ts'
import { otherVersion, tooDeep, unreadable } from './refused.ts'
import type { Source } from './source.ts'
import { tabIndent } from './syntax.ts'
import { thorough } from './thorough.ts'
import { tree } from './tree.ts'

/** Collections within collections: go-yaml stops at 10 000, after twenty seconds; nobody writes a hundred. */
const deepest = 500

/**
 * How many characters are read the thorough way: each costs microseconds and some hundred bytes, and ten times that where every line is
 * wrong. Of a longer text than `whole`, it is read to a little behind its first mistake, which is then the only one that is told.
 */
const longest = { whole: 64 * 1024, part: 1024 * 1024, doubtful: 512 * 1024, behind: 2048 }

/**
 * The documents of a YAML text as trees with positions; aliases are the same node again.
 * Mistakes go to `report`; a document that has one is left out.
 */
export function parse(source: Source, report: Report): readonly Node[] {
  return documentsOf(source, report).flatMap(({ version, root }) => {
    if (version !== undefined && version !== '1.1') report(otherVersion(source, version))
    return tree(root, source, report) ?? []
  })
}

function documentsOf(source: Source, report: Report): readonly ParsedDocument[] {
  const { text } = source
  const first = quickly(text)
  if ('documents' in first) return first.documents
  const loose = loosened(text)
  const second = loose ? quickly(loose.text) : first
  if (loose && 'documents' in second && agrees(loose, second.documents)) return asWritten(loose, second.documents)
  if (first.why === 'deep') {
    report(tooDeep(source, first.stuck, deepest))
    return []
  }
  if (loose && 'stuck' in second && second.why !== 'deep') {
    // What needs no blank to docker compose is no mistake.
    const { documents, problems } = thoroughly({ ...source, text: loose.text }, second)
    for (const problem of problems) report(problemAsWritten(loose, problem, source))
    if (problems.length) return asWritten(loose, documents)
  }
  const { documents, problems } = thoroughly(source, first)
  for (const problem of problems) report(problem)
  return documents
}

/** Where the quick way got stuck. */
interface Stuck {
  readonly stuck: number
  readonly why: 'deep' | 'wrong' | 'tab'
}

function thoroughly(source: Source, { stuck, why }: Stuck): ReturnType<typeof thorough> {
  const { text } = source
  if (text.length <= longest.whole) {
    const { documents, problems } = thorough(source, deepest)
    return { documents, problems: [...problems, ...furtherMistakes(source, problems, deepest)] }
  }
  const end = text.indexOf('\n', stuck + longest.behind) + 1 || text.length
  if (end <= longest.part) {
    const [first] = thorough({ ...source, text: text.slice(0, end) }, deepest).problems
    if (first) return { documents: [], problems: [inSource(first, source)] }
  }
  if (text.length <= longest.doubtful) return thorough(source, deepest)
  return { documents: [], problems: [why === 'tab' ? tabIndent(source, stuck) : unreadable(source, stuck)] }
}

function inSource(problem: Problem, source: Source): Problem {
  const { at, notes } = problem
  return {
    ...problem,
    ...(at && { at: { ...at, source } }),
    ...(notes && { notes: notes.map(note => ({ ...note, at: { ...note.at, source } })) }),
  }
}

function quickly(text: string): Quick | Stuck {
  const read = quick(text, deepest)
  if (!('documents' in read) || !text.includes('\t')) return read
  const tab = tabBetween(read.documents, text)
  return tab === undefined ? read : { stuck: tab, why: 'tab' }
}

/** The first tab at the beginning of a line that is neither in a scalar nor in brackets: go-yaml reads none there. */
function tabBetween(documents: readonly ParsedDocument[], text: string): number | undefined {
  const { scalars, brackets } = partsOf(documents, text)
  for (const { index } of text.matchAll(/^ *\t/gm))
    if (!within(scalars, index) && !within(brackets, index)) return index
  return undefined
}

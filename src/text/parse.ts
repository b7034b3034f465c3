import type { Node } from './node.ts'
import type { ParsedDocument } from './parsed.ts'
import type { Report } from './problem.ts'
import { furtherMistakes } from './mistakes.ts'
import { quick } from './quick.ts'
import { otherVersion, tooDeep, unreadable } from './refused.ts'
import type { Source } from './source.ts'
import { thorough } from './thorough.ts'
import { tree } from './tree.ts'

/** Collections within collections: go-yaml stops at 10 000, after twenty seconds; nobody writes a hundred. */
const deepest = 500

/**
 * How many characters are read the thorough way, to be told what is wrong with them: each costs microseconds and some hundred bytes,
 * and most where every line is wrong. Where nothing may be wrong, it is worth more.
 */
const longest = { wrong: 512 * 1024, maybe: 4 * 1024 * 1024 }

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
  const read = quick(text, deepest)
  if ('documents' in read && !/^ *\t/m.test(text)) return read.documents
  if ('stuck' in read && (read.why === 'deep' || text.length > longest[read.why])) {
    report(read.why === 'deep' ? tooDeep(source, read.stuck, deepest) : unreadable(source, read.stuck))
    return []
  }
  const { documents, problems } = thorough(source, deepest)
  for (const problem of [...problems, ...furtherMistakes(source, problems, deepest)]) report(problem)
  return documents
}

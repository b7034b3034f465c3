import type { Node } from './node.ts'
import type { ParsedDocument } from './parsed.ts'
import type { Problem, Report } from './problem.ts'
import { quick } from './quick.ts'
import type { Source } from './source.ts'
import { thorough } from './thorough.ts'
import { tree } from './tree.ts'

/** Collections within collections: go-yaml stops at 10 000, after twenty seconds; nobody writes a hundred. */
const deepest = 500

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
  // go-yaml reads no tab where a line begins.
  const read = /^ *\t/m.test(source.text) ? undefined : quick(source.text, deepest)
  if (read) return read
  const { documents, problems } = thorough(source, deepest)
  for (const problem of problems) report(problem)
  return documents
}

function otherVersion(source: Source, version: string): Problem {
  const start = Math.max(0, source.text.search(/^%YAML/m))
  return {
    code: 'yaml-version',
    severity: 'error',
    message: `"%YAML ${version}" is incompatible: docker compose reads 1.1 only`,
    at: { source, start, end: start + source.text.slice(start).search(/$/m) },
    hint: 'remove the line',
  }
}

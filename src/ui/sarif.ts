import type { Finding } from '../lint/lint.ts'
import type { Rule } from '../lint/rule.ts'
import type { Problem } from '../text/problem.ts'
import { position, type Span } from '../text/source.ts'

const levels = { error: 'error', warning: 'warning', hint: 'note' } as const

/** Findings in the format that code scanning takes (SARIF 2.1.0, OASIS). */
export function checkSarif(
  findings: readonly Finding[],
  {
    errors,
    rules,
    version,
  }: { readonly errors: readonly Problem[]; readonly rules: readonly Rule[]; readonly version: string },
): string {
  const all: readonly Finding[] = [
    ...errors.map(problem => ({ problem, severity: 'error' as const, edits: [] })),
    ...findings,
  ]
  const codes = new Set(all.map(({ problem }) => problem.code))
  const told = rules.filter(({ code }) => codes.has(code))
  const others = [...codes].filter(code => !told.some(rule => rule.code === code))
  const log = {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'gantry', version, rules: [...told.map(ruleOf), ...others.map(problemOf)] } },
        columnKind: 'utf16CodeUnits',
        results: all.map(finding => resultOf(finding, all)),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function ruleOf({ code, why, severity, pack, bad, good }: Rule) {
  return {
    id: code,
    shortDescription: { text: why },
    fullDescription: { text: why },
    help: { text: `${why}\n\nInstead of\n${bad}\nwrite\n${good}` },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: [pack] },
  }
}

/** What loading remarks on, and what keeps a file from being read. */
function problemOf(id: string) {
  const text = `What loading says under the code "${id}"`
  return { id, shortDescription: { text }, fullDescription: { text }, help: { text: `gantry explain ${id}` } }
}

function resultOf({ problem: { code, message, hint, at, notes }, severity, edits }: Finding, all: readonly Finding[]) {
  return {
    ruleId: code,
    level: levels[severity],
    message: { text: hint === undefined ? message : `${message}: ${hint}` },
    locations: [at ? placeOf(at) : somewhere(all)],
    ...(notes && { relatedLocations: notes.map(note => ({ ...placeOf(note.at), message: { text: note.message } })) }),
    ...(edits.length > 0 && { properties: { fixable: true } }),
  }
}

/** GitHub refuses a result without a file; what is about the project as a whole gets the first that is known. */
function somewhere(all: readonly Finding[]) {
  const named = all.find(({ problem }) => problem.at)?.problem.at?.source.name ?? 'compose.yaml'
  return { physicalLocation: { artifactLocation: { uri: uriOf(named) } } }
}

const uriOf = (name: string): string => name.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')

/** As a URI relative to where the command was run; columns count from 1, the last one is behind the last letter. */
function placeOf(at: Span) {
  const [from, to] = [position(at), position({ ...at, start: at.end })]
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(at.source.name) },
      region: { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column },
    },
  }
}

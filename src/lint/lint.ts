import { suggest } from '../base/suggest.ts'
import { collectProblems } from '../load/problems.ts'
import type { Problem } from '../text/problem.ts'
import type { Edit, Remark, Rule, Severity } from './rule.ts'
import type { Scope } from './scope.ts'
import { silenceOf } from './silence.ts'

/** A remark as it is told, and what would mend it. */
export interface Finding {
  readonly problem: Problem
  readonly severity: Severity
  readonly edits: readonly Edit[]
}

export interface LintOptions {
  /** Of loading. */
  readonly warnings?: readonly Problem[]
  /** Rules besides the chosen ones that there are to be ignored. */
  readonly known?: readonly Rule[]
}

/** Told by rules, better placed or worded than what loading says of the same. */
const told: Readonly<Record<string, string>> = {
  'command-cut': 'command-operator',
  'drive-letter': 'one-letter-volume',
  obsolete: 'obsolete-version',
}

/**
 * What rules say of files, in the order of the files. `warnings` of loading stand among them, save those that a rule says
 * better; secrets are in no message.
 */
export function lint(
  scope: Scope,
  chosen: readonly Rule[],
  { warnings = [], known: others = [] }: LintOptions = {},
): readonly Finding[] {
  const { isSilent, all } = silenceOf(scope)
  const findings: Finding[] = []
  const tell = (code: string, severity: Severity, remark: Remark) => {
    if (isSilent(code, remark.at)) return
    const problem = discreet(scope, {
      code,
      severity: severity === 'hint' ? 'info' : severity,
      message: remark.message,
      hint: remark.hint,
      ...(remark.at && { at: remark.at }),
      ...(remark.notes && { notes: remark.notes }),
    })
    findings.push({ problem, severity, edits: remark.edits?.some(isShared) ? [] : (remark.edits ?? []) })
  }
  for (const rule of chosen)
    for (const remark of rule.remarks(scope)) tell(rule.code, remark.severity ?? rule.severity, remark)
  const places = new Set(findings.map(({ problem }) => placeKey(problem)))
  for (const problem of warnings) {
    const better =
      Object.hasOwn(told, problem.code) || (problem.code === 'unset-variable' && places.has(placeKey(problem)))
    if (!better && !isSilent(problem.code, problem.at))
      findings.push({ problem, severity: problem.severity === 'info' ? 'hint' : 'warning', edits: [] })
  }
  const known = new Set([...[...chosen, ...others].map(({ code }) => code), ...warnings.map(({ code }) => code)])
  for (const { code, at } of all) {
    if (known.has(code) || /^(?:unset-variable|no-effect|odd-value|obsolete|unknown-option)$/.test(code)) continue
    const near = suggest(code, [...known])
    const hint = near === undefined ? '"gantry explain" lists them all' : `did you mean "${near}"?`
    tell('unknown-rule', 'warning', { at, message: `there is no rule "${code}" to ignore`, hint })
  }
  return inOrder(once(findings))
}

function discreet({ project }: Scope, problem: Problem): Problem {
  const problems = collectProblems()
  problems.keepSecret(project.environment)
  problems.report({ ...problem, severity: 'warning' })
  return { ...problems.warnings()[0]!, severity: problem.severity }
}

/** A value with an anchor of its own stands for other places as well. */
const isShared = ({ at: { source, start, end } }: Edit): boolean =>
  end > start && /&[^\s,[\]{}]+\s+$/.test(source.text.slice(Math.max(0, start - 100), start))

/** Two services can share a line, by an alias. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map(
    findings.map(one => [`${one.problem.code} ${placeKey(one.problem)} ${one.problem.message}`, one]),
  )
  return [...seen.values()]
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const files = new Map<string, number>()
  for (const { problem } of findings) {
    const name = problem.at?.source.name ?? ''
    if (!files.has(name)) files.set(name, files.size)
  }
  const file = ({ problem }: Finding) => files.get(problem.at?.source.name ?? '')!
  return findings.toSorted((a, b) => file(a) - file(b) || (a.problem.at?.start ?? 0) - (b.problem.at?.start ?? 0))
}

const placeKey = ({ at }: Problem): string => `${at?.source.name} ${at?.start}`

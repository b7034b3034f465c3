import { LABEL } from '../../model/names.ts'
import type { Problem } from '../../text/problem.ts'
import type { Desired } from '../desired.ts'
import type { ObservedContainer } from '../observe.ts'
import type { Policy, Verdict } from './judge.ts'
import { reason } from './reasons.ts'

/**
 * The containers under the project's name that no selected service stands for: of services that are not declared any
 * more, and one-offs that have ended. One made from another directory belongs to a project of the same name, and is
 * never touched.
 */
export function judgeOrphans(
  desired: Desired,
  containers: readonly ObservedContainer[],
  policy: Policy,
): { verdicts: readonly Verdict[]; problems: readonly Problem[] } {
  const orphans: ObservedContainer[] = []
  const neighbours: ObservedContainer[] = []
  const verdicts = containers.map((container): Verdict => {
    const keep: Verdict = { container, verdict: 'keep', why: [] }
    if (!isOrphan(container, desired)) return keep
    if (!isOurs(container, desired)) {
      neighbours.push(container)
      return keep
    }
    if (policy.orphans === 'remove') return { container, verdict: 'remove', why: [reason('orphan')] }
    orphans.push(container)
    return keep
  })
  const problems: Problem[] = []
  const names = (all: readonly ObservedContainer[]) => all.map(c => c.name).join(' ')
  if (orphans.length > 0)
    problems.push({
      code: 'orphans',
      severity: 'warning',
      message: `Found orphan containers ([${names(orphans)}]) for this project`,
      hint: 'if you removed or renamed this service in your compose file, run with --remove-orphans to clean up',
    })
  if (neighbours.length > 0)
    problems.push({
      code: 'neighbours',
      severity: 'warning',
      message: `containers of another project of the same name "${desired.project}" are left alone: ${names(neighbours)}`,
      hint: `they were made from ${neighbours[0]!.labels[LABEL.working_dir]}; give one of the two another name with -p or "name:"`,
    })
  return { verdicts, problems }
}

function isOrphan(c: ObservedContainer, { declared }: Desired): boolean {
  if (c.kind === 'hook' || c.kind === 'stranger') return false
  // One that has not started may be about to: its `run` is under way.
  if (c.kind === 'oneoff') return c.state === 'exited' || c.state === 'dead'
  return !declared.has(c.service)
}

/** Whether a container was made from the project's own directory. */
export function isOurs(c: Pick<ObservedContainer, 'labels'>, { working_dir }: Desired): boolean {
  const made = c.labels[LABEL.working_dir]
  return made === undefined || made === working_dir
}

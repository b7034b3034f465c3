import { type Diagnosis, lastLine } from './diagnosis.ts'
import type { Found } from './finding.ts'
import type { Scene, Subject } from './scene.ts'
import { inTrouble } from './telling.ts'

/** Machines that do not agree what time it is. */
export const clock: readonly Diagnosis[] = [
  {
    code: 'time-skew',
    cause:
      'The clock of the engine’s machine and ours do not agree, as after a laptop slept. Tokens and certificates are refused, and "logs --since" shows too much or too little.',
    evidence:
      'A container was started later than it is now; or its log says that a token or a certificate is not yet valid or has expired.',
    fix: 'Restart the time service of the engine’s machine (of a virtual machine: restart it). "gantry doctor" compares the clocks.',
    severity: 'warning',
    find: (subject, { scene }) => ahead(subject, scene) ?? refused(subject),
  },
]

/** From 5 s on: less is the way there and back. */
const most = 5000

function ahead({ service, container }: Subject, { now }: Scene): Found | undefined {
  const latest = Math.max(container?.created ?? 0, container?.startedAt ?? 0)
  if (latest - now < most) return undefined
  return {
    message: `"${service}" was started ${Math.round((latest - now) / 1000)} s from now: the engine’s clock is ahead of ours`,
    evidence: [
      { field: 'State.StartedAt', value: new Date(latest).toISOString() },
      { field: 'our clock', value: new Date(now).toISOString() },
    ],
    certainty: 'certain',
    hint: 'set the clocks: restart the time service of the machine that is wrong',
  }
}

function refused(subject: Subject): Found | undefined {
  const line = inTrouble(subject)
    ? lastLine(
        subject.log,
        /not yet valid|used before (?:issued|its)|RequestTimeTooSkewed|clock skew|(?:token|certificate)\b.*\bexpired/i,
      )
    : undefined
  return (
    line && {
      message: `"${subject.service}" is told that a token or a certificate is of another time`,
      evidence: [{ field: 'log', value: line.input }],
      certainty: 'likely',
      hint: 'compare the clocks ("gantry doctor"); where they agree, it has really expired',
    }
  )
}

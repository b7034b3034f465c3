import type { Origin } from '../text/origin.ts'
import { diagnoses } from './diagnoses.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { Finding, Found } from './finding.ts'
import { secretsOf, withoutSecretsOf } from './masking.ts'
import type { Ask, Facts, Probe, Scene, Subject } from './scene.ts'

/** What was found out beyond the scene, by the probe as JSON. */
export type KnownFacts = ReadonlyMap<string, Facts[Probe['what']] | 'unknown'>

export interface Diagnosed {
  /** Causes first, what follows from them left out. */
  readonly findings: readonly Finding[]
  /** What would have to be known to say more. */
  readonly wanted: readonly Probe[]
}

/** What is wrong in a scene. Pure: with what was `wanted` among the facts, the same scene says more. */
export function diagnose(scene: Scene, facts: KnownFacts, origin: Origin): Diagnosed {
  const wanted = new Map<string, Probe>()
  const ask = ((probe: Probe) => {
    const key = probeKey(probe)
    const fact = facts.get(key)
    if (fact === undefined) wanted.set(key, probe)
    return fact ?? 'unknown'
  }) as Ask
  const found = scene.subjects.flatMap(subject => findingsOf(subject, { scene, ask, origin }))
  return { findings: rootsOf(found, scene), wanted: [...wanted.values()] }
}

export const probeKey = (probe: Probe): string => JSON.stringify(probe)

interface Looking {
  readonly scene: Scene
  readonly ask: Ask
  readonly origin: Origin
}

function findingsOf(subject: Subject, { scene, ask, origin }: Looking): Finding[] {
  const declared = scene.project?.services[subject.service] ?? scene.project?.disabled[subject.service]
  const secrets = secretsOf(subject, declared)
  const look = (general: boolean) =>
    diagnoses
      .filter(diagnosis => (diagnosis.general ?? false) === general)
      .flatMap(diagnosis => {
        const found = diagnosis.find(subject, { scene, ask, declared })
        return found ? [findingOf(diagnosis, withoutSecretsOf(found, secrets), subject, origin)] : []
      })
  const telling = look(false)
  return telling.some(finding => finding.severity === 'error') ? telling : [...telling, ...look(true).slice(0, 1)]
}

function findingOf(diagnosis: Diagnosis, found: Found, subject: Subject, origin: Origin): Finding {
  const { service, name } = subject
  const { message, certainty, hint, fix, attribute, path } = found
  const place = path ?? (attribute && ['services', service, ...attribute])
  const at = place && origin.at(place)
  return {
    code: diagnosis.code,
    severity: diagnosis.severity ?? 'error',
    message,
    hint,
    ...(at && { at }),
    service,
    container: name,
    evidence: withNow(found.evidence, subject),
    certainty,
    ...(fix !== undefined && { fix }),
  }
}

/** What was found of an earlier end says as well how it has gone on. */
function withNow(evidence: Found['evidence'], { again }: Subject): Found['evidence'] {
  if (!again) return evidence
  const now = [
    { field: 'RestartCount', value: String(again.restartCount) },
    { field: 'State.Status', value: again.state },
  ]
  return [...evidence.filter(({ field }) => !now.some(one => one.field === field)), ...now]
}

/** A service that only waits for another one in vain is not told where the other one's cause is. */
function rootsOf(findings: readonly Finding[], { project }: Scene): readonly Finding[] {
  const failing = new Set(findings.filter(f => !f.code.startsWith('dependency-')).map(f => f.service))
  return findings.filter(finding => {
    if (!finding.code.startsWith('dependency-')) return true
    const needs = Object.keys(project?.services[finding.service]?.depends_on ?? {})
    return !needs.some(service => failing.has(service))
  })
}

import { diagnose } from '../../diagnose/diagnose.ts'
import type { Finding } from '../../diagnose/finding.ts'
import type { Scene } from '../../diagnose/scene.ts'
import type { Project } from '../../model/project.ts'
import type { Origin } from '../../text/origin.ts'
import { checkServices, type Member, membersAmong } from '../members.ts'
import { type ProbeEngine, probe } from './probe.ts'
import { gatherScene, type SceneEngine } from './scene.ts'

export interface WhyOptions {
  readonly engine: SceneEngine & ProbeEngine
  /** All without it. */
  readonly services?: readonly string[]
  readonly origin: Origin
  readonly signal: AbortSignal
}

/** What is wrong with a project's containers, and how that is known; nothing is changed. Throws UserError for unknown services. */
export async function why(
  name: string,
  project: Project | undefined,
  { engine, services = [], origin, signal }: WhyOptions,
): Promise<readonly Finding[]> {
  const neighbours = await engine.listContainers({ all: true })
  const members = membersAmong(neighbours, name)
  checkServices(services, project, members)
  const chosen = members.filter(m => !m.oneoff && (services.length === 0 || services.includes(m.service)))
  const scene = await gatherScene(name, {
    engine,
    ...(project && { declared: project }),
    subjects: chosen.map(subjectOf),
    neighbours,
    now: Date.now(),
  })
  return findings(scene, { engine, origin, signal })
}

const subjectOf = ({ id, name, service }: Member) => ({ container: id, name, service })

/** How long each round of finding out may take, in milliseconds: a container that hangs keeps no card back. */
const patience = 3000

/** Diagnoses, finds out what was asked for, and diagnoses again. Two rounds are enough: a probe may lead to one more. */
export async function findings(
  scene: Scene,
  {
    engine,
    origin,
    signal,
    limit = patience,
  }: Pick<WhyOptions, 'origin' | 'signal'> & {
    readonly engine: SceneEngine & Partial<ProbeEngine>
    readonly limit?: number
  },
): Promise<readonly Finding[]> {
  let facts: Awaited<ReturnType<typeof probe>> = new Map()
  for (let round = 0; ; round++) {
    const { findings, wanted } = diagnose(scene, facts, origin)
    if (wanted.length === 0 || round === 2 || !probes(engine)) return findings
    const late = AbortSignal.timeout(limit)
    const found = await Promise.race([probe(wanted, engine, AbortSignal.any([signal, late])), ended(late)])
    if (!found) return findings
    facts = new Map([...facts, ...found])
  }
}

const ended = (signal: AbortSignal) =>
  new Promise<undefined>(resolve => signal.addEventListener('abort', () => resolve(undefined), { once: true }))

/** Engines in memory have no files to look into. */
const probes = (engine: Partial<ProbeEngine>): engine is ProbeEngine => engine.statPath !== undefined

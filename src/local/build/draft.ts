import { Cycle, order } from '../../base/dag.ts'
import { contextServices } from '../../model/build-contexts.ts'
import { dependencies, inOrder } from '../../model/graph.ts'
import { LABEL } from '../../model/names.ts'
import type { Project, Service } from '../../model/project.ts'
import type { Draft, Reason, Unit } from '../../plan/plan.ts'
import type { Origin } from '../../text/origin.ts'
import { UserError } from '../../text/problem.ts'
import type { Step } from '../steps.ts'
import type { BuildSpec } from './spec.ts'

export interface WantedBuild {
  readonly service: string
  readonly build: BuildSpec
  /** Whether a pull may make it needless. */
  readonly pulled: boolean
  readonly why: Reason
}

/**
 * Services whose request is the same but for the names share a build, which is given all names. A build waits for those
 * of the services that it depends on, since its Dockerfile may stand on their images.
 */
export function draftBuilds(
  plan: Draft<Step>,
  project: Project,
  wanted: readonly WantedBuild[],
  pullsOf: (image: string) => readonly number[],
): void {
  const byService = new Map<string, number>()
  for (const [first, ...rest] of Map.groupBy(wanted, requestOf).values()) {
    const all = [first!, ...rest]
    const why = all.map(({ pulled, why }) => (pulled ? { code: 'not-pulled' } : why))
    all.forEach(({ build }, i) => void plan.change(unitOf(build.tags[0]!), verdictOf('build', why[i]!), [why[i]!]))
    const build = { ...first!.build, tags: [...new Set(all.flatMap(one => one.build.tags))] }
    const needed = all.flatMap(({ service }) => needsOf(project.services[service]!))
    const id = plan.add(
      unitOf(build.tags[0]!),
      { op: 'build-image', build, ...(first!.pulled && { unlessPresent: true }) },
      [why[0]!],
      // A pull that ended later would take the name away from what was built.
      ...build.tags.flatMap(pullsOf),
      ...needed.map(name => byService.get(name)),
    )
    for (const { service } of all) byService.set(service, id)
  }
}

/** Services in the order in which they are built: each after those that it depends on and those whose images it is built on. */
export function buildOrder(project: Project, origin: Origin): readonly string[] {
  const known = (name: string) => Object.hasOwn(project.services, name)
  try {
    return order(inOrder(project), name => needsOf(project.services[name]!).filter(known))
  } catch (error) {
    if (!(error instanceof Cycle)) throw error
    const path = error.path as readonly string[]
    const at = origin.at(['services', path[0]!, 'build', 'additional_contexts'])
    const message = `images are built on each other in a circle: ${path.join(' -> ')}`
    throw new UserError([{ code: 'build-cycle', severity: 'error', message, ...(at && { at }) }])
  }
}

const needsOf = (service: Service) => [...dependencies(service).keys(), ...contextServices(service.build)]

/** Equal for builds that can be one. One that a pull may make needless is shared with none of another name. */
function requestOf({ build, pulled }: WantedBuild): string {
  const { tags, labels, inlineAt: _1, ...rest } = build
  const { [LABEL.service]: _, ...said } = labels ?? {}
  return JSON.stringify([rest, said, pulled && tags])
}

/** What a policy or a flag repeats on every run is a look whether there is something newer, and no change in itself. */
export function verdictOf(verdict: 'pull' | 'build', why: Reason): string {
  return why.code === 'missing' || why.code === 'not-pulled' ? verdict : 'check'
}

export function unitOf(image: string): Unit {
  return { kind: 'image', name: image, short: image }
}

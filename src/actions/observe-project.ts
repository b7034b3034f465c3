import type { Engine } from '../engine/engine.ts'
import { type Observed, observe } from '../local/observe.ts'
import type { Project } from '../model/project.ts'

/** What the engine has of a project, with all that judging it needs. `before` is given back where the lists are still the same. */
export function observeProject(
  engine: Parameters<typeof observe>[0],
  project: Project,
  before?: Observed,
): Promise<Observed> {
  return observe(engine, project.name, {
    ...(before && { before }),
    networks: Object.values(project.networks).flatMap(n => (n.external ? [n.name] : [])),
    volumes: Object.values(project.volumes).flatMap(v => (v.external ? [v.name] : [])),
    inspect: c => c.kind === 'replica',
  })
}

/**
 * As `observeProject`, begun before the rest of a command is loaded and checked, which goes on once the first questions are on their way.
 * Whoever does not come to look at it loses nothing.
 */
export async function begunObserving(
  engine: Promise<Pick<Engine, keyof Parameters<typeof observe>[0]>>,
  project: Project,
): Promise<{ readonly observed: Promise<Observed> }> {
  const observed = engine.then(opened => observeProject(opened, project))
  observed.catch(() => {})
  await engine.catch(() => {})
  await new Promise(resolve => setImmediate(resolve))
  return { observed }
}

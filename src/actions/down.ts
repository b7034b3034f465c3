import type { Engine } from '../engine/engine.ts'
import { planDown } from '../local/down.ts'
import { imageOf } from '../local/images/names.ts'
import { lostHooks } from '../local/lost-hooks.ts'
import { observe } from '../local/observe.ts'
import { withProviders } from '../local/outside.ts'
import { isLeftBehind } from '../local/perform/claim.ts'
import { LABEL, type Separator } from '../model/names.ts'
import type { Project } from '../model/project.ts'
import { isEmpty, outline } from '../plan/plan.ts'
import { carryOut } from './carry-out.ts'
import { claimed } from './claimed.ts'
import type { Stage } from './event.ts'
import type { ActionOptions } from './options.ts'
import { type Outside, outside } from './outside.ts'

export interface DownOptions extends ActionOptions {
  /** These and everything that depends on them; all without it. */
  readonly services?: readonly string[]
  /** Also the project's volumes, and anonymous ones. */
  readonly volumes?: boolean
  readonly rmi?: 'all' | 'local'
  readonly removeOrphans?: boolean
  /** Milliseconds; without it, each container's own. */
  readonly timeout?: number
}

export interface DownResult {
  readonly stages: readonly Stage[]
  readonly changed: boolean
}

/** Stops and removes a project's containers and networks. Works from labels; `project` adds what only the file knows. */
export async function down(name: string, project: Project | undefined, options: DownOptions): Promise<DownResult> {
  const { engine, emit, signal, limit } = options
  // Models stay: they are not the project's alone.
  const beside = project && (await outside({ ...project, models: {} }, options))
  const first = await planned(name, project, options, beside)
  signal.throwIfAborted()
  for (const problem of first.problems) emit({ type: 'problem', problem })
  emit({ type: 'plan', stages: first.stages })
  const changed = !isEmpty(first.plan)
  const { claims: seen } = first
  if (options.dryRun || (!changed && !seen.some(isLeftBehind))) return { stages: first.stages, changed }
  const stages = await claimed('down', name, { ...options, seen }, async ({ signal }) => {
    const { plan, stages } = await planned(name, project, options, beside)
    if (JSON.stringify(stages) !== JSON.stringify(first.stages)) emit({ type: 'plan', stages })
    const run = { engine, emit, signal, project: name, ...(limit !== undefined && { limit }) }
    await carryOut(plan, { ...run, ...(beside && { outside: beside.perform }) })
    return stages
  })
  return { stages, changed }
}

async function planned(name: string, project: Project | undefined, options: DownOptions, beside?: Outside) {
  const { engine, separator = '-', services, timeout, rmi } = options
  const [observed, images] = await Promise.all([
    observe(engine, name),
    rmi ? imagesToRemove(engine, name, project, rmi, separator) : [],
  ])
  const { plan: own, problems } = planDown(observed, {
    name,
    project,
    separator,
    images,
    ...(services && { services }),
    ...(timeout !== undefined && { timeout }),
    ...(options.volumes && { volumes: true }),
    ...(options.removeOrphans && { removeOrphans: true }),
  })
  const driven = beside?.commanding('down').filter(service => !services?.length || services.includes(service)) ?? []
  const plan = project ? withProviders(own, project, driven, 'down') : own
  const stages: readonly Stage[] = [{ name: 'change', outline: outline(plan) }]
  return {
    plan,
    problems: [
      ...lostHooks(plan, observed, project),
      ...(isEmpty(plan) ? problems : problems.filter(p => p.code !== 'nothing-to-remove')),
    ],
    stages,
    claims: observed.claims,
  }
}

/** `local`: what was built for the project, or bears a name that only it gives. `all`: what its services name, too. */
async function imagesToRemove(
  engine: Engine,
  name: string,
  project: Project | undefined,
  rmi: 'all' | 'local',
  separator: Separator,
): Promise<readonly string[]> {
  const built = await engine.listImages({ labels: [`${LABEL.project}=${name}`] })
  const services = Object.entries(project?.services ?? {})
  const named = services
    .filter(([, service]) => rmi === 'all' || service.image === undefined)
    .map(([service]) => imageOf(project!, service, separator))
  const tags = new Set(built.flatMap(image => image.tags))
  // Removing the tag that a name stands for beside the name itself is a race, which Docker 20.10 loses: "unrecognized image ID".
  const wanted = [...tags, ...new Set(named.filter(image => !tags.has(image) && !tags.has(`${image}:latest`)))]
  const there = await Promise.all(wanted.map(async image => ((await engine.inspectImage(image)) ? image : undefined)))
  return there.filter(image => image !== undefined)
}

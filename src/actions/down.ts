import type { Engine } from '../engine/engine.ts'
import { planDown } from '../local/down.ts'
import { imageOf } from '../local/image-names.ts'
import { observe } from '../local/observe.ts'
import { LABEL, type Separator } from '../model/names.ts'
import type { Project } from '../model/project.ts'
import { isEmpty, outline } from '../plan/plan.ts'
import { carryOut } from './carry-out.ts'
import { claimed } from './claimed.ts'
import type { Stage } from './event.ts'
import type { ActionOptions } from './options.ts'

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
  const first = await planned(name, project, options)
  signal.throwIfAborted()
  for (const problem of first.problems) emit({ type: 'problem', problem })
  emit({ type: 'plan', stages: first.stages })
  const changed = !isEmpty(first.plan)
  if (!changed || options.dryRun) return { stages: first.stages, changed }
  const stages = await claimed('down', name, options, async signal => {
    const { plan, stages } = await planned(name, project, options)
    if (JSON.stringify(stages) !== JSON.stringify(first.stages)) emit({ type: 'plan', stages })
    await carryOut(plan, { engine, emit, signal, project: name, ...(limit !== undefined && { limit }) })
    return stages
  })
  return { stages, changed }
}

async function planned(name: string, project: Project | undefined, options: DownOptions) {
  const { engine, separator = '-', services, timeout, rmi } = options
  const [observed, images] = await Promise.all([
    observe(engine, name),
    rmi ? imagesToRemove(engine, name, project, rmi, separator) : [],
  ])
  const { plan, problems } = planDown(observed, {
    name,
    project,
    separator,
    images,
    ...(services && { services }),
    ...(timeout !== undefined && { timeout }),
    ...(options.volumes && { volumes: true }),
    ...(options.removeOrphans && { removeOrphans: true }),
  })
  const stages: readonly Stage[] = [{ name: 'change', outline: outline(plan) }]
  return { plan, problems, stages }
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
  const wanted = [...new Set([...built.flatMap(image => image.tags), ...named])]
  const there = await Promise.all(wanted.map(async image => ((await engine.inspectImage(image)) ? image : undefined)))
  return there.filter(image => image !== undefined)
}

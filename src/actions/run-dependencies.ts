import type { LiveEngine } from '../engine/live.ts'
import { waiter } from '../local/perform/wait.ts'
import { containerUnit } from '../local/units.ts'
import { dependencies } from '../model/graph.ts'
import type { Project, Service } from '../model/project.ts'
import type { StepEvent } from '../plan/execute.ts'
import type { Furnished } from './furnish.ts'
import { membersOf } from './members.ts'
import { bringUp, type UpOptions } from './up.ts'
import { explained } from './why/run-failure.ts'

/** What `run` does for what its service depends on. */
export interface AroundRun
  extends Pick<UpOptions, 'emit' | 'signal' | 'ask' | 'limit' | 'dryRun' | 'separator' | 'origin' | 'removeOrphans'> {
  readonly engine: LiveEngine
  readonly noDeps?: boolean
}

/** What the service needs, and the networks and volumes of both; the service's own containers stay as they are. */
export async function bringUpDependencies(
  selected: Project,
  service: string,
  options: AroundRun,
  furnished: Furnished,
): Promise<void> {
  const { [service]: own, ...needed } = selected.services
  const others: Project = { ...selected, services: needed, disabled: { ...selected.disabled, [service]: own! } }
  const { engine, emit, signal, ask, limit, dryRun, separator, origin, removeOrphans } = options
  const wishes: UpOptions = {
    engine,
    emit,
    signal,
    origin,
    allResources: true,
    ...(ask && { ask }),
    ...(limit !== undefined && { limit }),
    ...(dryRun && { dryRun }),
    ...(separator !== undefined && { separator }),
    ...(removeOrphans && { removeOrphans }),
  }
  await bringUp(others, wishes, { furnished, without: service })
}

/** Waits for what the service's conditions ask of its dependencies. */
export async function dependenciesReady(
  project: Project,
  declared: Service,
  { engine, signal, noDeps, emit, separator = '-', origin }: AroundRun,
): Promise<void> {
  if (noDeps) return
  const members = await membersOf(engine, project.name)
  const waits = waiter(engine, project.name, { warn: problem => emit({ type: 'problem', problem }) })
  try {
    await Promise.all(
      [...dependencies(declared)].map(async ([service, { condition, required }]) => {
        const awaited = members.filter(m => m.service === service && !m.oneoff)
        const containers = awaited.map(m => m.id)
        if (condition === 'service_started' || containers.length === 0) return
        const step = { op: 'wait', containers, service, condition, required, timeout: 0 } as const
        const told = (state: StepEvent['state'], message?: string) => {
          for (const { name } of awaited)
            emit({
              type: 'step',
              id: 0,
              unit: containerUnit(name, project.name, separator),
              op: 'wait',
              condition,
              state,
              ...(message !== undefined && { message }),
            })
        }
        told('started')
        await waits
          .until(step, signal)
          .then(() => told('done'))
          .catch(async (error: unknown) => {
            if (error instanceof Error) told('failed', error.message)
            const unit = containerUnit(awaited[0]!.name, project.name, separator)
            if (required || !(error instanceof Error))
              throw await explained(error, step, unit, { engine, emit, signal, project, origin })
            emit({
              type: 'problem',
              problem: { code: 'optional-dependency-failed', severity: 'warning', message: error.message },
            })
          })
      }),
    )
  } finally {
    waits.close()
  }
}

import type { LogChunk } from '../engine/engine.ts'
import { patientEngine } from '../local/perform/patient-engine.ts'
import { isWait, type Performing, performer, type StartingContainer } from '../local/perform/perform.ts'
import { waiter } from '../local/perform/wait.ts'
import type { Step } from '../local/steps.ts'
import type { Project } from '../model/project.ts'
import { execute, finish, type Told } from '../plan/execute.ts'
import { isEmpty, type Plan, type Unit } from '../plan/plan.ts'
import type { Origin } from '../text/origin.ts'
import type { Problem } from '../text/problem.ts'
import { buildLog, checkProblem } from './images/build-log.ts'
import { withSharedBuilds } from './images/shared-builds.ts'
import { withoutUnpulled } from './images/unpulled.ts'
import type { ActionOptions } from './options.ts'
import { lineCutter } from './output/lines.ts'
import { witness } from './why/witness.ts'

export interface CarryOutOptions extends Pick<ActionOptions, 'engine' | 'emit' | 'signal' | 'limit'> {
  readonly project: string
  /** The project as declared and where, for telling why something failed and which line to change. */
  readonly declared?: Project
  readonly origin?: Origin
  readonly beforeStart?: (container: StartingContainer) => Promise<void>
  readonly outside?: Performing['outside']
}

/**
 * Executes a plan to its end and tells why containers failed. Throws PlanFailed where steps failed, the signal's reason
 * where it was aborted with something left to do.
 */
export async function carryOut(plan: Plan<Step>, options: CarryOutOptions): Promise<void> {
  if (isEmpty(plan)) return
  const { engine, signal, limit, project, beforeStart, outside } = options
  const emit = withSharedBuilds(plan, withoutUnpulled(options.emit))
  signal.throwIfAborted()
  const warn = (problem: Problem) => emit({ type: 'problem', problem })
  const patient = patientEngine(engine, { signal, warn })
  const { tap, seen } = witness()
  const waits = waiter(
    {
      inspectContainer: id => patient.inspectContainer(id),
      events: async (filter, cancel) => tap(await patient.events(filter, cancel)),
    },
    project,
    { warn },
  )
  const hooks = hookLog(emit)
  const builds = buildLog()
  const perform = performer({
    engine: patient,
    signal,
    waiter: waits,
    warn,
    progress: progress => {
      builds.printed(progress.unit, progress.text)
      emit({ type: 'progress', ...progress })
    },
    buildTold: (unit, told) => {
      builds.told(unit, told)
      if (told.kind === 'warning') emit({ type: 'problem', problem: checkProblem(told) })
      else emit({ type: 'build', unit, told })
    },
    async fetchContext(address, cancel) {
      const { contextFetcher } = await import('./images/remote-context.ts')
      return contextFetcher(options.declared?.environment ?? {})(address, cancel)
    },
    ...(beforeStart && { beforeStart }),
    ...(outside && { outside }),
    // Whoever attaches to containers hears their hooks among what they say.
    ...(beforeStart && { hookOutput: hooks.push }),
  })
  try {
    const outcome = await execute(plan, perform, { emit, signal, waits: isWait, ...(limit !== undefined && { limit }) })
    for (const { op, unit } of signal.aborted ? [] : outcome.failed) {
      const failure = op === 'build-image' ? builds.failure(unit) : undefined
      if (failure) emit(failure)
    }
    const told = new Map<string, Told>()
    if (outcome.failed.length > 0 && !signal.aborted) {
      // All that knows of causes is a third of what a command would load.
      const { failureEvents, withCauses } = await import('./why/failure.ts')
      for (const card of await failureEvents(plan, outcome, { ...options, events: seen() })) {
        emit(card)
        for (const [container, { hint, at }] of withCauses(card))
          told.set(container, { ...(hint !== undefined && { hint }), ...(at && { at }) })
      }
    }
    const failed = outcome.failed.map(one => {
      const cause = told.get(one.unit.name)
      return cause ? { ...one, told: cause } : one
    })
    finish({ ...outcome, failed }, signal)
  } finally {
    hooks.end()
    waits.close()
  }
}

/** What hooks print, line by line, as if their containers had said it. */
function hookLog(emit: ActionOptions['emit']) {
  const cutters = new Map<string, ReturnType<typeof lineCutter>>()
  const cutterOf = (container: string, service: string, stream: LogChunk['stream']) => {
    const key = `${stream} ${container}`
    const known = cutters.get(key) ?? lineCutter(line => emit({ type: 'log', container, service, stream, line }))
    cutters.set(key, known)
    return known
  }
  return {
    push: ({ short }: Unit, service: string, { stream, bytes }: LogChunk) =>
      cutterOf(short, service, stream).push(bytes),
    end() {
      for (const cutter of cutters.values()) cutter.end()
    },
  }
}

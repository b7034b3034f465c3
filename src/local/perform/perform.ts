import { tar } from '../../base/tar.ts'
import type { BuildTold } from '../../engine/build.ts'
import type { ContainerState, Engine, LogChunk } from '../../engine/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import { LABEL } from '../../model/names.ts'
import type { Kept } from '../../plan/execute.ts'
import type { Planned, Unit } from '../../plan/plan.ts'
import type { Problem } from '../../text/problem.ts'
import { type Building, buildImage } from '../build/image.ts'
import type { BuildSpec } from '../build/spec.ts'
import { filledIn } from '../filled-in.ts'
import { OWED } from '../hook-marks.ts'
import { pull } from '../images/pull.ts'
import { withoutTwins } from '../judge/twins.ts'
import type { OutsideStep } from '../outside.ts'
import { runHook } from '../run-hook.ts'
import { runToEnd } from '../run-to-end.ts'
import type { InjectedFile, Step } from '../steps.ts'
import { mark, unmark } from './mark-hooks.ts'
import { removeNetwork } from './remove-network.ts'
import { createdAnew, goneWhereGoing } from './unfinished.ts'
import { isWaitFailed, type Waiter } from './wait.ts'

export interface Performing {
  readonly engine: Engine
  readonly signal: AbortSignal
  readonly waiter: Waiter
  readonly warn: (problem: Problem) => void
  readonly progress?: (progress: Progress) => void
  /** Brings the context of a build here that lies elsewhere. */
  readonly fetchContext?: Building['fetchContext']
  /** What BuildKit tells of an image that it builds. */
  readonly buildTold?: (unit: Unit, told: BuildTold) => void
  /** What hooks print; told as progress without it. */
  readonly hookOutput?: (unit: Unit, service: string, chunk: LogChunk) => void
  /** Does what is not the engine's to do. */
  readonly outside?: (step: OutsideStep, unit: Unit) => Promise<void>
  /** Called just before each start: the place to attach to what the container is going to say. */
  readonly beforeStart?: (container: StartingContainer) => Promise<void>
}

export interface StartingContainer {
  readonly id: string
  /** The name that it is going to keep. */
  readonly name: string
  readonly service: string
  readonly number: number
  readonly state: ContainerState
}

export interface Progress {
  readonly unit: Unit
  readonly part?: string
  readonly text: string
  readonly current?: number
  readonly total?: number
}

/** Does steps on an engine, one call or wait each. Decides nothing. */
export function performer(context: Performing): (step: Step, planned: Planned<Step>) => Promise<Kept | void> {
  let starting: Promise<unknown> = Promise.resolve()
  /** One after the other, whatever became of the one before. */
  const serially = (run: () => Promise<void>): Promise<void> => {
    const result = starting.then(run, run)
    starting = result
    return result
  }
  return (step, planned) => perform(step, planned, context, serially)
}

/** The steps that wait rather than work: they hold no slot of the executor. */
export const isWait = (step: Step): boolean => step.op === 'wait'

async function perform(
  step: Step,
  planned: Planned<Step>,
  context: Performing,
  serially: (run: () => Promise<void>) => Promise<void>,
): Promise<Kept | void> {
  const { engine, signal } = context
  const cancel = { signal }
  const timed = { ...cancel, ...('timeout' in step && step.timeout !== undefined && { timeout: step.timeout }) }
  switch (step.op) {
    case 'pull-image':
      return pull(step, planned.unit, context)
    case 'build-image':
      if (step.unlessPresent && (await engine.inspectImage(step.build.tags[0]!))) return
      return build(step.build, planned, context)
    case 'remove-image':
      return engine.removeImage(step.image).catch(unless(step.tolerate, planned.unit, context))
    case 'create-network':
      await engine.createNetwork(step.name, step.spec).catch(async (error: unknown) => {
        // Another run may have made the same one at the same moment.
        const there = isEngineError(error, 'conflict') ? await engine.inspectNetwork(step.name) : undefined
        if (there?.labels[LABEL.config_hash] !== step.spec.labels[LABEL.config_hash]) throw error
      })
      return
    case 'remove-network':
      return removeNetwork(engine, step.network, context).catch(unless(step.tolerate, planned.unit, context))
    case 'connect-network':
      return withoutTwins(engine, () => engine.connectNetwork(step.network, step.container, step.endpoint))
    case 'disconnect-network':
      return engine.disconnectNetwork(step.network, step.container).catch(gone)
    case 'create-volume':
      return engine.createVolume(step.name, step.spec)
    case 'remove-volume':
      return engine
        .removeVolume(step.name)
        .catch(gone)
        .catch(unless(step.tolerate, planned.unit, context))
    case 'create-container': {
      const spec = step.late ? await filledIn(step.spec, step.late, engine) : step.spec
      // Not cancelled halfway, nor is starting: that is over soon, and an answer nobody waits for leaves a container nobody knows of.
      const onWarning = (words: string) => context.warn(limitWarning(planned.unit, words))
      await withoutTwins(engine, () => createdAnew(engine, step.name, spec, { onWarning }))
      return
    }
    case 'start-container': {
      const start = async () => {
        if (step.files.length > 0) await engine.putArchive(step.container, '/', archive(step.files))
        await attachBefore(step.container, planned.unit, context)
        await withoutTwins(engine, () => engine.startContainer(step.container))
      }
      return step.serial ? serially(start) : start()
    }
    case 'stop-container':
      return engine.stopContainer(step.container, timed).catch(gone)
    case 'restart-container':
      return engine.restartContainer(step.container, timed)
    case 'kill-container':
      return engine.killContainer(step.container, step.signal)
    case 'pause-container':
      return engine.pauseContainer(step.container)
    case 'unpause-container':
      return engine.unpauseContainer(step.container)
    case 'remove-container':
      return engine
        .removeContainer(step.container, { force: true, volumes: step.volumes, ...cancel })
        .catch(gone)
        .catch((error: unknown) => goneWhereGoing(error, engine, step.container, signal))
    case 'rename-container':
      return engine.renameContainer(step.container, step.to)
    case 'update-container':
      return engine.updateContainer(step.container, step.change)
    case 'run-hook':
      return runHook(step, planned.unit, context)
    case 'owe-hooks':
      await unmark(engine, step.container, step.stale)
      return mark(engine, step.container, { project: step.project, mark: OWED })
    case 'settle-hooks':
      return unmark(engine, step.container, step.marks)
    case 'run-to-end':
      return runToEnd(step, context)
    case 'call-provider':
    case 'pull-model':
    case 'configure-model':
      if (!context.outside) throw new Error(`nobody does ${step.op}`)
      return context.outside(step, planned.unit)
    case 'wait':
      return context.waiter.until(step, signal).catch((error: unknown) => {
        if (step.required || !isWaitFailed(error)) throw error
        context.warn({
          code: 'optional-dependency-failed',
          severity: 'warning',
          message: `optional dependency failed to start: ${error.message.replace(/^dependency failed to start: /, '')}`,
        })
      })
  }
}

/** The engine says this once: what runs afterwards has no such limit. */
const limitWarning = ({ short }: Unit, words: string): Problem => ({
  code: /kernel does not support/i.test(words) ? 'cgroup-limit-ignored' : 'engine-warning',
  severity: 'warning',
  message: `of "${short}" the engine says: ${words.replace(/^WARNING:? /, '')}`,
})

/** What is to go has gone already. */
function gone(error: unknown): void {
  if (!isEngineError(error, 'not-found')) throw error
}

/** Something that others still use stays, and the user is told. */
function unless(tolerate: boolean | undefined, unit: Unit, { warn }: Performing): (error: unknown) => Kept | void {
  return error => {
    if (!tolerate || !isEngineError(error, 'conflict', 'denied', 'not-found')) throw error
    if (error.reason === 'not-found') return
    warn({
      code: 'in-use',
      severity: 'warning',
      message: `${unit.kind} ${unit.name}: ${inUse}`,
      hint: error.message,
    })
    return { kept: inUse }
  }
}

const inUse = 'Resource is still in use'

async function build(
  spec: BuildSpec,
  { unit }: Planned<Step>,
  { engine, signal, warn, fetchContext, progress, buildTold }: Performing,
) {
  await buildImage(spec, {
    engine,
    signal,
    warn,
    fetchContext: fetchContext ?? (() => Promise.reject(new Error('nobody fetches build contexts here'))),
    ...(progress && { onOutput: (text: string) => progress({ unit, text }) }),
    ...(buildTold && { onTold: (told: BuildTold) => buildTold(unit, told) }),
  })
}

async function attachBefore(ref: string, unit: Unit, { engine, beforeStart }: Performing): Promise<void> {
  if (!beforeStart) return
  const { id, labels, state } = await engine.inspectContainer(ref)
  const number = Number(labels[LABEL.number] ?? 0)
  await beforeStart({ id, name: unit.name, service: labels[LABEL.service] ?? '', number, state })
}

function archive(files: readonly InjectedFile[]): AsyncIterable<Uint8Array> {
  return tar(
    files.map(({ path, content, uid, gid, mode }) => ({
      type: 'file' as const,
      path: path.replace(/^\/+/, ''),
      content: Buffer.from(content),
      uid,
      gid,
      mode,
    })),
  )
}

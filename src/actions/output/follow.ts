import { suggest } from '../../base/suggest.ts'
import { inOrder } from '../../model/graph.ts'
import type { Project } from '../../model/project.ts'
import { select } from '../../model/select.ts'
import { userError } from '../../text/problem.ts'
import type { Event } from '../event.ts'
import { restart, stop } from '../lifecycle.ts'
import { checkServices, isOneoff, labelOf, type Member, membersOf } from '../members.ts'
import { type PatienceOptions, patience } from '../patience.ts'
import { steadyEvents } from '../steady.ts'
import { type UpOptions, up } from '../up.ts'
import { crashes } from '../why/crash.ts'
import { witness } from '../why/witness.ts'
import { crew } from './crew.ts'

export interface AttachedOptions extends UpOptions {
  /** Aborts when it has to end at once: containers are killed. `signal` asks for an orderly end. */
  readonly force: AbortSignal
  /** Undefined while whoever listens keeps up; else reading waits. */
  readonly ready?: () => Promise<void> | undefined
  /** Tell only the output of these services. */
  readonly attach?: readonly string[]
  readonly noAttach?: readonly string[]
  readonly attachDependencies?: boolean
  /** Times of the engine with the lines. */
  readonly timestamps?: boolean
  /** Stop everything as soon as one container ends, or fails. */
  readonly abortOn?: 'exit' | 'failure'
  /** Give the exit code of this service's container. */
  readonly exitCodeFrom?: string
  /** As `patience` takes it. */
  readonly listens?: PatienceOptions['listens']
  /** Called once all is up, with what may be asked for then. */
  readonly control?: (hands: Hands) => void
}

/** What whoever watches may ask for, beside the end by `signal`. */
export interface Hands {
  /** Stops the services that were asked for; then the code is 0. */
  stop(): void
  /** Leaves all as it is; the code is 0. */
  detach(): void
  /** Restarts the services that were asked for. */
  restart(): Promise<void>
}

/**
 * Brings services up, stays, and tells what their containers print until all of them have ended. The signal stops the services
 * that were asked for. Gives the exit code: a container's own in the modes that ask for it, else 0.
 */
export async function upAttached(project: Project, options: AttachedOptions): Promise<number> {
  const { engine, emit, signal, abortOn, exitCodeFrom } = options
  const shown = shownServices(project, options)
  if (exitCodeFrom !== undefined && !project.services[exitCodeFrom])
    throw userError('no-such-service', `no such service: ${exitCodeFrom}: not found`)

  const end = new AbortController()
  const abort = new AbortController()
  const outcome = Promise.withResolvers<'empty' | 'abort' | 'interrupt' | 'stop' | 'detach'>()
  outcome.promise.catch(() => {})
  let isUp = false
  /** What ends now is to start again. */
  let restarting = false
  let code = 0
  /** Of the service whose code is asked for. */
  let itsCode: number | undefined
  /** What ends now was stopped. */
  let stopped = false
  /** Containers whose failing is told already. */
  const told = new Set<string>()
  const { heard, seen } = witness()
  const crashed = crashes(project, {
    engine,
    emit,
    origin: options.origin,
    signal: end.signal,
    seen,
    shows: service => shown.has(service),
  })
  const hands = crew({
    engine,
    emit,
    signal: end.signal,
    ready: options.ready,
    project: project.name,
    belongs: service => shown.has(service) || service === exitCodeFrom,
    shows: service => shown.has(service),
    timestamps: options.timestamps === true,
    ended(service, exited) {
      if (restarting) return
      if (service === exitCodeFrom) itsCode ??= exited
      if (abortOn === 'exit' || (abortOn === 'failure' && exited !== 0)) {
        if (!abort.signal.aborted) code = exited
        abort.abort()
        outcome.resolve('abort')
      } else if (isUp && hands.isEmpty()) outcome.resolve('empty')
    },
    failed: outcome.reject,
    crashed(whose, again) {
      if (!restarting && !stopped) crashed.ended(whose, again)
    },
  })
  const interrupt = () => outcome.resolve('interrupt')
  signal.addEventListener('abort', interrupt)

  try {
    const events = await steadyEvents(engine, { project: project.name }, end.signal)
    listen(events).catch(outcome.reject)
    const running = await membersOf(engine, project.name, { all: false })
    const here = running.filter(m => shown.has(m.service) && !m.oneoff)
    let attaching: Promise<unknown> | undefined
    const began = (event: Event) => {
      emit(event)
      if (event.type === 'container-failed') told.add(event.container)
      if (event.type !== 'plan') return
      if (attaching) return
      const touched = new Set(event.stages.flatMap(s => s.outline.steps).map(step => step.unit.name))
      const kept = here.filter(m => !touched.has(m.name))
      emit({ type: 'following', containers: followed(project, shown, options, here) })
      attaching = Promise.all(kept.map(member => hands.attach(member, false)))
      attaching.catch(outcome.reject)
    }
    await up(project, {
      ...options,
      emit: began,
      signal: AbortSignal.any([signal, abort.signal]),
      async beforeStart({ id, name, service, number }) {
        await options.beforeStart?.({ id, name, service, number, state: 'created' })
        if (shown.has(service) || service === exitCodeFrom)
          await hands.attach({ id, label: labelOf(name, project.name, service, number), service }, true)
      },
    })
      .finally(() => crashed.allUp(told))
      .catch(async (error: unknown) => {
        if (abort.signal.aborted || (signal.aborted && !hands.isEmpty())) return
        await crashed.settled()
        throw error
      })
    await attaching
    isUp = true
    if (hands.isEmpty()) outcome.resolve('empty')
    else
      options.control?.({
        stop: () => outcome.resolve('stop'),
        detach: () => outcome.resolve('detach'),
        restart: again,
      })
    const why = await outcome.promise
    stopped = true
    if (why === 'empty') await crashed.settled()
    if (why === 'empty' || why === 'detach') return 0
    emit({ type: 'stopping', because: why === 'abort' ? 'container-exit' : 'interrupted' })
    await stopAll(project, options)
    await hands.look({ closely: true })
    if (!signal.aborted) await crashed.settled()
    signal.throwIfAborted()
    if (why === 'stop') return 0
    return exitCodeFrom === undefined ? code : (itsCode ?? code)
  } finally {
    signal.removeEventListener('abort', interrupt)
    end.abort()
  }

  async function again(): Promise<void> {
    if (restarting) return
    restarting = true
    const patient = patience(project.name, options)
    try {
      await restart(project.name, project, { ...stopping(options), emit: patient.emit, signal })
    } catch (error) {
      if (!signal.aborted) outcome.reject(error)
    } finally {
      patient.close()
      restarting = false
    }
    // What runs is known, or will be as soon as its start is heard of.
    const running = await membersOf(engine, project.name, { all: false }).catch(() => [])
    if (hands.isEmpty() && !running.some(m => shown.has(m.service))) outcome.resolve('empty')
  }

  async function listen(events: Awaited<ReturnType<typeof steadyEvents>>): Promise<void> {
    for await (const event of events) {
      if (event) {
        heard(event)
        hands.heard(event)
      }
      // Until all is up, what starts is attached to as it does.
      else await hands.look({ starts: isUp })
    }
  }
}

/** What of the wishes is about stopping as well. */
function stopping({ engine, services = [], timeout, separator, limit }: AttachedOptions) {
  return {
    engine,
    services,
    ...(timeout !== undefined && { timeout }),
    ...(separator !== undefined && { separator }),
    ...(limit !== undefined && { limit }),
  }
}

/** Stops the services that were asked for; kills them when that is to end at once. */
async function stopAll(project: Project, options: AttachedOptions) {
  const { engine, emit, services = [], force } = options
  const patient = patience(project.name, options)
  try {
    await stop(project.name, project, {
      ...stopping(options),
      // Why everything stops is said already.
      emit: event => event.type !== 'plan' && patient.emit(event),
      signal: force,
    })
  } catch (error) {
    if (!force.aborted) throw error
    patient.close()
    const named = new Set(services.length > 0 ? services : Object.keys(project.services))
    const running = await membersOf(engine, project.name, { all: false })
    const doomed = running.filter(m => named.has(m.service) && !isOneoff(m.summary.labels))
    await Promise.all(
      doomed.map(async ({ id, name, label }, i) => {
        const step = {
          type: 'step',
          id: i,
          unit: { kind: 'container', name, short: label },
          op: 'kill-container',
        } as const
        emit({ ...step, state: 'started' })
        // One that ends by itself meanwhile cannot be killed, and need not be.
        await engine.killContainer(id, 'SIGKILL').catch(() => {})
        emit({ ...step, state: 'done' })
      }),
    )
  } finally {
    patient.close()
  }
}

/** Whose output is told: the services asked for and no dependency, unless it is said otherwise. */
function shownServices(project: Project, options: AttachedOptions): ReadonlySet<string> {
  const { services = [], noDeps = false, attach = [], noAttach = [], attachDependencies = false } = options
  const selected = select(project, { services, noDeps })
  const beside = attach.filter(name => !selected.services[name])
  if (beside.length > 0) {
    const near = suggest(beside[0]!, Object.keys(selected.services))
    throw userError(
      'no-such-service',
      `cannot attach to services not included in up: ${beside.join(', ')}`,
      near ? `did you mean "${near}"?` : 'name them among the services as well, or leave out --attach',
    )
  }
  checkServices(noAttach, project)
  const named = select(project, { services, noDeps: true })
  const names = attach.length > 0 ? attach : inOrder(attachDependencies ? selected : named)
  return new Set(
    names.filter(name => !noAttach.includes(name) && (attach.length > 0 || selected.services[name]!.attach !== false)),
  )
}

/** What "Attaching to" names: containers that run and will, sorted. */
function followed(
  project: Project,
  shown: ReadonlySet<string>,
  { scale = {}, separator = '-' }: UpOptions,
  here: readonly Member[],
) {
  const wanted = [...shown].flatMap(name => {
    const service = project.services[name]!
    if (service.container_name !== undefined) return [service.container_name]
    const count = scale[name] ?? service.scale ?? service.deploy?.replicas ?? 1
    return Array.from({ length: count }, (_, i) => `${name}${separator}${i + 1}`)
  })
  return [...new Set([...wanted, ...here.map(m => m.label)])].toSorted()
}

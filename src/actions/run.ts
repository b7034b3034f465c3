import { randomBytes } from 'node:crypto'
import type { ContainerSpec, LogChunk } from '../engine/engine.ts'
import { isEngineError } from '../engine/errors.ts'
import { seccompProfiles } from '../local/container/security.ts'
import { type DesiredService, desire } from '../local/desired.ts'
import { localImages } from '../local/images/images.ts'
import { observe } from '../local/observe.ts'
import { oneoffSpec } from '../local/oneoff.ts'
import { performer } from '../local/perform/perform.ts'
import { waiter } from '../local/perform/wait.ts'
import type { Step } from '../local/steps.ts'
import { containerUnit } from '../local/units.ts'
import type { Project, Service } from '../model/project.ts'
import { select } from '../model/select.ts'
import type { StepEvent } from '../plan/execute.ts'
import { userError } from '../text/problem.ts'
import { type Furnished, furnish } from './furnish.ts'
import { prepare } from './images/prepare.ts'
import { type AroundRun, bringUpDependencies, dependenciesReady } from './run-dependencies.ts'
import type { UpOptions } from './up.ts'
import { orNone } from './why/or-none.ts'
import { explained, explainKilled, KILLED } from './why/run-failure.ts'
import { wouldDo } from './would.ts'

export interface RunOptions extends AroundRun, Pick<UpOptions, 'pull' | 'build'> {
  /** What is different from the service as it is declared: command, environment, user … */
  readonly changes: Partial<Service>
  /** The container's name instead of `project-service-run-…`. */
  readonly name?: string
  /** Answer to the service's names on its networks. */
  readonly useAliases?: boolean
  /** Let the engine remove the container when it has ended. */
  readonly rm?: boolean
  /** Return once it runs. */
  readonly detach?: boolean
  readonly stdin?: AsyncIterable<Uint8Array>
  /** As `exec` of the engine has them. */
  readonly detachKeys?: string
  /** Aborts when nobody wants to see more of it; the container runs on, and the code is 0. */
  readonly letGo?: AbortSignal
  readonly onOutput?: (chunk: LogChunk) => Promise<void> | void
  /** Called once the container runs. */
  readonly onStart?: (container: {
    readonly id: string
    readonly name: string
    readonly resize: (size: Size) => Promise<void>
  }) => void
}

interface Size {
  readonly rows: number
  readonly columns: number
}

/** Runs a command in a new container of a service and gives its exit code; with `detach` 0, in a dry run 0 and no id. Throws UserError, PlanFailed, EngineError. */
export async function run(
  project: Project,
  service: string,
  options: RunOptions,
): Promise<{ readonly id?: string; readonly code: number }> {
  const { engine, emit, signal, separator = '-', changes, detach = false, origin } = options
  const selected = select(project, { services: [service], noDeps: options.noDeps === true })
  const declared = selected.services[service]
  if (!declared) throw userError('no-such-service', `no such service: ${service}`)
  if (declared.provider)
    throw userError(
      'no-container',
      `service "${service}" has no container to run: "${declared.provider.type}" provides it`,
    )
  const slug = randomBytes(32).toString('hex')
  const name = options.name ?? [project.name, service, 'run', slug.slice(0, 12)].join(separator)
  const changed = { ...withoutReplicas(declared), ...changes, container_name: name }
  const own: Project = { ...selected, services: { ...selected.services, [service]: changed } }
  const furnished = await furnish(own, {
    engine,
    emit,
    signal,
    origin,
    tell: problems => problems.forEach(problem => emit({ type: 'problem', problem })),
  })
  await bringUpDependencies(selected, service, options, furnished)
  await prepare(
    own,
    { ...options, services: [service] },
    preparation(options),
    () => true,
    key => key === service,
  )

  if (options.dryRun) {
    wouldDo(emit, containerUnit(name, project.name, separator), 'run')
    return { code: 0 }
  }
  await dependenciesReady(project, declared, options)
  signal.throwIfAborted()
  const { made, spec } = await container(service, name, slug, furnished, options)
  const unit = containerUnit(name, project.name, separator)
  const told = (op: string, state: StepEvent['state']) => emit({ type: 'step', id: 0, unit, op, state })
  const waits = waiter(engine, project.name, { warn: problem => emit({ type: 'problem', problem }) })
  const perform = performer({
    engine,
    signal,
    waiter: waits,
    warn: problem => emit({ type: 'problem', problem }),
  })
  const step = (made: Step) => perform(made, { id: 0, step: made, unit, why: [], after: [] })

  told('create-container', 'started')
  const id = await engine.createContainer(name, spec, { signal })
  told('create-container', 'done')
  const start = async () => {
    const starting: Step = { op: 'start-container', container: id, files: made.files, serial: made.serial }
    try {
      await step(starting)
    } catch (cause) {
      // Looked at before it is removed.
      const error = await explained(cause, starting, unit, { engine, emit, signal, project: own, origin })
      // The engine removes what has ended, not what has never run.
      if (options.rm) await engine.removeContainer(id, { force: true, volumes: true }).catch(alreadyGone)
      throw error
    } finally {
      waits.close()
    }
  }
  const hooks = async () => {
    for (const hook of made.postStart)
      await step({ op: 'run-hook', container: id, service, hook, when: 'post_start' }).catch((error: unknown) => {
        // What has ended already is not to be set up any more.
        if (!isEngineError(error, 'conflict', 'not-found')) throw error
      })
  }
  const resize = (size: Size) => engine.resizeTerminal(id, size)
  if (detach) {
    await start()
    await hooks()
    return { id, code: 0 }
  }
  const control = new AbortController()
  try {
    const { letGo, detachKeys } = options
    const cancel = { signal: letGo ? AbortSignal.any([control.signal, letGo]) : control.signal }
    const output = options.stdin
      ? await engine.attachWithInput(id, options.stdin, { ...cancel, ...(detachKeys !== undefined && { detachKeys }) })
      : await engine.attach(id, cancel)
    // Whoever runs it again by its name must find that free. The wait is asked for before the start, or a program that ends at once is gone before anybody waits.
    const ended = engine.waitContainer(id, { ...cancel, next: true, ...(options.rm && { removed: true }) })
    ended.catch(() => {})
    await start()
    options.onStart?.({ id, name, resize })
    const running = options.rm ? orNone(engine.inspectContainer(id)) : undefined
    const hooked = hooks()
    hooked.catch(() => {})
    for await (const chunk of output) await options.onOutput?.(chunk)
    await hooked
    const [code, seen] = [await ended, await running]
    if (code === KILLED && !signal.aborted)
      await orNone(explainKilled({ id, name, service, seen }, { engine, emit, signal, project: own, origin }))
    return { id, code }
  } catch (error) {
    if (options.letGo?.aborted && isEngineError(error, 'cancelled')) return { id, code: 0 }
    throw error
  } finally {
    control.abort()
  }
}

function preparation({ pull, build }: RunOptions) {
  return { ...(pull !== undefined && { pull }), ...(build && { build }) }
}

/** The container, made as those of `up` are. */
async function container(
  service: string,
  name: string,
  slug: string,
  { beside, contents, proxy }: Furnished,
  options: RunOptions,
): Promise<{ readonly made: DesiredService; readonly spec: ContainerSpec }> {
  const { engine, separator = '-', useAliases = false, rm = false, stdin } = options
  const project = beside.project()
  const [observed, images, seccomp] = await Promise.all([
    observe(engine, project.name),
    localImages(engine, project, separator),
    seccompProfiles(project),
  ])
  const { services } = desire(project, {
    separator,
    features: engine.info.features,
    images,
    // Nobody compares this container's hash, and its parents are named where it is made.
    parent: () => undefined,
    seccomp,
    contents,
    proxy,
  })
  const made = services.find(s => s.name === service)!
  return { made, spec: oneoffSpec(made, observed, { name, slug, useAliases, rm, stdin: stdin !== undefined }) }
}

/** What only replicas of a service have. */
function withoutReplicas(declared: Service): Service {
  const { container_name: _, restart: __, ports: ___, scale: ____, deploy, ...rest } = declared
  const { restart_policy: _____, replicas: ______, ...kept } = deploy ?? {}
  return { ...rest, ...(deploy && { deploy: kept }) }
}

/** Docker 28 removes what could not start as well, or is about to. */
function alreadyGone(error: unknown): void {
  if (!isEngineError(error, 'not-found', 'conflict')) throw error
}

import { dirname, join } from 'node:path'
import { isEngineError } from '../../engine/errors.ts'
import type { LiveEngine } from '../../engine/live.ts'
import type { Loaded } from '../../load/load.ts'
import type { Project } from '../../model/project.ts'
import { PlanFailed } from '../../plan/execute.ts'
import { type Problem, UserError } from '../../text/problem.ts'
import type { Emit, WatchEvent } from '../event.ts'
import type { ActionOptions } from '../options.ts'
import { hasChanges, planUp } from '../plan-up.ts'
import { batches } from './batches.ts'
import { contextIgnores, ignoreFilesOf } from './context-ignores.ts'
import { type Listening, listen } from './listening.ts'
import { rebuild, restartServices, runIn } from './reactions.ts'
import { isWithin, type Rule, watchRules } from './rules.ts'
import { syncer } from './syncer.ts'
import { type Trees, watchTrees } from './trees.ts'

export interface WatchOptions extends ActionOptions {
  readonly engine: LiveEngine
  /** All that have rules without it. */
  readonly services?: readonly string[]
  /** Remove images that a rebuild has left without a name. */
  readonly prune?: boolean
  /** Reads the project again, when one of its files has changed. */
  readonly reload?: () => Promise<Loaded>
  /** Do what a changed file asks for; else the plan is only shown. */
  readonly apply?: boolean
  /** Somebody else tells why containers crash. */
  readonly attached?: boolean
}

/**
 * Keeps containers in step with files that are being edited, until the signal aborts. A step that fails is told and tried again with
 * the next change. Throws UserError where nothing is to be watched, or where the system has no watchers left.
 */
export async function watch(loaded: Loaded, options: WatchOptions): Promise<void> {
  const { engine, emit, signal, services = [], reload, attached = false } = options
  const failure = Promise.withResolvers<never>()
  const over = new AbortController()
  const ending = AbortSignal.any([signal, over.signal])
  failure.promise.catch(() => {})
  let current = loaded
  let rules = await rulesOf(loaded.project, services, emit)
  let trees: Trees | undefined
  const sync = syncer(engine, loaded.project.name, emit, signal)
  sync.follow(rules)
  /** What failed, to be tried again. */
  let owed: Set<string> = new Set()

  const listening = listen({
    engine,
    emit,
    signal: ending,
    loaded: () => current,
    started: service => sync.catchUp(service),
    quiet: attached,
  })
  listening.ended.catch(failure.reject)

  const queue = batches(async paths => {
    try {
      const changed = (files: readonly string[]) => files.some(file => paths.has(file))
      if (changed(current.project.files)) await readAgain()
      else if (changed(ignoreFilesOf(current.project))) await ruleAgain()
      const all = new Set([...owed, ...paths])
      const { project, origin } = current
      owed = await react(all, {
        rules,
        sync,
        project,
        origin,
        options: { ...options, emit: listening.tell },
        listening,
      })
    } catch (error) {
      failure.reject(error)
    }
  })

  const open = async () => {
    const own = [...current.project.files.filter(file => file !== '-'), ...ignoreFilesOf(current.project)]
    const mine = await watchTrees(rootsOf(rules, own), {
      reaches: directory => rules.some(rule => rule.reaches(directory)),
      touched(path) {
        const wanting = rules.filter(rule => rule.wants(path))
        if (wanting.length > 0 || own.includes(path)) queue.touch(path, wanting.some(isCostly) || own.includes(path))
      },
      failed: failure.reject,
    })
    trees?.close()
    trees = mine
  }

  async function ruleAgain(): Promise<void> {
    rules = await rulesOf(current.project, services, emit)
    sync.follow(rules)
    await open()
  }

  async function readAgain(): Promise<void> {
    if (!reload) return
    try {
      current = await reload()
      await ruleAgain()
      await showOrApply(current, { ...options, emit: listening.tell })
    } catch (error) {
      if (!(error instanceof UserError) && !(error instanceof PlanFailed) && !isEngineError(error)) throw error
      tellFailure(error, emit)
    }
  }

  await open()
  const git = await watchGit(rootsOf(rules, current.project.files), queue.git)
  const initial = rules.filter(rule => rule.initial)
  if (initial.length > 0) await sync.whole(initial)
  emit({ type: 'watch-enabled', directories: trees!.size() })
  try {
    await Promise.race([failure.promise, aborted(signal)])
  } finally {
    git.close()
    trees?.close()
    await queue.close()
    over.abort()
  }
}

interface Reacting {
  readonly listening: Pick<Listening, 'acts'>
  readonly rules: readonly Rule[]
  readonly sync: ReturnType<typeof syncer>
  readonly project: Project
  readonly origin: Loaded['origin']
  readonly options: WatchOptions
}

/** Does what a batch of paths asks for: rebuilds, then files, then restarts, then commands. Gives what has to be tried again. */
async function react(
  paths: ReadonlySet<string>,
  { rules, sync, project, origin, options, listening }: Reacting,
): Promise<Set<string>> {
  const { emit } = options
  const owed = new Set<string>()
  const hits = rules
    .map(rule => ({ rule, paths: [...paths].filter(path => rule.wants(path)) }))
    .filter(hit => hit.paths.length > 0)
  if (hits.length > 0) listening.acts()
  const failing = async (concerned: readonly (typeof hits)[number][], work: () => Promise<WatchEvent[]>) => {
    try {
      for (const event of await work()) emit(event)
      return true
    } catch (error) {
      if (options.signal.aborted) return false
      for (const { paths } of concerned) for (const path of paths) owed.add(path)
      tellFailure(
        error,
        emit,
        concerned.map(c => c.rule.service),
      )
      return false
    }
  }

  const rebuilt = hits.filter(({ rule }) => rule.action === 'rebuild')
  if (rebuilt.length > 0) await failing(rebuilt, () => rebuild(rebuilt, project, origin, options))
  // What is built anew has its files with it.
  const done = new Set(rebuilt.map(({ rule }) => rule.service))
  const rest = hits.filter(({ rule }) => !done.has(rule.service))

  const synced = rest.filter(({ rule }) => rule.action.startsWith('sync'))
  const ok = new Set<Rule>()
  for (const hit of synced) if (await failing([hit], () => sync.send(hit.rule, hit.paths))) ok.add(hit.rule)

  const restarts = rest.filter(
    ({ rule }) => rule.action === 'restart' || (rule.action === 'sync+restart' && ok.has(rule)),
  )
  if (restarts.length > 0) await failing(restarts, () => restartServices(restarts, project, options))

  const commands = rest.filter(({ rule }) => rule.action === 'sync+exec' && ok.has(rule))
  for (const hit of commands) await failing([hit], () => runIn(hit.rule, project, options))
  return owed
}

async function rulesOf(project: Project, services: readonly string[], emit: Emit): Promise<readonly Rule[]> {
  const { rules, problems } = watchRules(project, services, await contextIgnores(project))
  for (const problem of problems) emit({ type: 'problem', problem })
  return rules
}

/** Each tree once: what lies in another one is watched with that, unless it is left out there. */
function rootsOf(rules: readonly Rule[], files: readonly string[]): readonly string[] {
  const paths = [...new Set(rules.map(rule => rule.path))]
  const trees = paths.filter(path => !paths.some(other => other !== path && isWithin(path, other)))
  return [...new Set([...trees, ...files])]
}

/** What does more than copy is not to be done twice where once will do. */
const isCostly = ({ action }: Rule): boolean => action !== 'sync'

/** A branch switch shows in .git/HEAD and .git/index.lock, wherever above the watched files the repository is. */
async function watchGit(roots: readonly string[], moved: (isWorking: boolean) => void): Promise<{ close(): void }> {
  const folders = new Set<string>()
  for (const root of roots) for (let at = root; at !== dirname(at); at = dirname(at)) folders.add(join(at, '.git'))
  const { existsSync, watch } = await import('node:fs')
  const watchers = [...folders]
    .filter(folder => existsSync(folder))
    .flatMap(folder => {
      try {
        return [
          watch(folder, (_, name) => {
            if (name === 'HEAD' || name === 'index.lock' || name === 'index')
              moved(existsSync(join(folder, 'index.lock')))
          }).on('error', () => {}),
        ]
      } catch {
        return []
      }
    })
  return {
    close: () => {
      for (const watcher of watchers) watcher.close()
    },
  }
}

/** The plan that a changed file comes to; done where that was asked for. */
async function showOrApply({ project, origin }: Loaded, options: WatchOptions): Promise<void> {
  const { emit, apply = false, services = [] } = options
  if (apply) {
    const { up } = await import('../up.ts')
    await up(project, { ...options, origin, services })
    return
  }
  const stages = await planUp(project, { ...options, origin, services })
  if (hasChanges(stages)) emit({ type: 'plan', stages })
}

function tellFailure(error: unknown, emit: Emit, services: readonly string[] = []): void {
  const problems: readonly Problem[] =
    error instanceof UserError
      ? error.problems.map(problem => ({ ...problem, severity: 'warning' as const }))
      : [
          {
            code: 'watch-step-failed',
            severity: 'warning',
            message: `${services.length > 0 ? `${[...new Set(services)].join(', ')}: ` : ''}${error instanceof Error ? error.message : String(error)}`,
            hint: 'it is tried again with the next change',
          },
        ]
  for (const problem of problems) emit({ type: 'problem', problem })
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

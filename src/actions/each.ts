import { reason } from '../local/judge/reasons.ts'
import type { Step } from '../local/steps.ts'
import { containerUnit } from '../local/units.ts'
import type { Project } from '../model/project.ts'
import { draft, isEmpty, outline } from '../plan/plan.ts'
import { carryOut } from './carry-out.ts'
import { claimed } from './claimed.ts'
import type { Stage } from './event.ts'
import { checkServices, type Member, membersOf } from './members.ts'
import type { ActionOptions } from './options.ts'

export interface EachOptions extends ActionOptions {
  /** All without it. */
  readonly services?: readonly string[]
}

export interface EachResult {
  readonly stages: readonly Stage[]
  /** Names of the containers that it was about. */
  readonly containers: readonly string[]
}

/** Sends a signal to running containers, those of `run` as well; `orphans` also to those of services that the file does not have. */
export function kill(
  name: string,
  project: Project | undefined,
  options: EachOptions & { readonly signalName?: string; readonly orphans?: boolean },
): Promise<EachResult> {
  const declared = (m: Member) => !project || options.orphans || Object.hasOwn(project.services, m.service)
  return each(
    name,
    project,
    options,
    'kill',
    m => isUp(m) && declared(m),
    ({ id: container }) => [{ op: 'kill-container', container, signal: options.signalName ?? 'SIGKILL' }],
  )
}

/** Freezes the processes of running containers. */
export function pause(name: string, project: Project | undefined, options: EachOptions): Promise<EachResult> {
  return each(
    name,
    project,
    options,
    'pause',
    m => isUp(m) && !m.oneoff,
    ({ id: container }) => [{ op: 'pause-container', container }],
  )
}

/** Lets frozen processes go on. */
export function unpause(name: string, project: Project | undefined, options: EachOptions): Promise<EachResult> {
  return each(
    name,
    project,
    options,
    'unpause',
    m => m.summary.state === 'paused' && !m.oneoff,
    ({ id: container }) => [{ op: 'unpause-container', container }],
  )
}

export interface RemoveOptions extends EachOptions {
  /** Stop those that run first; without it they stay. */
  readonly stop?: boolean
  /** Their anonymous volumes as well. */
  readonly volumes?: boolean
  /** Called with the names before anything is removed; false leaves all as it is. */
  readonly confirm?: (containers: readonly string[]) => Promise<boolean>
}

/** Removes containers that do not run. */
export function remove(name: string, project: Project | undefined, options: RemoveOptions): Promise<EachResult> {
  const { stop = false, volumes = false } = options
  return each(
    name,
    project,
    options,
    'remove',
    m => (stop || !isUp(m)) && !m.oneoff,
    member => [
      ...(isUp(member) ? [{ op: 'stop-container', container: member.id } as const] : []),
      { op: 'remove-container', container: member.id, volumes },
    ],
  )
}

const isUp = ({ summary: { state } }: Member) => state === 'running' || state === 'paused' || state === 'restarting'

/** The same steps for each container that it concerns, all at the same time. */
async function each(
  name: string,
  project: Project | undefined,
  options: RemoveOptions,
  verdict: string,
  concerns: (member: Member) => boolean,
  steps: (member: Member) => readonly Step[],
): Promise<EachResult> {
  const { engine, emit, signal, services = [], limit, dryRun, separator = '-', confirm } = options
  const planned = async (among?: ReadonlySet<string>) => {
    const members = await membersOf(engine, name)
    checkServices(services, project, members)
    const chosen = members.filter(
      m => (services.length === 0 || services.includes(m.service)) && concerns(m) && (!among || among.has(m.id)),
    )
    const why = [reason('asked')]
    const plan = draft<Step>()
    for (const member of chosen) {
      const unit = containerUnit(member.name, name, separator)
      plan.change(unit, verdict, why)
      let before: number | undefined
      for (const step of steps(member)) before = plan.add(unit, step, why, before)
    }
    const done = plan.done()
    const stages: readonly Stage[] = [{ name: 'change', outline: outline(done) }]
    return { chosen, plan: done, stages }
  }
  const { chosen, plan, stages } = await planned()
  const containers = chosen.map(m => m.name)
  emit({ type: 'plan', stages })
  if (isEmpty(plan) || dryRun || (confirm && !(await confirm(containers)))) return { stages, containers }
  const run = { engine, emit, signal, project: name, ...(limit !== undefined && { limit }) }
  // Who kills does not want to wait for a command that waits for what is to be killed.
  if (verdict === 'kill') await carryOut(plan, run)
  else
    await claimed(verdict, name, options, async ({ signal }) => {
      const now = await planned(new Set(chosen.map(m => m.id)))
      await carryOut(now.plan, { ...run, signal })
    })
  return { stages, containers }
}

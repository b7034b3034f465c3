import type { ContainerState, PublishedPort } from '../../engine/engine.ts'
import type { Project } from '../../model/project.ts'
import type { StepEvent } from '../../plan/execute.ts'
import type { Problem } from '../../text/problem.ts'
import type { Event, Stage } from '../event.ts'
import { type Command, commandOf } from './commands.ts'
import { pressed } from './keys.ts'

/** All that the dashboard knows. Drawing it needs nothing else but the size of the screen. */
export interface Dashboard {
  readonly name: string
  readonly project: Project | undefined
  readonly containers: readonly LiveRow[]
  /** By container's id. */
  readonly usage: ReadonlyMap<string, Used>
  /** The service that keys are about; undefined where there is none. */
  readonly selected: string | undefined
  readonly view: 'services' | 'logs' | 'graph' | 'plan' | 'account' | 'keys'
  readonly logs: LogView
  /** How many lines a view that is taller than the screen is moved by. */
  readonly offset: number
  /** What is being typed. */
  readonly input?: { readonly of: 'search' | 'filter'; readonly text: string }
  readonly question?: string
  /** What runs now, and the last step of it. */
  readonly working?: { readonly command: Command; readonly step?: StepEvent }
  /** What the last command told beside its steps, and how it ended. */
  readonly account: Account
  readonly stages?: readonly Stage[]
  /** The engine does not answer: what is shown is how it was. */
  readonly away: boolean
  /** One line for whoever sits there: that a key does nothing here, and why. */
  readonly note: string
}

/** A container of the project. */
export interface LiveRow {
  readonly id: string
  readonly service: string
  /** "web-1" */
  readonly label: string
  readonly state: ContainerState
  readonly health?: 'starting' | 'healthy' | 'unhealthy'
  readonly exitCode: number
  readonly restarts: number
  readonly ports: readonly PublishedPort[]
}

export interface Used {
  /** 1 is one CPU. */
  readonly cpus: number
  readonly memory: number
  /** 0 where there is none. */
  readonly limit: number
}

export interface LogLine {
  readonly container: string
  readonly service: string
  readonly text: string
}

export interface LogView {
  readonly lines: readonly LogLine[]
  /** Of all services, not only of the selected one. */
  readonly merged: boolean
  /** Only lines that hold it. */
  readonly filter: string
  /** Lines that hold it are marked, and jumped to. */
  readonly search: string
  /** The newest line is at the bottom, and stays there. */
  readonly follow: boolean
  /** How many of the lines shown are below the bottom. */
  readonly back: number
}

export interface Account {
  readonly command?: Command
  readonly told: readonly Extract<
    Event,
    { readonly type: 'problem' | 'container-failed' | 'finding' | 'build-failed' }
  >[]
  readonly failed: boolean
}

/** What happens to a dashboard. */
export type Happening =
  | { readonly type: 'project'; readonly project: Project }
  | { readonly type: 'containers'; readonly containers: readonly LiveRow[] }
  | { readonly type: 'usage'; readonly usage: ReadonlyMap<string, Used> }
  | { readonly type: 'log-lines'; readonly lines: readonly LogLine[] }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'began'; readonly command: Command }
  | { readonly type: 'told'; readonly event: Event }
  | { readonly type: 'planned'; readonly stages: readonly Stage[] }
  | { readonly type: 'ended'; readonly command: Command; readonly problems?: readonly Problem[] }
  | { readonly type: 'asked'; readonly question: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'engine'; readonly away: boolean }

/** What a key asks of the world. */
export type Wish =
  | { readonly do: 'run'; readonly command: Command }
  | { readonly do: 'answer'; readonly yes: boolean }
  | { readonly do: 'cancel' }
  | { readonly do: 'pause' }
  | { readonly do: 'quit' }

export interface Next {
  readonly state: Dashboard
  readonly wish?: Wish
}

/** Lines of logs that are kept. */
const kept = 5000

export function newDashboard(name: string, project: Project | undefined): Dashboard {
  const logs = { lines: [], merged: true, filter: '', search: '', follow: true, back: 0 }
  const base = {
    name,
    project,
    containers: [],
    usage: new Map(),
    view: 'services',
    logs,
    offset: 0,
    away: false,
    note: '',
  } as const
  return selecting({ ...base, selected: undefined, account: { told: [], failed: false } })
}

/** The dashboard after something has happened, and what that asks for. */
export function next(state: Dashboard, happening: Happening): Next {
  switch (happening.type) {
    case 'key':
      return pressed(state.note === '' ? state : { ...state, note: '' }, happening.key)
    case 'project':
      return { state: selecting({ ...state, project: happening.project }) }
    case 'containers':
      return { state: selecting({ ...state, containers: happening.containers }) }
    case 'usage':
      return { state: { ...state, usage: happening.usage } }
    case 'log-lines':
      return { state: { ...state, logs: longer(state, happening.lines) } }
    case 'began': {
      const { command } = happening
      return { state: { ...state, working: { command }, account: { command, told: [], failed: false } } }
    }
    case 'told':
      return { state: told(state, happening.event) }
    case 'planned':
      return { state: { ...state, stages: happening.stages, view: 'plan', offset: 0 } }
    case 'ended':
      return { state: ended(state, happening) }
    case 'asked':
      return { state: { ...state, question: happening.question } }
    case 'note':
      return { state: { ...state, note: happening.text } }
    case 'engine':
      return { state: state.away === happening.away ? state : { ...state, away: happening.away } }
  }
}

/** Names of the services that are declared, or that containers bear, sorted. */
export function servicesOf({ project, containers }: Pick<Dashboard, 'project' | 'containers'>): readonly string[] {
  return [...new Set([...Object.keys(project?.services ?? {}), ...containers.map(c => c.service)])].toSorted()
}

/** Whether something is wrong with a container that "gantry why" may know the cause of. */
export const fails = ({ state, health, exitCode }: LiveRow): boolean =>
  state === 'restarting' ||
  state === 'dead' ||
  // 130 and 143: it was told to end, and did (SIGINT, SIGTERM).
  (state === 'exited' && ![0, 130, 143].includes(exitCode)) ||
  (state === 'running' && health === 'unhealthy')

/** The lines that the log shows, oldest first. */
export function shownLines({ logs, selected }: Pick<Dashboard, 'logs' | 'selected'>): readonly LogLine[] {
  return logs.lines.filter(line => isShown(line, logs, selected))
}

const isShown = (line: LogLine, { merged, filter }: LogView, selected: string | undefined) =>
  (merged || line.service === selected) && holds(line, filter)

/** Whether a line holds a text, in whatever case. */
export const holds = ({ text, container }: LogLine, wanted: string): boolean =>
  wanted === '' || `${container} ${text}`.toLowerCase().includes(wanted.toLowerCase())

function longer({ logs, selected }: Dashboard, lines: readonly LogLine[]): LogView {
  // What is looked at stays where it is while lines come.
  const more = logs.follow ? 0 : lines.filter(line => isShown(line, logs, selected)).length
  return { ...logs, lines: [...logs.lines, ...lines].slice(-kept), back: logs.back + more }
}

function told(state: Dashboard, event: Event): Dashboard {
  if (event.type === 'step') {
    if (!state.working || event.state === 'skipped') return state
    return { ...state, working: { ...state.working, step: event } }
  }
  if (
    event.type !== 'problem' &&
    event.type !== 'container-failed' &&
    event.type !== 'finding' &&
    event.type !== 'build-failed'
  )
    return state
  return { ...state, account: { ...state.account, told: [...state.account.told, event] } }
}

function ended(
  state: Dashboard,
  { command, problems = [] }: Extract<Happening, { readonly type: 'ended' }>,
): Dashboard {
  const { working: _, question: __, ...rest } = state
  const failed = problems.length > 0
  const more = problems.map(problem => ({ type: 'problem', problem }) as const)
  const account = { command, told: [...state.account.told, ...more], failed }
  if (failed) return { ...rest, account, view: 'account', offset: 0 }
  if (command.verb === 'why')
    return account.told.length > 0
      ? { ...rest, account, view: 'account', offset: 0 }
      : { ...rest, account, note: `nothing is wrong with ${command.service}` }
  // A plan that has been applied says nothing any more.
  const { stages: ___, ...applied } = rest
  const done =
    command.verb === 'plan' ? rest : { ...applied, ...(rest.view === 'plan' && { view: 'services' as const }) }
  return { ...done, account, note: command.verb === 'plan' ? '' : `done: ${commandOf(command)}` }
}

/** A service that is gone is selected no more. */
function selecting(state: Dashboard): Dashboard {
  const names = servicesOf(state)
  if (state.selected !== undefined && names.includes(state.selected)) return state
  return { ...state, selected: names[0] }
}

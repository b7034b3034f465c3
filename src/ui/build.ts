import type { BuildEvent, BuildFailedEvent, BuildTold } from '../actions/event.ts'
import { clean, cleanLines } from './clean.ts'
import type { Paint } from './paint.ts'
import { fit } from './width.ts'
import { size, took } from './words.ts'

type Vertex = Extract<BuildTold, { kind: 'vertex' }>

/** One step of a build and how far it is. */
export interface BuildStep {
  readonly number: number
  name: string
  state: Vertex['state']
  /** When it began here; how long it took, by the engine's clock. */
  readonly began: number
  elapsed: number | undefined
  /** The last line that it printed. */
  last: string
  amounts: Map<string, { readonly current: number; readonly total: number }>
}

/** The steps of one build, in the order in which they began. */
export function buildSteps(numbered: () => number = counter()) {
  const steps = new Map<string, BuildStep>()
  return {
    /** The step that this is about, once it has begun. */
    heard(told: BuildTold): BuildStep | undefined {
      if (told.kind === 'warning') return undefined
      const known = steps.get(told.id)
      if (told.kind === 'vertex') {
        const step: BuildStep = known ?? {
          number: numbered(),
          name: clean(told.name),
          state: told.state,
          began: performance.now(),
          elapsed: undefined,
          last: '',
          amounts: new Map(),
        }
        step.state = told.state
        step.elapsed = told.elapsed
        steps.set(told.id, step)
        return step
      }
      if (!known) return undefined
      if (told.kind === 'amount') known.amounts.set(told.what, { current: told.current, total: told.total ?? 0 })
      else known.last = cleanLines(told.text).findLast(line => line.trim() !== '') ?? known.last
      return known
    },
    all: () => [...steps.values()],
  }
}

export type BuildSteps = ReturnType<typeof buildSteps>

/** 1, 2, 3 … */
export function counter(): () => number {
  let count = 0
  return () => ++count
}

const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/** A step on one line of a terminal: `✔ [2/3] RUN make  1.2s`. */
export function stepLine(step: BuildStep, columns: number, paint: Paint): string {
  const { name, state, began, elapsed, last } = step
  const marks = {
    started: paint('cyan', spinner[Math.floor(performance.now() / 100) % spinner.length]!),
    done: paint('green', '✔'),
    cached: paint('green', '✔'),
    failed: paint('red', '✘'),
    cancelled: paint('yellow', '!'),
  }
  const time = state === 'cached' ? 'CACHED' : took(elapsed ?? performance.now() - began)
  const said = state === 'started' ? amountText(step) || last : state === 'cancelled' ? 'cancelled' : ''
  const room = Math.max(10, columns - 7 - time.length - 2)
  const text = said === '' ? name : `${fit(name, Math.floor(room * 0.6))}  ${said}`
  return `   ${marks[state]} ${fit(text, room)}  ${time}`
}

/** What of a build's steps is left on the screen: not how BuildKit looks for the Dockerfile, unless that failed. */
export function isShown({ name, state }: BuildStep, last: boolean): boolean {
  return !name.startsWith('[internal]') || state === 'failed' || (state === 'started' && !last)
}

/** `12MB / 34MB` over all that a step transfers. */
function amountText({ amounts }: BuildStep): string {
  const all = [...amounts.values()]
  const sum = (key: 'current' | 'total') => all.reduce((total, amount) => total + amount[key], 0)
  const [current, total] = [sum('current'), sum('total')]
  if (current === 0) return ''
  return total === 0 ? size(current, 3) : `${size(Math.min(current, total), 3)} / ${size(total, 3)}`
}

/** Builds as lines for pipes and files, the way BuildKit's own plain output goes: `#3 [2/3] RUN make`, `#3 DONE 1.2s`. */
export function buildLines(several: () => boolean): (event: BuildEvent) => string {
  const number = counter()
  const builds = new Map<string, BuildSteps>()
  /** What is printed may end within a line. */
  const open = new Map<string, string>()
  /** How each ended last: BuildKit looks at some several times. */
  const ended = new Map<string, string>()
  return ({ unit, told }) => {
    const steps = builds.get(unit.name) ?? buildSteps(number)
    builds.set(unit.name, steps)
    const before = told.kind === 'vertex' ? steps.all().length : 0
    const step = steps.heard(told)
    if (!step) return ''
    const id = `#${step.number}`
    const out: string[] = []
    if (told.kind === 'output') {
      const lines = ((open.get(id) ?? '') + told.text).split('\n')
      open.set(id, lines.pop()!)
      out.push(...lines.map(line => printed(step, clean(line))))
    }
    if (told.kind === 'amount' && told.done && told.what.startsWith('transferring'))
      out.push(`${id} ${clean(told.what)} ${size(told.current, 3)} done`)
    if (told.kind === 'vertex') {
      if (steps.all().length > before) out.push(`${id} ${several() ? `${clean(unit.short)} ` : ''}${step.name}`)
      const rest = open.get(id)
      if (told.state !== 'started' && rest) out.push(printed(step, clean(rest)))
      if (told.state !== 'started') open.delete(id)
      const end = {
        started: '',
        done: `DONE ${took(told.elapsed ?? 0)}`,
        cached: 'CACHED',
        failed: `ERROR: ${clean(told.error ?? '')}`,
        cancelled: 'CANCELED',
      }[told.state]
      if (end !== '' && ended.get(id) !== end) out.push(`${id} ${end}`)
      if (end !== '') ended.set(id, end)
    }
    return out.map(line => `${line}\n`).join('')
  }
}

function printed({ number, began }: BuildStep, line: string): string {
  return `#${number} ${((performance.now() - began) / 1000).toFixed(3)} ${line}`.trimEnd()
}

/** A step as `--progress json` tells it; nothing of what it only repeats. */
export function buildJson(steps: BuildSteps, { unit, told }: BuildEvent): object | undefined {
  const step = steps.heard(told)
  if (!step) return undefined
  const about = { id: step.name, parent_id: `Image ${unit.name}` }
  switch (told.kind) {
    case 'vertex': {
      const status = {
        started: 'Working',
        done: 'Done',
        cached: 'Done',
        failed: 'Error',
        cancelled: 'Warning',
      } as const
      const text = {
        started: 'Building',
        done: 'Built',
        cached: 'Cached',
        failed: 'Error',
        cancelled: 'Canceled',
      } as const
      return {
        ...about,
        status: status[told.state],
        text: text[told.state],
        ...(told.error !== undefined && { details: told.error }),
        ...(told.elapsed !== undefined && { elapsed: Math.round(told.elapsed) }),
        unit,
      }
    }
    case 'output':
      return { ...about, status: 'Working', text: 'Building', details: told.text, unit }
    case 'amount': {
      const { current, total } = told
      return { ...about, status: 'Working', text: told.what, current, ...(total !== undefined && { total }), unit }
    }
    case 'warning':
      return undefined
  }
}

/** The step at which a build failed, and what it said last. */
export function buildCard({ unit, step, output, omitted }: BuildFailedEvent, paint: Paint): string {
  const out = [`${paint('red', '✘')} ${paint('bold', clean(unit.short))}: ${clean(step)}`]
  if (omitted > 0) out.push(`  ${paint('dim', `… ${omitted} lines before`)}`)
  out.push(...output.map(line => `  ${paint('dim', '|')} ${clean(line)}`.trimEnd()))
  return `${out.join('\n')}\n`
}

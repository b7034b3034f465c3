import type { ListrEventManager } from 'listr2'
import type { Event, Stage } from '../actions/event.ts'
import type { Unit } from '../plan/plan.ts'
import { type Live, live } from './live.ts'
import { failureCard } from './failure.ts'
import { idOf, narrator, stoppingText, type Told } from './narrate.ts'
import type { Paint } from './paint.ts'
import { planText } from './plan.ts'
import { problemText } from './problems.ts'
import type { Progress, ProgressOptions } from './renderer.ts'
import { fit } from './width.ts'
import { size, took } from './words.ts'

/** One thing of a plan and how far it is. */
interface Row {
  readonly id: string
  /** Steps that have not ended. */
  left: number
  told: Told | undefined
  /** When its first step began; how long it took once it has ended. */
  began: number | undefined
  took: number | undefined
  readonly parts: Map<string, { current: number; total: number }>
  readonly end: PromiseWithResolvers<void>
}

/** Draws a line for each thing of the plan at the bottom of the terminal, while it changes. */
export function tasks({ out, verb, paint, brief, flush }: ProgressOptions): Progress {
  const rows = new Map<string, Row>()
  const tell = narrator()
  let region: Live | undefined
  let shownPlan = ''
  let heading = verb

  const rowOf = (unit: Unit): Row => {
    const id = idOf(unit)
    let row = rows.get(id)
    if (!row) {
      row = {
        id,
        left: 0,
        told: undefined,
        began: undefined,
        took: undefined,
        parts: new Map(),
        end: Promise.withResolvers(),
      }
      // A row that no listr2 task waits for may end badly, too.
      row.end.promise.catch(() => {})
      rows.set(id, row)
    }
    return row
  }

  const spin = { timer: undefined as NodeJS.Timeout | undefined }
  const begin = () => {
    if (region) return
    const drawn = live(out, most => frame([...rows.values()], heading, most, out.columns || 80, paint), flush)
    region = drawn
    spin.timer = setInterval(() => drawn.changed(), 100)
  }

  const planned = (stages: readonly Stage[]) => {
    for (const row of rows.values()) row.left = 0
    const fresh = stages
      .flatMap(({ outline }) => outline.steps)
      .filter(({ unit }) => {
        const row = rows.get(idOf(unit))
        rowOf(unit).left++
        return row === undefined
      })
    if (fresh.length === 0) return
    begin()
    void run([...new Set(fresh.map(step => rowOf(step.unit)))], () => region?.changed())
  }

  const on = (event: Event) => {
    if (event.type === 'plan') {
      const text = planText(event.stages, paint, { brief })
      if (text !== '' && text !== shownPlan) above(() => out.write(`${text}\n`))
      shownPlan = text
      planned(event.stages)
    } else if (event.type === 'problem') above(() => out.write(problemText(event.problem, paint)))
    else if (event.type === 'container-failed') above(() => out.write(failureCard(event, paint)))
    else if (event.type === 'stopping') {
      above(() => out.write(`${stoppingText(event.because)}\n`))
      heading = 'stop'
    }
    const told = tell(event)
    if (event.type === 'step') stepped(rowOf(event.unit), event.state)
    if (!told?.unit) return
    begin()
    const row = rowOf(told.unit)
    if (told.part !== undefined) row.parts.set(told.part, { current: told.current ?? 0, total: told.total ?? 0 })
    else row.told = told
    region?.changed()
  }

  /** Leaves the lines where they are; what comes later begins below. */
  const settle = () => {
    clearInterval(spin.timer)
    for (const row of rows.values()) row.end.resolve()
    region?.close()
    region = undefined
    rows.clear()
  }
  const above = (write: () => void) => {
    if (region && [...rows.values()].every(row => row.left <= 0 && !isWorking(row))) settle()
    if (region) region.above(write)
    else write()
  }

  return {
    on,
    above,
    close: async () => settle(),
  }
}

function stepped(row: Row, state: 'started' | 'done' | 'failed' | 'skipped'): void {
  if (state === 'started') {
    row.began ??= performance.now()
    row.took = undefined
    return
  }
  row.left--
  if (row.left > 0) return
  if (row.began !== undefined) row.took = performance.now() - row.began
  if (state === 'failed') row.end.reject(new Error(row.told?.details ?? 'failed'))
  else row.end.resolve()
}

/** Hands the rows to listr2 as tasks that only wait for their last step. */
async function run(rows: readonly Row[], changed: () => void): Promise<void> {
  const { Listr, ListrEventType } = await import('listr2')
  // listr2's own renderer draws everything at every event, which is quadratic; this one only says that something changed.
  class Throttled {
    static nonTTY = true
    static rendererOptions: Record<string, never>
    static rendererTaskOptions: Record<string, never>
    readonly #events: ListrEventManager | undefined
    constructor(_tasks: unknown, _options: unknown, events?: ListrEventManager) {
      this.#events = events
    }
    render = () => this.#events?.on(ListrEventType.SHOULD_REFRESH_RENDER, changed)
    end = () => this.#events?.off(ListrEventType.SHOULD_REFRESH_RENDER, changed)
  }
  await new Listr(
    rows.map(row => ({ title: row.id, task: () => row.end.promise })),
    // Its own listener for SIGINT would end the process with 127.
    {
      concurrent: true,
      exitOnError: false,
      renderer: Throttled,
      fallbackRenderer: Throttled,
      registerSignalListeners: false,
    },
  ).run()
}

const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/** The header and a line a row, at most `most` lines; what does not fit is counted. What works or failed is kept before what is done. */
function frame(rows: readonly Row[], verb: string, most: number | undefined, columns: number, paint: Paint): string[] {
  const told = rows.filter(row => row.told !== undefined || most !== undefined)
  const done = rows.filter(isDone).length
  const header = `[+] ${verb} ${done}/${rows.length}`
  const room = most === undefined ? told.length : most - 1
  const kept = told.length <= room ? told : chosen(told, Math.max(0, room - 1))
  const wide = Math.min(Math.floor(columns * 0.6), Math.max(0, ...kept.map(row => row.id.length)))
  const hidden = told.length - kept.length
  return [
    header,
    ...kept.map(row => line(row, wide, columns, paint)),
    ...(hidden > 0 && room > 0 ? [` … ${hidden} more`] : []),
  ]
}

const isDone = (row: Row) => row.told?.status === 'Done' && row.left <= 0
const isWorking = (row: Row) => row.told?.status === 'Working' || (row.told?.status === 'Done' && row.left > 0)

function chosen(rows: readonly Row[], room: number): readonly Row[] {
  const rank = (row: Row) => (row.told?.status === 'Error' ? 0 : isWorking(row) ? 1 : isDone(row) ? 2 : 3)
  const kept = new Set(rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, room))
  return rows.filter(row => kept.has(row))
}

function line(row: Row, wide: number, columns: number, paint: Paint): string {
  const { told, began } = row
  const mark =
    told === undefined
      ? ' '
      : told.status === 'Error'
        ? paint('red', '✘')
        : told.status === 'Warning'
          ? paint('yellow', '!')
          : isDone(row)
            ? paint('green', '✔')
            : paint('cyan', spinner[Math.floor(performance.now() / 100) % spinner.length]!)
  const time = began === undefined ? '' : took(row.took ?? performance.now() - began)
  const text = [fit(row.id, wide).padEnd(wide), (told?.text ?? '').padEnd(10), bar(row), told?.details ?? '', time]
  return ` ${mark} ${fit(text.filter((part, i) => i < 2 || part !== '').join('  '), Math.max(10, columns - 5))}`.trimEnd()
}

/** `[⣿⣿⣀⣀] 12MB / 34MB` over all layers. */
function bar({ parts, told }: Row): string {
  if (told?.status !== 'Working' || parts.size === 0) return ''
  const all = [...parts.values()]
  const total = all.reduce((sum, part) => sum + part.total, 0)
  const current = all.reduce((sum, part) => sum + Math.min(part.current, part.total), 0)
  if (total === 0) return ''
  const filled = Math.round((current / total) * 10)
  return `[${'⣿'.repeat(filled)}${'⣀'.repeat(10 - filled)}] ${size(current, 3)} / ${size(total, 3)}`
}

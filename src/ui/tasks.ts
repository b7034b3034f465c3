import type { ListrEventManager } from 'listr2'
import type { Event, Stage } from '../actions/event.ts'
import type { Unit } from '../plan/plan.ts'
import { buildCard, buildSteps } from './build.ts'
import { failureCard } from './failure.ts'
import { findingText } from './findings.ts'
import { heard as heardLayer } from './layers.ts'
import { type Live, live } from './live.ts'
import { idOf, narrator, stoppingText } from './narrate.ts'
import { planText } from './plan.ts'
import { problemText } from './problems.ts'
import type { Progress, ProgressOptions } from './renderer.ts'
import { frame, isWorking, type Row } from './task-frame.ts'

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
        layers: new Map(),
        steps: buildSteps(),
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
    else if (event.type === 'finding') above(() => out.write(findingText(event.finding, paint)))
    else if (event.type === 'stopping') {
      above(() => out.write(`${stoppingText(event.because)}\n`))
      heading = 'stop'
    } else if (event.type === 'build-failed') above(() => out.write(buildCard(event, paint)))
    if (event.type === 'build') {
      begin()
      rowOf(event.unit).steps.heard(event.told)
      region?.changed()
      return
    }
    const told = tell(event)
    if (event.type === 'step') stepped(rowOf(event.unit), event.state)
    if (!told?.unit) return
    begin()
    const row = rowOf(told.unit)
    if (told.part !== undefined) row.layers.set(told.part, heardLayer(row.layers.get(told.part), told))
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

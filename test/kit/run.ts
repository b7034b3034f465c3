import { type DownOptions, down } from '../../src/actions/down.ts'
import type { Event } from '../../src/actions/event.ts'
import { type PlanOptions, planUp } from '../../src/actions/plan-up.ts'
import { type UpResult, up } from '../../src/actions/up.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Project } from '../../src/model/project.ts'
import { type Change, format, type Outline } from '../../src/plan/plan.ts'
import { nowhere } from '../../src/text/origin.ts'

interface Run {
  readonly engine: Engine
}

export const quietly = ({ engine }: Run, events: Event[] = []) => ({
  engine,
  emit: (event: Event) => void events.push(event),
  signal: new AbortController().signal,
  origin: nowhere,
})

export function upWith(
  run: Run,
  project: Project,
  options: Partial<PlanOptions> = {},
  events?: Event[],
): Promise<UpResult> {
  return up(project, { ...quietly(run, events), ...options })
}

export function downWith(run: Run, project: Project, options: Partial<DownOptions> = {}, events?: Event[]) {
  return down(project.name, project, { ...quietly(run, events), ...options })
}

/** What `gantry plan` tells, a line for each change: `web-1 replace: image "a" -> "b"`. */
export async function changesOf(run: Run, project: Project, options: Partial<PlanOptions> = {}): Promise<string> {
  const stages = await planUp(project, { ...quietly(run), ...options })
  return stages.flatMap(s => s.outline.changes.map(line)).join('\n')
}

function line({ unit, verdict, why }: Change): string {
  const reasons = why.map(({ code, path, from, to }) => {
    const values =
      from !== undefined && to !== undefined ? ` "${from}" -> "${to}"` : (from ?? to ?? '') && ` "${from ?? to}"`
    return `${code}${path === undefined ? '' : ` ${path}`}${values}`
  })
  return `${unit.short} ${verdict}: ${reasons.join(', ')}`
}

/** The steps of what `up` would do, a line each: `[1,2] -> #3 shop-web-1: create-container (missing)`. */
export async function stepsOf(run: Run, project: Project, options: Partial<PlanOptions> = {}): Promise<string> {
  const stages = await planUp(project, { ...quietly(run), ...options })
  const [outline] = stages.filter(s => s.name === 'change').map(s => s.outline)
  return formatted(outline!)
}

/** An outline as `format` writes a plan. */
export function formatted({ steps }: Outline): string {
  return format({ changes: [], questions: [], steps: steps.map(({ op, ...rest }) => ({ ...rest, step: { op } })) })
}

import type { Stage } from '../actions/event.ts'
import type { Problem } from '../text/problem.ts'
import { type BuildSteps, buildCard, buildJson, buildLines, buildSteps } from './build.ts'
import { cleanLines } from './clean.ts'
import { failureCard } from './failure.ts'
import { findingJson, findingText } from './findings.ts'
import { narrator, type Told } from './narrate.ts'
import { paint } from './paint.ts'
import { planJson, planText } from './plan.ts'
import { problemText, warningJson } from './problems.ts'
import type { Progress, ProgressOptions } from './renderer.ts'

/** One line an event: ` Container shop-web-1 Created `. The blanks are docker compose's, whose readers split on them. */
export function plain({ out, brief }: Pick<ProgressOptions, 'out' | 'brief'>): Progress {
  const tell = narrator()
  const builds = new Set<string>()
  let planned = 0
  const steps = buildLines(() => planned > 1)
  /** What a build prints comes in pieces that may end within a line. */
  let open = false
  return {
    on(event) {
      if (event.type === 'step' && event.op === 'build-image') builds.add(event.unit.name)
      if (event.type === 'progress') {
        if (event.part !== undefined || !builds.has(event.unit.name)) return
        out.write(cleanLines(event.text).join('\n'))
        open = !event.text.endsWith('\n')
        return
      }
      if (open) out.write('\n')
      open = false
      if (event.type === 'build') {
        out.write(steps(event))
        return
      }
      if (event.type === 'plan')
        planned = event.stages.flatMap(({ outline }) => outline.steps).filter(({ op }) => op === 'build-image').length
      if (event.type === 'plan') out.write(planText(event.stages, paint(false), { brief }))
      else if (event.type === 'problem') out.write(problemText(event.problem, paint(false)))
      else if (event.type === 'build-failed') out.write(buildCard(event, paint(false)))
      else if (event.type === 'container-failed') out.write(failureCard(event, paint(false)))
      else if (event.type === 'finding') out.write(findingText(event.finding, paint(false)))
      const told = tell(event)
      if (told) out.write(`${` ${told.id} ${told.text} ${told.details ?? ''}`.trimEnd()} \n`)
    },
    above: write => write(),
    close: async () => {},
  }
}

/** One object a line, with docker compose's keys and ours beside them. */
export function json(out: NodeJS.WriteStream): Progress {
  const tell = narrator()
  const builds = new Map<string, BuildSteps>()
  return {
    on(event) {
      if (event.type === 'plan') out.write(planLine(event.stages))
      else if (event.type === 'problem') out.write(problemLine(event.problem))
      else if (event.type === 'build') {
        const steps = builds.get(event.unit.name) ?? buildSteps()
        builds.set(event.unit.name, steps)
        const told = buildJson(steps, event)
        if (told) out.write(`${JSON.stringify(told)}\n`)
      } else if (event.type === 'build-failed') {
        const { unit, step, output, omitted } = event
        const told = {
          id: step,
          parent_id: `Image ${unit.name}`,
          status: 'Error',
          text: 'Failed',
          output,
          omitted,
          unit,
        }
        out.write(`${JSON.stringify(told)}\n`)
      } else if (event.type === 'container-failed') {
        const { container, cause, findings, ...rest } = event
        const told = { id: `Container ${container}`, status: 'Error', text: 'Error', details: cause, ...rest }
        out.write(`${JSON.stringify({ ...told, findings: findings.map(findingJson) })}\n`)
      } else if (event.type === 'finding')
        out.write(`${JSON.stringify({ type: 'finding', ...findingJson(event.finding) })}\n`)
      const told = tell(event)
      if (told) out.write(`${JSON.stringify(progressJson(told))}\n`)
    },
    above: write => write(),
    close: async () => {},
  }
}

/** Problems only. */
export function quiet(out: NodeJS.WriteStream): Progress {
  return {
    on(event) {
      if (event.type === 'problem') out.write(problemText(event.problem, paint(false)))
      else if (event.type === 'build-failed') out.write(buildCard(event, paint(false)))
      else if (event.type === 'container-failed') out.write(failureCard(event, paint(false)))
      else if (event.type === 'finding') out.write(findingText(event.finding, paint(false)))
    },
    above: write => write(),
    close: async () => {},
  }
}

function progressJson({ id, status, text, details, unit, op, elapsed, part, current, total }: Told): object {
  return {
    id,
    ...(part !== undefined && unit && { parent_id: `Image ${unit.name}` }),
    status,
    text,
    ...(details !== undefined && { details }),
    ...(current !== undefined && { current }),
    ...(total !== undefined && { total }),
    ...(current !== undefined && total && { percent: Math.min(100, Math.floor((current * 100) / total)) }),
    ...(unit && { unit }),
    ...(op !== undefined && { op }),
    ...(elapsed !== undefined && { elapsed: Math.round(elapsed) }),
  }
}

function planLine(stages: readonly Stage[]): string {
  if (stages.every(stage => stage.outline.changes.length === 0)) return ''
  return `${JSON.stringify({ type: 'plan', ...planJson(stages) })}\n`
}

const problemLine = (problem: Problem) => warningJson(problem)

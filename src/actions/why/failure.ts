import { exitWords } from '../../base/exit-code.ts'
import type { Finding } from '../../diagnose/finding.ts'
import type { Failure, Scene } from '../../diagnose/scene.ts'
import type { ContainerDetail, EngineEvent } from '../../engine/engine.ts'
import { EngineError } from '../../engine/errors.ts'
import { isWaitFailed } from '../../local/perform/wait.ts'
import type { Step } from '../../local/steps.ts'
import { LABEL } from '../../model/names.ts'
import type { Project } from '../../model/project.ts'
import type { Outcome } from '../../plan/execute.ts'
import type { Plan, Planned, Unit } from '../../plan/plan.ts'
import { nowhere, type Origin } from '../../text/origin.ts'
import type { Event, FailureEvent } from '../event.ts'
import { discreet } from './discreet.ts'
import type { ProbeEngine } from './probe.ts'
import { gatherScene, type SceneEngine } from './scene.ts'
import { findings } from './why.ts'

/** Lines of output that are told of a container that failed. */
const lines = 10

export interface FailureOptions {
  readonly engine: SceneEngine & Partial<ProbeEngine>
  readonly project: string
  readonly declared?: Project
  readonly origin?: Origin
  /** What was seen while the plan was carried out. */
  readonly events?: readonly EngineEvent[]
  readonly signal: AbortSignal
}

type Failed = Outcome['failed'][number] & { readonly planned: Planned<Step> }

/** For each container that did not come up, all that is known of why; causes of what failed besides. */
export async function failureEvents(plan: Plan<Step>, outcome: Outcome, options: FailureOptions): Promise<Event[]> {
  const { engine, project, declared, origin = nowhere, events: seen, signal } = options
  const failed = outcome.failed.flatMap(ended => {
    const planned = plan.steps.find(p => p.id === ended.id)
    return planned ? [{ ...ended, planned }] : []
  })
  const subjects = failed.map(one => subjectOf(one, declared))
  const scene = await gatherScene(project, {
    engine,
    subjects,
    ...(declared && { declared }),
    ...(seen && { events: seen }),
    now: Date.now(),
  })
  const causes = await findings(scene, { engine, origin, signal })
  const skipped = new Set(outcome.skipped.map(s => s.id))
  const events = failed.flatMap((one, i) => {
    const subject = scene.subjects[i]!
    const own = causes.filter(finding => finding.container === subject.name)
    if (!subject.container || !containerOf(one)) return []
    return [discreet(cardOf(one, subject, subject.container, own, plan, skipped), subject, declared)]
  })
  const told = new Set(events.flatMap(card => card.findings))
  const cards = together([...new Map(events.map(e => [e.container, e])).values()])
  const others = causes.filter(finding => !told.has(finding) && finding.severity === 'error')
  return [
    ...others.map(finding => ({ type: 'finding' as const, finding })),
    ...cards.toSorted((a, b) => a.waiting.length - b.waiting.length),
  ]
}

/** Of whom an event names a cause, and the first of them: where it is shown, their errors need no hint of their own. */
export function withCauses(event: Event): readonly (readonly [container: string, cause: Finding])[] {
  if (event.type === 'finding') return [[event.finding.container, event.finding]]
  if (event.type !== 'container-failed' || !event.findings[0]) return []
  const [cause] = event.findings
  return [event.container, ...(event.alike ?? [])].map(container => [container, cause])
}

/** Replicas that failed alike are one card: the first of them by name, and the names of the others. */
function together(cards: readonly FailureEvent[]): readonly FailureEvent[] {
  const sorted = cards.toSorted((a, b) => a.container.localeCompare(b.container, 'en', { numeric: true }))
  return [...Map.groupBy(sorted, likeness).values()].map(([first, ...others]) =>
    others.length === 0
      ? first!
      : {
          ...first!,
          alike: others.map(({ container }) => container),
          waiting: [...new Set([first!, ...others].flatMap(({ waiting }) => waiting))],
        },
  )
}

/** What two containers have in common that failed for the same reason; one that has taken no place, and has kept none, by itself. */
export const likeness = ({ service, container, cause, kept, findings }: FailureEvent): string =>
  findings.length === 0 || kept !== undefined || service === ''
    ? container
    : JSON.stringify([service, cause, ...findings.map(({ code }) => code)])

/** Whom a failed step is about: a container, one that was to be made, or the service that wants the image. */
function subjectOf(one: Failed, declared: Project | undefined) {
  const { planned, error } = one
  const { step, unit } = planned
  const container = containerOf(one)
  const failure: Failure = {
    doing: doingOf(step.op),
    message: withOutput(error),
    ...(error instanceof EngineError && error.status !== undefined && { status: error.status }),
    ...(error instanceof EngineError && error.hint !== undefined && { hint: error.hint }),
  }
  return {
    ...(container !== undefined && { container }),
    name: unit.name,
    service:
      'spec' in step && 'image' in step.spec ? (step.spec.labels[LABEL.service] ?? '') : serviceOf(unit, declared),
    failure,
  }
}

/** With the last line that a hook printed. */
const withOutput = (error: unknown): string =>
  error instanceof EngineError && typeof error.cause === 'string' && error.cause !== ''
    ? `${error.message}: ${error.cause}`
    : messageOf(error)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Whose container it was, which may be gone; of an image, the first service that runs it. */
function serviceOf({ kind, name: image, short }: Unit, declared: Project | undefined): string {
  const services = Object.entries(declared?.services ?? {})
  if (kind === 'container')
    return (
      services.find(([name, own]) => own.container_name === image || short.replace(/[-_]\d+$/, '') === name)?.[0] ?? ''
    )
  const user = services.find(([name, { image: own }]) => own === image || image === `${declared?.name}-${name}`)
  return user?.[0] ?? ''
}

function doingOf(op: Step['op']): Failure['doing'] {
  if (op === 'pull-image') return 'pull'
  if (op === 'build-image') return 'build'
  if (op === 'create-container') return 'create'
  if (op.endsWith('-network')) return 'network'
  if (op.endsWith('-volume')) return 'volume'
  if (op === 'run-hook' || op === 'run-to-end') return 'hook'
  return op.startsWith('wait') ? 'wait' : 'start'
}

function containerOf({ planned: { step }, error }: Failed): string | undefined {
  if (isWaitFailed(error)) return error.container || undefined
  // What a container is to do once it has started fails where it has ended meanwhile.
  const starting = step.op === 'start-container' || step.op === 'restart-container'
  return starting || (step.op === 'run-hook' && step.when === 'post_start') ? step.container : undefined
}

function cardOf(
  { planned, error }: Failed,
  { log }: Scene['subjects'][number],
  detail: ContainerDetail,
  causes: readonly Finding[],
  plan: Plan<Step>,
  skipped: ReadonlySet<number>,
): FailureEvent {
  const ended = detail.state === 'exited' || detail.state === 'dead'
  const probe = detail.health?.log.at(-1)
  const command = detail.spec.healthcheck?.test?.slice(1).join(' ') ?? ''
  const kept = planned.unit.kind === 'container' && replaced(planned, plan, skipped)
  return {
    type: 'container-failed',
    container: planned.unit.kind === 'container' ? planned.unit.name : detail.name,
    service: detail.labels[LABEL.service] ?? '',
    cause: causeOf(planned, detail, error),
    findings: causes,
    ...(ended && detail.startedAt > 0 && { exitCode: detail.exitCode }),
    log: log.slice(-lines),
    ...(probe && !ended && { probe: { command, exitCode: probe.exitCode, output: probe.output } }),
    waiting: waitingFor(planned, plan, skipped),
    ...(kept && {
      kept: planned.unit.name,
      hint: `container "${planned.unit.name}" as it was before is stopped and kept: "docker start ${planned.unit.name}" brings it back`,
    }),
  }
}

/** What happened, in a few words: why is told by the causes, where they are known. */
function causeOf({ step }: Planned<Step>, detail: ContainerDetail, error: unknown): string {
  const ended = detail.state === 'exited' || detail.state === 'dead'
  if (ended && (isWaitFailed(error) || step.op === 'run-hook')) return exitWords(detail.exitCode, detail)
  return isWaitFailed(error) ? healthWords(detail, error.message) : messageOf(error)
}

function healthWords({ health, restartCount, state }: ContainerDetail, told: string): string {
  if (state === 'restarting') return `restarting over and over (${restartCount} times)`
  if (health?.status !== 'unhealthy') return told
  return `unhealthy: its health check failed ${health.failingStreak} times in a row`
}

/** Whether the failed container was to take another's place, which has not been removed. */
function replaced(planned: Planned<Step>, plan: Plan<Step>, skipped: ReadonlySet<number>): boolean {
  return plan.steps.some(
    p => p.step.op === 'remove-container' && p.unit.name === planned.unit.name && skipped.has(p.id),
  )
}

/** Those that were to start after it, and now do not. */
function waitingFor(failed: Planned<Step>, plan: Plan<Step>, skipped: ReadonlySet<number>): string[] {
  const behind = new Set([failed.id])
  for (const p of plan.steps) if (p.after.some(id => behind.has(id))) behind.add(p.id)
  const units = plan.steps.filter(
    p => behind.has(p.id) && skipped.has(p.id) && p.step.op === 'start-container' && p.unit.name !== failed.unit.name,
  )
  return [...new Set(units.map(p => p.unit.short))]
}

import type { Step } from '../../local/steps.ts'
import type { Plan, Unit } from '../../plan/plan.ts'
import type { Emit } from '../event.ts'

/** Tells what becomes of a build for each of the images that share it: it is one step, and theirs is a change each. */
export function withSharedBuilds(plan: Plan<Step>, emit: Emit): Emit {
  const images = plan.changes.filter(({ unit }) => unit.kind === 'image').map(({ unit }) => unit)
  const others = new Map<number, readonly Unit[]>()
  for (const { id, unit, step } of plan.steps)
    if (step.op === 'build-image')
      others.set(
        id,
        images.filter(({ name }) => name !== unit.name && step.build.tags.includes(name)),
      )
  return event => {
    emit(event)
    if (event.type === 'step') for (const unit of others.get(event.id) ?? []) emit({ ...event, unit })
  }
}
